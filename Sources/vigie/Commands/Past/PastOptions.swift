import ArgumentParser
import Console
import Domain
import Foundation

/// Which instant a command is to tell of.
struct PastOptions: ParsableArguments {
  @Option(
    parsing: .unconditional,
    help: "As it was at this instant, from the cache: -15m, 03:12 or 2026-08-21T03:12Z, UTC.")
  var at: String?

  /// Nil is now.
  func instant() throws -> Date? {
    guard let at else { return nil }
    return try Self.parse(at, "--at")
  }

  static func parse(_ text: String, _ option: String) throws -> Date {
    let now = Date()
    guard let instant = TimeExpression.instant(text, now: now) else {
      throw ValidationError("\(option): '\(text)' is no time; try -15m, 03:12, 2026-08-21T03:12Z")
    }
    guard instant <= now else { throw ValidationError("\(option): that is in the future") }
    return instant
  }

  /// Ends a command that was asked for an instant of which nothing is known.
  static func check(_ snapshot: FleetSnapshot) throws {
    guard case .gap(let from, let until) = snapshot.recording else { return }
    let start = from.map(WireClock.text) ?? "the beginning"
    let end = until.map(WireClock.text) ?? "now"
    throw StoreErrorText(message: "not recorded: nothing was read between \(start) and \(end)")
  }
}
