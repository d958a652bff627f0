import ArgumentParser
import Domain
import Engine

/// A manual count at once, or other bounds or targets for the autoscaler.
struct ScaleCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "scale", abstract: "Scale a deployment: the plan first, then it is sent once.",
    discussion: """
      --replicas sets a manual count: it holds at once, and the autoscaler is off until 'vigie \
      release'. --min and --max, or --target, change the definition: a new revision rolls out.
      Targets take the place of those there were; when it sleeps stays as it is.

      \(ExitStatus.ofActions)
      """)

  @OptionGroup var subject: WorkloadArgument

  @Option(help: "So many replicas in each region.")
  var replicas: Int?

  @Option(help: "Only in this region; may be given several times. All when left out.")
  var region: [String] = []

  @Option(name: .customLong("min"), help: "The autoscaler's lower bound.")
  var minimum: Int?

  @Option(name: .customLong("max"), help: "The autoscaler's upper bound.")
  var maximum: Int?

  @Option(
    help: ArgumentHelp(
      "What the autoscaler aims at; may be given several times: \(TargetArgument.forms).",
      valueName: "target"))
  var target: [TargetArgument] = []

  @OptionGroup var options: ActionOptions

  func validate() throws { _ = try order() }

  private func order() throws -> ScaleOrder {
    try ScaleOrder(
      replicas: replicas, minimum: minimum, maximum: maximum, regions: region,
      targets: target.map(\.target))
  }

  func run() throws {
    try options.act(on: subject) { session, row in
      let definition = try session.source.detail(of: row.id)?.definition
      return try order().request(row.id, known: definition?.regions ?? row.regions.map(\.region))
    }
  }
}
