import ArgumentParser
import Console
import Foundation
import Store

/// Writes a part of the cache to a file that can be handed over.
struct RecordCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "record", abstract: "Write what is known of a span to a file for replay.",
    discussion: "The file holds no secret: the cache holds none.")

  @Argument(help: "The file to write; it must not be there yet.")
  var file: String

  @Option(parsing: .unconditional, help: "From when on.")
  var since = "-2h"

  @Option(parsing: .unconditional, help: "Until when; the newest when it is left out.")
  var until: String?

  @OptionGroup var connection: ConnectionOptions

  func run() throws {
    Hardening.apply()
    try Failures.reported {
      guard !FileManager.default.fileExists(atPath: file) else {
        Failures.print("\(file) is there already; choose another name")
        throw ExitStatus.usage
      }
      let source = try HeadlessSource(connection: connection)
      let now = Date()
      let from = try PastOptions.parse(since, "--since")
      guard let known = try Failures.stored({ try source.store.recordedSpan() }),
        known.upperBound > from
      else {
        throw StoreErrorText(message: "nothing is recorded of that time; run the console first")
      }
      let wanted = try until.map { try PastOptions.parse($0, "--until") } ?? known.upperBound
      guard wanted > from else {
        Failures.print("--until must be later than --since")
        throw ExitStatus.usage
      }
      let span = max(from, known.lowerBound)...max(min(wanted, known.upperBound), from)
      try Failures.stored { try source.store.record(to: file, span: span, writtenAt: now) }
      print(
        "\(file): \(WireClock.text(span.lowerBound)) to \(WireClock.text(span.upperBound)); "
          + "open it with 'vigie replay \(file)'")
    }
  }
}
