import ArgumentParser
import Domain

/// Which deployment a command is about.
struct WorkloadArgument: ParsableArguments {
  @Argument(
    help: "A deployment: its name, app/name, its identifier or 8 letters of it.",
    completion: .workloads)
  var workload: String
}

extension ActionOptions {
  /// Finds the deployment, and carries out what is asked to be done to it.
  func act(
    on subject: WorkloadArgument, _ request: (ActionSession, WorkloadRow) throws -> ActionRequest
  ) throws {
    try connection.inSession { session in
      let row = try session.find(subject.workload)
      try ActionConversation(session: session, options: self)
        .carryOut(try request(session, row))
    }
  }
}
