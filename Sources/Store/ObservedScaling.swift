import Domain
import Foundation
import Synchronization

extension Store {
  /// Makes scaling events of replica counts that changed between two whole readings and that no
  /// event of the platform's feed tells of.
  ///
  /// Workloads whose revision is changing are left out: their counts go up and down by that.
  func noteObservedScaling(at: Date) throws(StoreError) {
    let events = model.withLock { model -> [ScalingEvent] in
      var counts: [WorkloadID: [RegionID: Int]] = [:]
      for replica in model.replicas.values where replica.status.isRunning {
        counts[replica.workloadID, default: [:]][replica.region, default: 0] += 1
      }
      defer { model.observedReplicas = counts }
      guard let before = model.observedReplicas else { return [] }
      var events: [ScalingEvent] = []
      for id in Set(before.keys).union(counts.keys) where before[id] != counts[id] {
        guard let workload = model.workloads[id],
          workload.activeRevisionID == workload.latestRevisionID
        else { continue }
        let old = before[id] ?? [:]
        let new = counts[id] ?? [:]
        for region in Set(old.keys).union(new.keys) where old[region] != new[region] {
          let isTold = model.scalingEvents.contains {
            $0.workloadID == id && ($0.region == region || $0.region == nil)
              && abs($0.at.timeIntervalSince(at)) < 120
          }
          guard !isTold else { continue }
          events.append(
            Self.observed(workload, region, from: old[region] ?? 0, to: new[region] ?? 0, at: at))
        }
      }
      return events.sorted { $0.id < $1.id }
    }
    try applyFeed(scaling: events, activities: [])
  }

  private static func observed(
    _ workload: Workload, _ region: RegionID, from: Int, to: Int, at: Date
  ) -> ScalingEvent {
    let kind: ScalingEvent.Kind =
      if to == 0 { .slept } else if from == 0 { .woke } else { to > from ? .up : .down }
    return ScalingEvent(
      id: "observed/\(workload.id)/\(region)/\(stamp(at))", at: at, workloadID: workload.id,
      workloadName: workload.name, region: region, from: from, to: to, kind: kind,
      actor: .observed, inferredReason: nil)
  }
}
