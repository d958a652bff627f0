package import Domain
package import Foundation
import GRDB
import Synchronization

extension Store {
  /// Reads what is current into memory, once; safe to call before every use.
  func load() throws(StoreError) {
    guard !model.withLock({ $0.isLoaded }) else { return }
    let name = model.withLock { $0.contextName }
    var loaded = try read { try StateReader($0).model(contextName: name) }
    if let pulse = access.withLock({ $0.pulse }) { _ = loaded.take(pulse) }
    model.withLock { model in
      guard !model.isLoaded else { return }
      model = loaded
    }
  }

  /// Everything that is known now, or that was known at an instant of the past.
  package func facts(asOf instant: Date? = nil, now: Date) throws(StoreError) -> FleetFacts {
    if let instant { return try pastFacts(at: instant) }
    let journal = try self.journal(limit: 50)
    try load()
    var facts = model.withLock { $0.facts(asOf: now, journal: journal) }
    facts.incident = try incidents().first { $0.endedAt == nil }
    return facts
  }

  /// More of one workload: its revisions, how long each served, and its events.
  ///
  /// As far as was known at an instant, when one is given.
  package func workloadFacts(
    of id: WorkloadID, asOf instant: Date? = nil
  ) throws(StoreError) -> WorkloadFacts {
    let limit = instant ?? .distantFuture
    let entries = try journal(limit: 200).filter { $0.workloadID == id && $0.at <= limit }
    var facts = try read { try StateReader($0).workloadFacts(of: id, asOf: limit) }
    facts.journal = entries
    return facts
  }

  /// How the sync of each resource stands.
  package func syncStates() throws(StoreError) -> [SyncState] {
    try load()
    return model.withLock { model in SyncResource.allCases.compactMap { model.sync[$0] } }
  }

  /// Where GPU numbers come from, with the time they were last read.
  package func metricsSource() throws(StoreError) -> MetricsSourceState {
    try load()
    return model.withLock { $0.metricsSource }
  }

  package func workload(_ id: WorkloadID) throws(StoreError) -> Workload? {
    try load()
    return model.withLock { $0.workloads[id] }
  }

  package func revisionIsKnown(_ id: RevisionID) throws(StoreError) -> Bool {
    try load()
    return model.withLock { $0.revisions[id] != nil }
  }

  package func currentWorkloads() throws(StoreError) -> [Workload] {
    try load()
    return model.withLock { $0.workloads.items }
  }

  /// Workloads of which a revision is on its way.
  package func rollingOut() throws(StoreError) -> Set<WorkloadID> {
    try load()
    return model.withLock { model in
      var found: Set<WorkloadID> = []
      // By place: an item is dear to copy, and this is asked for every few seconds.
      for place in model.revisions.items.indices
      where model.revisions.items[place].status.isRollingOut {
        found.insert(model.revisions.items[place].workloadID)
      }
      return found
    }
  }

  package func replicaIDs(of id: WorkloadID) throws(StoreError) -> Set<ReplicaID> {
    try load()
    return model.withLock { model in
      var found: Set<ReplicaID> = []
      for place in model.replicas.items.indices
      where model.replicas.items[place].workloadID == id {
        found.insert(model.replicas.items[place].id)
      }
      return found
    }
  }

  /// Workloads whose counts are set by hand.
  package func overridden() throws(StoreError) -> [WorkloadID] {
    try load()
    return model.withLock { $0.overrides.filter { !$0.value.isEmpty }.map(\.key) }
  }

  package func hasTraffic(of id: WorkloadID) throws(StoreError) -> Bool {
    try load()
    return model.withLock { $0.traffic[id]?.isEmpty == false }
  }

  package func isKnownFeedEntry(_ id: String) throws(StoreError) -> Bool {
    try load()
    return model.withLock { $0.feedIDs.contains(id) }
  }
}
