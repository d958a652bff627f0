package import Domain
package import FoundationEssentials
package import Terminal

/// Everything that can happen to the console.
package enum Message: Sendable {
  case key(Key)
  case paste(String)
  case resized(Size)
  case tick(Date)
  case fleet(FleetSnapshot)
  case detail(WorkloadDetail)
  case past(PastPicture)
  case timeline(Timeline)
  case changes(from: Date, to: Date, Result<[FleetChange], HistoryProblem>)
  /// One thing to say at the bottom.
  case told(String, Role)
  case planned(ActionPlan)
  case policy(PolicyReport)
  case performed(WorkloadID, ActionOutcome)
  /// Which console reads the platform.
  case duty(SyncDuty)
  case plannedAll([ActionPlan])
  case progressed(BulkProgress)

  /// Whether a person asked for it and waits; what only goes on by itself is no answer.
  var isAnswer: Bool {
    switch self {
    case .key, .paste, .resized, .past, .changes, .told, .planned, .performed, .plannedAll,
      .progressed, .duty, .policy:
      true
    case .tick, .fleet, .detail, .timeline: false
    }
  }
}

/// What the console wants done elsewhere; values, so that a test can compare them.
package enum Effect: Equatable, Sendable {
  case watchWorkload(WorkloadID)
  case stopWatching
  /// The picture of an instant, with one deployment's page.
  case look(Date, WorkloadID?)
  case stopLooking
  case readTimeline(ClosedRange<Date>)
  case compare(Date, Date, WorkloadID?)
  case incident(IncidentCommand)
  case plan(ActionRequest, waiver: Waiver? = nil)
  case readPolicy(WorkloadID?)
  case perform(ActionPlan, Confirmation)
  case planAll([ActionRequest])
  /// One after the other, in this order.
  case performAll([ActionPlan], Confirmation, BulkPlan.OnError)
  /// No further one is begun.
  case stopAll
  case refresh
  case focus([WorkloadID])
  case repaint
  case quit
}
