import Domain
import Foundation
import Synchronization

extension Store {
  /// Seconds that the platform's feed is given to tell of a change itself.
  private static let patience = 30.0

  /// Makes scaling events of replica counts that changed between two whole readings and that no
  /// event of the platform's feed tells of.
  ///
  /// Workloads whose revision is changing are left out: their counts go up and down by that.
  ///
  /// A change waits a while before it counts: the feed may be read after the replicas.
  func noteObservedScaling(at: Date) throws(StoreError) {
    let events = model.withLock { model -> [ScalingEvent] in
      var counts: [WorkloadID: [RegionID: Int]] = [:]
      for replica in model.replicas.items where replica.status.isRunning {
        counts[replica.workloadID, default: [:]][replica.region, default: 0] += 1
      }
      let waiting = model.observedChanges.filter { !model.tells(of: $0) }
      let due = waiting.filter { at.timeIntervalSince($0.at) >= Self.patience }
      model.observedChanges =
        waiting.filter { at.timeIntervalSince($0.at) < Self.patience }
        + model.changes(from: model.observedReplicas, to: counts, at: at)
      model.observedReplicas = counts
      return due
    }
    try applyFeed(scaling: events, activities: [])
  }
}

extension FleetModel {
  /// Whether the platform's feed has an event that is this change.
  fileprivate func tells(of change: ScalingEvent) -> Bool {
    scalingEvents.contains {
      $0.workloadID == change.workloadID && ($0.region == change.region || $0.region == nil)
        && abs($0.at.timeIntervalSince(change.at)) < 120
    }
  }

  fileprivate func changes(
    from before: [WorkloadID: [RegionID: Int]]?, to counts: [WorkloadID: [RegionID: Int]], at: Date
  ) -> [ScalingEvent] {
    guard let before else { return [] }
    var events: [ScalingEvent] = []
    for id in Set(before.keys).union(counts.keys) where before[id] != counts[id] {
      guard let workload = workloads[id],
        workload.activeRevisionID == workload.latestRevisionID
      else { continue }
      let old = before[id] ?? [:]
      let new = counts[id] ?? [:]
      for region in Set(old.keys).union(new.keys) where old[region] != new[region] {
        events.append(
          Self.observed(workload, region, from: old[region] ?? 0, to: new[region] ?? 0, at: at))
      }
    }
    return events.sorted { $0.id < $1.id }
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
