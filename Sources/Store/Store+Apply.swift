package import Domain
package import Foundation
import GRDB
import Synchronization

/// A page of one list, to be remembered as one transaction.
package enum PageContent: Sendable {
  case apps([App])
  case workloads([Workload])
  case revisions([Revision])
  case replicas([Replica])

  package var resource: SyncResource {
    switch self {
    case .apps: .apps
    case .workloads: .workloads
    case .revisions: .revisions
    case .replicas: .replicas
    }
  }
}

/// What a page did to the cache.
package struct ApplyResult: Equatable, Sendable {
  package var inserted = 0
  package var updated = 0
  package var unchanged = 0
  /// Older than what was known, and left aside.
  package var stale = 0
}

extension Store {
  /// Remembers a page.
  ///
  /// Nothing is written for what is unchanged.
  @discardableResult
  package func apply(_ page: PageContent, observedAt: Date) throws(StoreError) -> ApplyResult {
    try load()
    let result =
      switch page {
      case .apps(let items):
        try merge(items, .app, \.apps, observedAt, id: \.id)
      case .workloads(let items):
        try merge(
          items, .workload, \.workloads, observedAt, id: \.id,
          isOlder: { new, old in
            guard let before = old.version, let after = new.version else { return false }
            return after < before
          })
      case .revisions(let items):
        try merge(
          items, .revision, \.revisions, observedAt, id: \.id, owner: { $0.workloadID.rawValue },
          isOlder: { new, old in
            guard let before = old.version, let after = new.version else { return false }
            return after < before
          })
      case .replicas(let items):
        try merge(
          items, .replica, \.replicas, observedAt, id: \.id,
          isOlder: { new, old in
            guard let before = old.updatedAt, let after = new.updatedAt else { return false }
            return after < before
          })
      }
    if result.inserted + result.updated > 0 { ring(touching: Self.touched(by: page)) }
    return result
  }

  /// A page in which something changed touches all that are on it: a hundred at most.
  ///
  /// GPUs are shown with the replica and the workload that have them.
  private static func touched(by page: PageContent) -> Touched {
    switch page {
    case .apps: .all
    case .workloads(let items): Touched(workloads: Set(items.map(\.id)), accelerators: true)
    case .revisions(let items): Touched(workloads: Set(items.map(\.workloadID)))
    case .replicas(let items):
      Touched(workloads: Set(items.map(\.workloadID)), accelerators: true)
    }
  }

  private func merge<Item: Packed, Subject, Table: ItemTable<Identifier<Subject>, Item>>(
    _ items: [Item], _ kind: StateKind, _ path: any WritableKeyPath<FleetModel, Table> & Sendable,
    _ at: Date, id: (Item) -> Identifier<Subject>, owner: (Item) -> String? = { _ in nil },
    isOlder: (_ new: Item, _ old: Item) -> Bool = { _, _ in false }
  ) throws(StoreError) -> ApplyResult {
    var result = ApplyResult()
    var changed: [Item] = []
    let resource = PageContent.resource(of: kind)
    model.withLock { model in
      for item in items {
        let key = id(item)
        model.sweeps[resource]?.seen.insert(ObjectID(key))
        guard let known = model[keyPath: path][key] else {
          result.inserted += 1
          changed.append(item)
          continue
        }
        if known == item {
          result.unchanged += 1
        } else if isOlder(item, known) {
          result.stale += 1
          model.staleAnswers += 1
        } else {
          result.updated += 1
          changed.append(item)
        }
      }
    }
    guard !changed.isEmpty else { return result }
    let rows = try changed.map { item throws(StoreError) in
      try PendingRow(kind, id: id(item).rawValue, owner: owner(item), item, at: stamp(at))
    }
    // What is kept is what will be read back, with its texts shared with those of others.
    let kept: [Item]
    do {
      kept = try pools.withLock { pools in
        try rows.map { try Item(payload: $0.payload, pools: pools) }
      }
    } catch { throw .failed("a row cannot be read back") }
    // Seen at once; on disk with the pages around it, since a small transaction is a dear one.
    let isAmongMany = model.withLock { model in
      for item in kept { model[keyPath: path][id(item)] = item }
      return model.sweeps[resource] != nil
    }
    let (waiting, oldest) = pending.withLock { pending in
      pending += rows
      return (pending.count, pending.first?.at ?? .max)
    }
    // Who reads beside this process sees what is on disk: a long sweep must not keep it back.
    let isLate = stamp(at) - oldest >= Self.longestWait
    if !isAmongMany || waiting >= Self.batchSize || isLate { try flush() }
    return result
  }

  /// Ends what is known to be gone: the platform said so itself.
  package func markGone(_ ids: [ObjectID], of resource: SyncResource, at: Date) throws(StoreError) {
    guard let kind = resource.stateKind, !ids.isEmpty else { return }
    try write(ChangeNote(states: stamp(at))) { database in
      let writer = StateWriter(database: database, at: stamp(at))
      for id in ids { try writer.end(kind, id: id.rawValue) }
    }
    model.withLock { model in
      for id in ids { model.forget(id, of: resource) }
    }
    ring()
  }

  // MARK: - Sweeps

  /// Begins to note what a whole pass over a list sees.
  package func beginSweep(_ resource: SyncResource, generation: Int64) throws(StoreError) {
    try load()
    model.withLock { $0.sweeps[resource] = FleetModel.Sweep(generation: generation) }
  }

  /// Notes what is on a page that was not read again because it is the same as before.
  package func noteSeen(_ ids: [ObjectID], of resource: SyncResource) {
    model.withLock { model in
      for id in ids { model.sweeps[resource]?.seen.insert(id) }
    }
  }

  /// Ends a whole pass.
  ///
  /// What neither it nor the one before saw is gone.
  ///
  /// Lists are read by offset and shift while they are read: one miss proves nothing.
  package func completeSweep(
    _ resource: SyncResource, generation: Int64, at: Date, interval: Duration
  ) throws(StoreError) {
    let gone = model.withLock { model -> [ObjectID] in
      guard let sweep = model.sweeps[resource], sweep.generation == generation else { return [] }
      model.sweeps[resource] = nil
      let unseen = model.known(resource).subtracting(sweep.seen)
      let before = model.missing[resource] ?? []
      model.missing[resource] = unseen.subtracting(before)
      return unseen.intersection(before).sorted()
    }
    try flush()
    try markGone(gone, of: resource, at: at)
    if resource == .workloads { try extendCoverage(at: at, interval: interval) }
    if resource == .replicas { try noteObservedScaling(at: at) }
    try setSync(
      SyncState(resource: resource, completedAt: at, interval: interval), at: at)
  }

  /// Notes that a pass did not end; it removes nothing.
  package func failSweep(
    _ resource: SyncResource, failure: String, retryAt: Date?, at: Date, interval: Duration
  ) throws(StoreError) {
    try load()
    let before = model.withLock { model in
      model.sweeps[resource] = nil
      return model.sync[resource]
    }
    // That the rows cannot be written may be the very failure: it is shown all the same.
    let unwritten: StoreError?
    do {
      try flush()
      unwritten = nil
    } catch { unwritten = error }
    defer { ring(isContent: false) }
    try setSync(
      SyncState(
        resource: resource, completedAt: before?.completedAt, interval: interval,
        failure: failure, retryAt: retryAt), at: at)
    if let unwritten { throw unwritten }
  }

  /// Shows how far a pass has come; not written down.
  package func setProgress(
    _ progress: SyncState.Progress?, of resource: SyncResource, interval: Duration
  ) {
    model.withLock { model in
      var state = model.sync[resource] ?? SyncState(resource: resource, interval: interval)
      state.progress = progress
      model.sync[resource] = state
    }
    publish()
    ring(isContent: false)
  }

  /// A time of completion alone is not written each time: a minute's loss of an age at the next
  /// start is worth fewer writes.
  func setSync(_ state: SyncState, at: Date) throws(StoreError) {
    let before = model.withLock { model in
      let before = model.sync[state.resource]
      model.sync[state.resource] = state
      return before
    }
    publish()
    let written = model.withLock { $0.syncWrittenAt[state.resource] } ?? .distantPast
    let isNews = before == nil || before?.failure != state.failure
    if isNews || at.timeIntervalSince(written) >= 60 {
      model.withLock { $0.syncWrittenAt[state.resource] = at }
      try write { database in
        try database.execute(
          sql: "INSERT OR REPLACE INTO sync (resource, payload) VALUES (?, ?)",
          arguments: [state.resource.rawValue, try JSONEncoder().encode(state)])
        if isNews {
          try database.execute(
            sql: "INSERT OR REPLACE INTO sync_run (at, resource, failure) VALUES (?, ?, ?)",
            arguments: [stamp(at), state.resource.rawValue, state.failure])
        }
      }
    }
    ring(isContent: false)
  }
}

extension PageContent {
  static func resource(of kind: StateKind) -> SyncResource {
    switch kind {
    case .app: .apps
    case .workload: .workloads
    case .revision: .revisions
    case .replica: .replicas
    case .overrides: .overrides
    case .catalogue: .catalogue
    case .quotas: .quotas
    case .accelerator, .metricsSource, .finding: .accelerators
    }
  }
}

extension SyncResource {
  var stateKind: StateKind? {
    switch self {
    case .apps: .app
    case .workloads: .workload
    case .revisions: .revision
    case .replicas: .replica
    case .overrides: .overrides
    case .catalogue: .catalogue
    case .quotas: .quotas
    case .activities, .usages, .traffic, .accelerators: nil
    }
  }
}

extension FleetModel {
  func known(_ resource: SyncResource) -> Set<ObjectID> {
    switch resource {
    case .apps: Set(apps.keys.map { ObjectID($0) })
    case .workloads: Set(workloads.keys.map { ObjectID($0) })
    case .replicas: Set(replicas.keys.map { ObjectID($0) })
    case .revisions, .overrides, .catalogue, .quotas, .activities, .usages, .traffic,
      .accelerators:
      []
    }
  }

  mutating func forget(_ id: ObjectID, of resource: SyncResource) {
    switch resource {
    case .apps: apps[AppID(id)] = nil
    case .workloads:
      workloads[WorkloadID(id)] = nil
      traffic[WorkloadID(id)] = nil
      overrides[WorkloadID(id)] = nil
      for revision in revisions.items.filter({ $0.workloadID == WorkloadID(id) }) {
        revisions[revision.id] = nil
      }
    case .revisions: revisions[RevisionID(id)] = nil
    case .replicas: replicas[ReplicaID(id)] = nil
    case .overrides: overrides[WorkloadID(id)] = nil
    case .catalogue, .quotas, .activities, .usages, .traffic, .accelerators: break
    }
  }
}
