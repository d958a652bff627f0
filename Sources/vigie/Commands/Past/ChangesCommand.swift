import ArgumentParser
import Console
import Domain
import Engine
import Foundation
import Store
import Terminal

/// What differs between two instants.
struct ChangesCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "changes", abstract: "Print what differs between two instants.")

  @Argument(help: "A deployment's name; all when it is left out.", completion: .workloads)
  var deployment: String?

  @Option(
    parsing: .unconditional, help: "The earlier instant: -1h, 03:12 or 2026-08-21T03:12Z, UTC.")
  var since = "-1h"

  @Option(parsing: .unconditional, help: "The later instant.")
  var until = "now"

  @Option(name: .shortAndLong, help: "table or json.")
  var output = "table"

  @OptionGroup var connection: ConnectionOptions

  func run() throws {
    Hardening.apply()
    try Failures.reported {
      let source = try HeadlessSource(connection: connection)
      let from = try PastOptions.parse(since, "--since")
      let to = try PastOptions.parse(until, "--until")
      let feed = PastFeed(store: source.store, rules: source.rules)
      let end = try Failures.stored { try feed.snapshot(at: to) }
      try PastOptions.check(end)
      try PastOptions.check(try Failures.stored { try feed.snapshot(at: from) })
      var id: WorkloadID?
      if let deployment {
        id = end.workloads.first { $0.name == deployment }?.id
        guard id != nil else {
          Failures.print("no deployment is named '\(deployment)'")
          throw ExitStatus.usage
        }
      }
      let changes = try Failures.stored { try feed.changes(from: from, to: to, of: id) } ?? []
      guard output == "json" else {
        for change in changes { print(Sanitizer.clean("\(change.subject)  \(change.text)")) }
        return
      }
      let records = changes.map { change in
        ExportValue.object([
          .init("deployment", .text(change.subject)), .init("what", .text(change.what)),
          .init("from", .optional(change.old) { .text($0) }),
          .init("to", .optional(change.new) { .text($0) }),
        ])
      }
      print(ExportValue.list(records).json())
    }
  }
}
