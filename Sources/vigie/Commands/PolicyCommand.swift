import ArgumentParser
import Console
import Domain
import Foundation

/// Which rules hold, and why.
struct PolicyCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "policy", abstract: "Print which policies hold for a deployment, and why.",
    discussion: """
      Without a deployment: every policy, what is frozen now, and the jurisdiction of each region. \
      Policies stand in config.toml as [[policy]]. Exit status: 0, or 2 when they cannot be read; \
      then every action is refused.
      """)

  @Argument(help: "A deployment: its name, app/name, its identifier or 8 letters of it.")
  var workload: String?

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
      let id = try workload.map {
        noSync ? try session.known($0, isWhole: true).id : try session.find($0).id
      }
      if id == nil, !noSync { session.source.report(try session.source.sync()) }
      let report = PolicyPicture(
        book: session.source.rules().policies, snapshot: try session.source.snapshot()
      ).report(of: id, at: Date())
      switch output {
      case .json: print(PolicyExport(report).value.json())
      case .text: print(PolicyLines(report).text)
      }
      guard let defect = report.defect else { return }
      Failures.print(defect)
      throw ExitStatus.usage
    }
  }
}
