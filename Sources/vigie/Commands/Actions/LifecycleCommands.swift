import ArgumentParser
import Domain

/// The latest definition again, as a new revision.
struct RestartCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "restart", abstract: "Restart a deployment: its latest definition again.",
    discussion: """
      A new revision rolls out, and serves when it is healthy; a saved draft is deployed by it.

      \(ExitStatus.ofActions)
      """)

  @OptionGroup var subject: WorkloadArgument
  @OptionGroup var options: ActionOptions

  func run() throws { try options.act(on: subject) { _, row in .restart(row.id) } }
}

/// Every replica stopped, until it is resumed.
struct PauseCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "pause", abstract: "Pause a deployment: every replica stops.",
    discussion: """
      What serves is dangerous to pause, and needs --confirm NAME. 'vigie resume' ends it.

      \(ExitStatus.ofActions)
      """)

  @OptionGroup var subject: WorkloadArgument
  @OptionGroup var options: ActionOptions

  func run() throws { try options.act(on: subject) { _, row in .pause(row.id) } }
}

/// The end of a pause.
struct ResumeCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "resume", abstract: "Resume a deployment that is paused, as a new revision.",
    discussion: ExitStatus.ofActions)

  @OptionGroup var subject: WorkloadArgument
  @OptionGroup var options: ActionOptions

  func run() throws { try options.act(on: subject) { _, row in .resume(row.id) } }
}

/// The end of a rollout that does not serve yet.
struct CancelCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "cancel", abstract: "Cancel a rollout that does not serve yet.",
    discussion: """
      Without --revision it is the latest revision, if that is rolling out.

      \(ExitStatus.ofActions)
      """)

  @OptionGroup var subject: WorkloadArgument

  @Option(help: ArgumentHelp("A revision, or 8 letters of it.", valueName: "revision"))
  var revision: String?

  @OptionGroup var options: ActionOptions

  func run() throws {
    try options.act(on: subject) { session, row in
      .cancelRollout(row.id, try target(try session.revisions(of: row.id), of: row))
    }
  }

  private func target(_ revisions: [RevisionRow], of row: WorkloadRow) throws -> RevisionID {
    if let revision { return try RevisionReference.id(of: revision, among: revisions) }
    let latest = revisions.first { $0.revision.status != .stashed }?.revision
    if let latest, latest.status.isRollingOut { return latest.id }
    let reason =
      latest.map { "the latest revision \($0.id.short) is \($0.statusText.lowercased())" }
      ?? "no revision is known"
    Failures.print("cancel \(row.name): refused, nothing rolls out: \(reason)")
    throw ExitStatus.refused
  }
}
