package import Domain
package import FoundationEssentials

/// What was known at an instant, or why that cannot be told.
package struct PastPicture: Sendable {
  package var instant: Date
  package var snapshot: FleetSnapshot?
  package var detail: WorkloadDetail?
  package var problem: String?

  package init(
    instant: Date, snapshot: FleetSnapshot?, detail: WorkloadDetail? = nil, problem: String? = nil
  ) {
    self.instant = instant
    self.snapshot = snapshot
    self.detail = detail
    self.problem = problem
  }
}
