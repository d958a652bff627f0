import ArgumentParser
import Domain
import Engine

/// A manual count at once, or other bounds for the autoscaler.
struct ScaleCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "scale", abstract: "Scale a deployment: the plan first, then it is sent once.",
    discussion: """
      --replicas sets a manual count: it holds at once, and the autoscaler is off until 'vigie \
      release'. --min and --max change the definition: a new revision rolls out.

      \(ExitStatus.ofActions)
      """)

  @Argument(help: "A deployment: its name, app/name, its identifier or 8 letters of it.")
  var workload: String

  @Option(help: "So many replicas in each region.")
  var replicas: Int?

  @Option(help: "Only in this region; may be given several times. All when left out.")
  var region: [String] = []

  @Option(name: .customLong("min"), help: "The autoscaler's lower bound.")
  var minimum: Int?

  @Option(name: .customLong("max"), help: "The autoscaler's upper bound.")
  var maximum: Int?

  @OptionGroup var options: ActionOptions

  func validate() throws { _ = try order() }

  private func order() throws -> ScaleOrder {
    try ScaleOrder(replicas: replicas, minimum: minimum, maximum: maximum, regions: region)
  }

  func run() throws {
    try ActionCommandBody(workload: workload, options: options).run { session, row in
      let definition = try session.source.detail(of: row.id)?.definition
      return try order().request(row.id, known: definition?.regions ?? row.regions.map(\.region))
    }
  }
}

/// The autoscaler decides again.
struct ReleaseCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "release", abstract: "Release a manual count: the autoscaler decides again.",
    discussion: ExitStatus.ofActions)

  @Argument(help: "A deployment: its name, app/name, its identifier or 8 letters of it.")
  var workload: String

  @OptionGroup var options: ActionOptions

  func run() throws {
    try ActionCommandBody(workload: workload, options: options).run { _, row in
      .releaseOverride(row.id)
    }
  }
}

/// An earlier definition again, as a new revision.
struct RollbackCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "rollback", abstract: "Roll a deployment back: the plan first, then it is sent.",
    discussion: """
      Without --to it goes back to the newest revision that served in health before the present \
      one. The old definition becomes a new revision; 'vigie history' lists them.

      \(ExitStatus.ofActions)
      """)

  @Argument(help: "A deployment: its name, app/name, its identifier or 8 letters of it.")
  var workload: String

  @Option(help: ArgumentHelp("A revision, or 8 letters of it.", valueName: "revision"))
  var to: String?

  @OptionGroup var options: ActionOptions

  func run() throws {
    try ActionCommandBody(workload: workload, options: options).run { session, row in
      .rollBack(row.id, to: try target(try session.revisions(of: row.id), of: row))
    }
  }

  private func target(_ revisions: [RevisionRow], of row: WorkloadRow) throws -> RevisionID {
    guard let to else {
      if let index = RollbackChoice.index(in: revisions) { return revisions[index].revision.id }
      Failures.print("rollback \(row.name): refused, no earlier revision is known")
      throw ExitStatus.refused
    }
    switch RevisionReference.resolve(to, among: revisions) {
    case .found(let id): return id
    case .problem(let sentence):
      Failures.print(sentence)
      throw ExitStatus.usage
    }
  }
}

/// What the commands that act have in common.
struct ActionCommandBody {
  let workload: String
  let options: ActionOptions

  func run(_ request: (ActionSession, WorkloadRow) throws -> ActionRequest) throws {
    Hardening.apply()
    try Failures.reported {
      let session = try ActionSession(connection: options.connection)
      defer { session.close() }
      let row = try session.find(workload)
      try ActionConversation(session: session, options: options)
        .carryOut(try request(session, row))
    }
  }
}
