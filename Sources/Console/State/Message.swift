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
  case planned(ActionPlan)
  case performed(WorkloadID, ActionOutcome)
}

/// What the console wants done elsewhere; values, so that a test can compare them.
package enum Effect: Equatable, Sendable {
  case watchWorkload(WorkloadID)
  case stopWatching
  case plan(ActionRequest)
  case perform(ActionPlan, Confirmation)
  case refresh
  case focus([WorkloadID])
  case repaint
  case quit
}
