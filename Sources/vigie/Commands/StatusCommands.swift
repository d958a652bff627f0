import ArgumentParser
import Console
import Domain
import Foundation
import Store

/// How the fleet stands, for a script's `if`.
struct StatusCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "status", abstract: "Print how the fleet stands.",
    discussion: """
      Exit status: 0 fine; 1 a deployment or a finding is critical or a warning, or nothing could \
      be read; 2 the command line or the configuration is wrong.
      """)

  @Option(name: .shortAndLong, help: "text or json.")
  var output = ActionOptions.Format.text

  @Flag(name: .long, help: "From the cache alone, without a network.")
  var noSync = false

  @OptionGroup var connection: ConnectionOptions

  func run() throws {
    Hardening.apply()
    try Failures.reported {
      let source = try HeadlessSource(connection: connection)
      if !noSync { source.report(try source.sync()) }
      let snapshot = try source.snapshot()
      let export = StatusExport(snapshot)
      print(output == .json ? export.value.json() : export.text)
      let isRead = snapshot.sync.contains { $0.resource == .workloads && $0.completedAt != nil }
      if export.isTroubled || !isRead { throw ExitStatus.failure }
    }
  }
}

/// What whoever comes next must know.
struct HandoverCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "handover", abstract: "Print what the next shift must know.",
    discussion: """
      Open findings, what was done from here with its outcome, what is still rolling out, and \
      the overrides in force.
      """)

  @Option(help: "How many hours back.")
  var hours = 8.0

  @Option(name: .shortAndLong, help: "text or json.")
  var output = ActionOptions.Format.text

  @Flag(name: .long, help: "From the cache alone, without a network.")
  var noSync = false

  @OptionGroup var connection: ConnectionOptions

  func validate() throws {
    guard hours > 0, hours <= 24 * 365 else {
      throw ValidationError("--hours must be above 0 and at most a year")
    }
  }

  func run() throws {
    Hardening.apply()
    try Failures.reported {
      let source = try HeadlessSource(connection: connection)
      if !noSync { source.report(try source.sync()) }
      let snapshot = try source.snapshot()
      let start = snapshot.asOf.addingTimeInterval(-hours * 3600)
      let actions = try Failures.stored { try source.store.journal(limit: 1000) }
        .filter { $0.at >= start }
      let export = HandoverExport(snapshot, actions: actions, since: start)
      print(output == .json ? export.value.json() : export.text)
    }
  }
}

/// The revisions of a deployment.
struct HistoryCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "history", abstract: "Print the revisions of a deployment, newest first.")

  @Argument(help: "A deployment: its name, app/name, its identifier or 8 letters of it.")
  var workload: String

  @Option(name: .shortAndLong, help: "text or json.")
  var output = ActionOptions.Format.text

  @Flag(name: .long, help: "From the cache alone, without a network.")
  var noSync = false

  @OptionGroup var connection: ConnectionOptions

  func run() throws {
    Hardening.apply()
    try Failures.reported {
      let session = try ActionSession(connection: connection)
      defer { session.close() }
      let row =
        noSync ? try session.known(workload, isWhole: true) : try session.find(workload)
      let export = HistoryExport(try session.revisions(of: row.id), now: Date())
      switch output {
      case .json: print(ExportValue.list(export.records).json())
      case .text: print(ExportTable.columns(export.tableRecords, keys: HistoryExport.tableKeys))
      }
    }
  }
}
