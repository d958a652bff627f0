/// What changed in what is known of a fleet, as far as it matters for judging it anew.
package struct Touched: Equatable, Sendable {
  /// Of these workloads something changed.
  package var workloads: Set<WorkloadID>
  /// New samples of GPUs came.
  package var accelerators: Bool
  /// Something changed that cannot be told by workload.
  package var everything: Bool

  package init(
    workloads: Set<WorkloadID> = [], accelerators: Bool = false, everything: Bool = false
  ) {
    self.workloads = workloads
    self.accelerators = accelerators
    self.everything = everything
  }

  package static let all = Touched(everything: true)

  package mutating func add(_ other: Touched) {
    workloads.formUnion(other.workloads)
    accelerators = accelerators || other.accelerators
    everything = everything || other.everything
  }
}
