import ArgumentParser
import Console
import Domain
import Foundation
import Store

/// What happened, on one line.
struct TimelineCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "timeline", abstract: "Print what happened, oldest first.")

  @Argument(help: "Words that must all be found: a kind, a deployment, region:fra.")
  var words: [String] = []

  @Option(parsing: .unconditional, help: "From when on.")
  var since = "-1h"

  @OptionGroup var connection: ConnectionOptions

  func run() throws {
    Hardening.apply()
    try Failures.reported {
      let source = try HeadlessSource(connection: connection)
      let from = try PastOptions.parse(since, "--since")
      let timeline = try Failures.stored { try source.store.timeline(in: from...Date()) }
      let list = TimelineList(
        filter: words.joined(separator: " "), span: timeline.span, timeline: timeline)
      for entry in list.entries.reversed() { print(list.text(of: entry)) }
    }
  }
}
