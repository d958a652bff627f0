import ArgumentParser
import Console
import Domain
import Foundation
import Store

/// What happened, on one line.
struct TimelineCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "timeline", abstract: "Print what happened, oldest first.",
    discussion: """
      Filters are those of the console: every word must be found, and of several kinds, workloads \
      or regions one.
      """)

  @Argument(help: "Words that must all be found; kind:scaling, workload:chat and region:fra too.")
  var words: [String] = []

  @Option(help: "Only this kind: \(Self.kinds). May be given several times.")
  var kind: [String] = []

  @Option(help: "Only of deployments with this in their name. May be given several times.")
  var workload: [String] = []

  @Option(help: "Only what concerns this region alone. May be given several times.")
  var region: [String] = []

  @Option(parsing: .unconditional, help: "From when on.")
  var since = "-1h"

  @Option(name: .shortAndLong, help: "table, json or csv.")
  var output = GetCommand.Format.table

  @OptionGroup var connection: ConnectionOptions

  private static var kinds: String {
    TimelineEntry.Kind.allCases.map(\.rawValue).joined(separator: ", ")
  }

  private var filter: TimelineFilter {
    var filter = TimelineFilter(words.joined(separator: " "))
    for value in kind { filter.add(.kind, value) }
    for value in workload { filter.add(.workload, value) }
    for value in region { filter.add(.region, value) }
    return filter
  }

  func run() throws {
    Hardening.apply()
    try Failures.reported {
      let filter = filter
      if let problem = filter.problem {
        Failures.print(problem)
        throw ExitStatus.usage
      }
      let source = try HeadlessSource(connection: connection)
      let from = try PastOptions.parse(since, "--since")
      let timeline = try Failures.stored { try source.store.timeline(in: from...Date()) }
      if timeline.isCut {
        Failures.print("older entries are left out: a later --since has less to list")
      }
      let records = TimelineExport(timeline.entries.filter(filter.matches)).records
      switch output {
      case .json: print(ExportValue.list(records).json())
      case .csv: print(ExportTable.csv(records))
      case .table: print(ExportTable.columns(records, keys: TimelineExport.tableKeys))
      }
    }
  }
}
