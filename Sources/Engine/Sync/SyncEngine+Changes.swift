import Domain
import FoundationEssentials
import Platform
import Store

/// The fast lane of a large fleet: what is known to have changed is read by itself, since a whole
/// sweep takes hundreds of pages.
extension SyncEngine {
  /// At most so many workloads are read in one go.
  private static let batch = 20

  /// Takes the workloads that new entries of the feed are about.
  func noteNamed(_ ids: Set<WorkloadID>) {
    staleRevisions.formUnion(ids)
    if isLarge { staleReplicas.formUnion(ids) }
    hurry(isLarge ? [.revisions] : [.workloads, .replicas, .revisions])
  }

  /// Reads workloads that changed, are rolling out, or have their page open.
  func readStaleWorkloads(also rollingOut: Set<WorkloadID>) async throws {
    let due = rollingOut.union(opened).union(staleReplicas).prefix(Self.batch)
    for id in due {
      try await readWhole(id)
      staleReplicas.remove(id)
    }
  }

  private func readWhole(_ id: WorkloadID) async throws {
    let store = tools.store
    do {
      let workload = try await tools.client.workload(id)
      if try store.workload(id)?.version != workload.version { staleRevisions.insert(id) }
      try store.apply(.workloads([workload]), observedAt: tools.now())
      guard let page = try await tools.client.replicas(of: id, offset: 0).page else { return }
      try store.apply(.replicas(page.items), observedAt: tools.now())
      guard !page.hasMore else { return }
      // One page is one instant: what is not on it is not there.
      let gone = try store.replicaIDs(of: id).subtracting(page.items.map(\.id))
      try store.markGone(gone.map { ObjectID($0) }.sorted(), of: .replicas, at: tools.now())
    } catch PlatformError.notFound {
      let replicas = try store.replicaIDs(of: id)
      try store.markGone([ObjectID(id)], of: .workloads, at: tools.now())
      try store.markGone(replicas.map { ObjectID($0) }.sorted(), of: .replicas, at: tools.now())
    }
  }
}
