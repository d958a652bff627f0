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

  @OptionGroup var reading: ReadingOptions

  func run() throws {
    try reading.onSnapshot { _, snapshot in
      let export = StatusExport(snapshot)
      print(reading.output == .json ? export.value.json() : export.text)
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

  @OptionGroup var reading: ReadingOptions

  func validate() throws {
    guard hours > 0, hours <= 24 * 365 else {
      throw ValidationError("--hours must be above 0 and at most a year")
    }
  }

  func run() throws {
    try reading.onSnapshot { source, snapshot in
      let start = snapshot.asOf.addingTimeInterval(-hours * 3600)
      let actions = try Failures.stored { try source.store.journal(limit: 1000) }
        .filter { $0.at >= start }
      let export = HandoverExport(snapshot, actions: actions, since: start)
      print(reading.output == .json ? export.value.json() : export.text)
    }
  }
}

/// The revisions of a deployment.
struct HistoryCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "history", abstract: "Print the revisions of a deployment, newest first.")

  @OptionGroup var subject: WorkloadArgument

  @OptionGroup var reading: ReadingOptions

  func run() throws {
    try reading.connection.inSession { session in
      let name = subject.workload
      let row =
        reading.noSync ? try session.known(name, isWhole: true) : try session.find(name)
      let export = HistoryExport(try session.revisions(of: row.id), now: Date())
      switch reading.output {
      case .json: print(ExportValue.list(export.records).json())
      case .text: print(ExportTable.columns(export.tableRecords, keys: HistoryExport.tableKeys))
      }
    }
  }
}
