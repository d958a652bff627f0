import ArgumentParser
import Domain
import Engine

/// An earlier definition again, as a new revision.
struct RollbackCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "rollback", abstract: "Roll a deployment back: the plan first, then it is sent.",
    discussion: """
      Without --to it goes back to the newest revision that served in health before the present \
      one. The old definition becomes a new revision; 'vigie history' lists them.

      \(ExitStatus.ofActions)
      """)

  @OptionGroup var subject: WorkloadArgument

  @Option(help: ArgumentHelp("A revision, or 8 letters of it.", valueName: "revision"))
  var to: String?

  @OptionGroup var options: ActionOptions

  func run() throws {
    try options.act(on: subject) { session, row in
      .rollBack(row.id, to: try target(try session.revisions(of: row.id), of: row))
    }
  }

  private func target(_ revisions: [RevisionRow], of row: WorkloadRow) throws -> RevisionID {
    guard let to else {
      if let index = RollbackChoice.index(in: revisions) { return revisions[index].revision.id }
      Failures.print("rollback \(row.name): refused, no earlier revision is known")
      throw ExitStatus.refused
    }
    return try RevisionReference.id(of: to, among: revisions)
  }
}
