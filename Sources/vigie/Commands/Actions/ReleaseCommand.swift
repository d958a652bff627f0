import ArgumentParser
import Domain

/// The autoscaler decides again.
struct ReleaseCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "release", abstract: "Release a manual count: the autoscaler decides again.",
    discussion: ExitStatus.ofActions)

  @OptionGroup var subject: WorkloadArgument

  @OptionGroup var options: ActionOptions

  func run() throws {
    try options.act(on: subject) { _, row in
      .releaseOverride(row.id)
    }
  }
}
