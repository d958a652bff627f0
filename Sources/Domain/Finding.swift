package import FoundationEssentials

/// Something wrong or wasteful, derived by rule from what is known.
package struct Finding: Equatable, Sendable, Codable {
  package enum Severity: Int, Sendable, Codable, Comparable {
    case critical = 0
    case warning = 1
    case information = 2

    package static func < (left: Self, right: Self) -> Bool { left.rawValue < right.rawValue }
  }

  package enum Kind: String, Sendable, Codable {
    case failingRollout = "failing_rollout"
    case unhealthy
    case pinnedAtMaximum = "pinned_at_maximum"
    case flapping
    case idleAccelerators = "idle_accelerators"
    case acceleratorErrors = "accelerator_errors"
    case staleSource = "stale_source"
    case unknownOutcome = "unknown_outcome"
    /// It runs, or is defined, where a policy does not let it be.
    case residency
    /// The policies cannot be read: nothing may be changed.
    case policyDefect = "policy_defect"
    case budget
    /// The currency that is asked for has no rate.
    case currency
  }

  /// The action that helps; the console turns it into a key.
  package enum Remedy: String, Sendable, Codable {
    case rollBack = "roll_back"
    case scale
    case open
    case refresh
    case costs
  }

  /// Stable while the finding lasts: kind and subject.
  package let id: String
  package let severity: Severity
  package let kind: Kind
  package let workloadID: WorkloadID?
  /// Workload or source name.
  package let subject: String
  package let region: RegionID?
  /// What is the matter, in a few words without the subject's name.
  package let summary: String
  package let since: Date?
  /// Money burnt since it began; an estimate.
  package let burnt: Money?
  package let remedy: Remedy

  package init(
    id: String, severity: Severity, kind: Kind, workloadID: WorkloadID?, subject: String,
    region: RegionID?, summary: String, since: Date?, burnt: Money?, remedy: Remedy
  ) {
    self.id = id
    self.severity = severity
    self.kind = kind
    self.workloadID = workloadID
    self.subject = subject
    self.region = region
    self.summary = summary
    self.since = since
    self.burnt = burnt
    self.remedy = remedy
  }
}
