import ArgumentParser
import Console
import Domain
import Foundation
import Store

/// The console on a recording: no network, no actions, a clock that can stop.
struct ReplayCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "replay", abstract: "Open a recording in the console.",
    discussion: "space stops and goes on, arrows step, , and . go from event to event.")

  @Argument(help: "A file that 'vigie record' wrote.")
  var file: String

  @Option(help: "Seconds that pass in one.")
  var speed = 10.0

  @Option(
    parsing: .unconditional,
    help: "Where to begin: 03:12 or 2026-08-21T03:12Z, UTC; its start when left out.")
  var from: String?

  @OptionGroup var appearance: AppearanceOptions
  @OptionGroup var careful: ReadOnlyOption

  func validate() throws {
    guard speed > 0, speed <= 10_000 else {
      throw ValidationError("--speed must be above 0 and at most 10000")
    }
  }

  func run() throws {
    Hardening.apply()
    try Failures.reported {
      let setup = try Setup.load(environment: ProcessInfo.processInfo.environment)
      let store = try Failures.stored { try Store(recordingAt: file) }
      guard let span = try Failures.stored({ try store.recordedSpan() }) else {
        throw StoreErrorText(message: "\(file) holds no readings")
      }
      var start = span.lowerBound
      if let from {
        guard let instant = TimeExpression.instant(from, now: span.upperBound),
          span.contains(instant)
        else {
          Failures.print(
            "--from must be between \(WireClock.text(span.lowerBound)) and "
              + WireClock.text(span.upperBound))
          throw ExitStatus.usage
        }
        start = instant
      }
      var session = try ConsoleSession(
        contextName: store.contextName, isReadOnly: true, appearance: appearance, setup: setup,
        log: nil)
      session.replaySpeed = speed
      var past = PastState(instant: start, live: nil, liveNow: span.upperBound)
      past.span = span
      past.speed = speed
      let now: @Sendable () -> Date = { Date() }
      var services = ConsoleServices.still(now: now)
      services.history =
        HistoryServices(
          store: store, rules: setup.rules, folder: setup.paths.exports,
          contextName: store.contextName, now: now
        ).services
      let source = ConsoleSession.Source(services: services, run: {}, close: {})
      try session.run(head: nil, now: Date(), past: past) { source }
    }
  }
}
