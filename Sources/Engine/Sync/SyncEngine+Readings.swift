import Domain
import FoundationEssentials
import Platform
import Store

extension SyncEngine {
  func read(_ resource: SyncResource) async throws {
    switch resource {
    case .workloads: try await readWorkloads()
    case .apps:
      let client = tools.client
      try await sweep(.apps) {
        try await client.apps(offset: $0, unlessHash: $1)
      } id: {
        ObjectID($0.id)
      } content: {
        .apps($0)
      }
    case .replicas:
      let client = tools.client
      try await sweep(.replicas) {
        try await client.replicas(of: nil, offset: $0, unlessHash: $1)
      } id: {
        ObjectID($0.id)
      } content: {
        .replicas($0)
      }
    case .revisions: try await readRevisions()
    case .overrides: try await readOverrides()
    case .activities: try await readActivities()
    case .usages: try await readUsages()
    case .catalogue:
      try tools.store.setCatalogue(try await tools.client.catalogue(now: tools.now()))
      try done(.catalogue)
    case .quotas: try await readQuotas()
    case .traffic: try await readTraffic()
    case .accelerators: try await readAccelerators()
    }
  }

  func done(_ resource: SyncResource) throws(StoreError) {
    try tools.store.completeSweep(
      resource, generation: -1, at: tools.now(), interval: interval(resource))
  }

  // MARK: - Sweeps

  /// Reads a whole list.
  ///
  /// The first page alone, to be seen at once; the others several at a time. A page that is the
  /// same as the last time is neither decoded nor compared; every twentieth pass takes nothing for
  /// granted.
  private func sweep<Item: Sendable>(
    _ resource: SyncResource,
    page: @escaping @Sendable (Int, UInt64?) async throws -> PageOrUnchanged<Item>,
    id: @escaping @Sendable (Item) -> ObjectID,
    content: @escaping @Sendable ([Item]) -> PageContent,
    seeing: @escaping @Sendable ([Item]) async -> Void = { _ in }
  ) async throws {
    let generation = nextGeneration()
    let store = tools.store
    try store.beginSweep(resource, generation: generation)
    if generation.isMultiple(of: 20) { knownPages[resource] = nil }
    let read = { @Sendable (offset: Int) async throws -> KnownPage in
      let known = await self.knownPages[resource]?[offset]
      guard let next = try await page(offset, known?.hash).page else {
        store.noteSeen(known?.ids ?? [], of: resource)
        return known ?? KnownPage(hash: 0, ids: [], total: nil, hasMore: false)
      }
      try store.apply(content(next.items), observedAt: self.tools.now())
      await seeing(next.items)
      let fresh = KnownPage(
        hash: next.contentHash, ids: next.items.map(id), total: next.total, hasMore: next.hasMore)
      await self.know(fresh, resource, offset)
      return fresh
    }
    do {
      let first = try await read(0)
      if first.hasMore {
        try await readRest(resource, total: first.total) { try await read($0).hasMore }
      }
    } catch {
      // What failed half-way may have left pages that the cache does not have.
      knownPages[resource] = nil
      throw error
    }
    // How large the fleet is says when the list is read next, and so when it counts as old.
    if resource == .workloads, let total = knownPages[.workloads]?[0]?.total {
      adapt(toFleetOf: total)
    }
    try store.completeSweep(
      resource, generation: generation, at: tools.now(), interval: interval(resource))
  }

  private func know(_ page: KnownPage, _ resource: SyncResource, _ offset: Int) {
    knownPages[resource, default: [:]][offset] = page
  }

  /// Reads the pages after the first, at most six at a time; without a total one after another.
  func readRest(
    _ resource: SyncResource, total: Int?,
    _ read: @escaping @Sendable (Int) async throws -> Bool
  ) async throws {
    let size = KoyebClient.pageSize
    let store = tools.store
    let interval = interval(resource)
    guard let total else {
      var offset = size
      while try await read(offset) { offset += size }
      return
    }
    store.setProgress(
      SyncState.Progress(done: size, total: total), of: resource, interval: interval)
    var offsets = Array(stride(from: size, to: total, by: size).reversed())
    var done = size
    try await withThrowingTaskGroup(of: Int.self) { group in
      func begin() {
        guard let offset = offsets.popLast() else { return }
        group.addTask {
          _ = try await read(offset)
          return min(size, total - offset)
        }
      }
      for _ in 0..<6 { begin() }
      while let count = try await group.next() {
        done += count
        store.setProgress(
          SyncState.Progress(done: min(done, total), total: total), of: resource,
          interval: interval)
        begin()
      }
    }
  }

  private func readWorkloads() async throws {
    let client = tools.client
    let before = Dictionary(
      try tools.store.currentWorkloads().map { ($0.id, $0.version) }, uniquingKeysWith: { $1 })
    try await sweep(.workloads) {
      try await client.workloads(offset: $0, unlessHash: $1)
    } id: {
      ObjectID($0.id)
    } content: {
      .workloads($0)
    } seeing: { items in
      await self.noteChanged(items, before: before)
    }
    adapt(toFleetOf: knownPages[.workloads]?[0]?.total ?? before.count)
    // An app or a deployment that is new is read soon, not at its turn.
    guard !staleRevisions.isEmpty else { return }
    if isLarge, !before.isEmpty {
      staleReplicas.formUnion(staleRevisions)
      hurry([.revisions])
    } else {
      hurry([.revisions, .replicas])
    }
  }

  private func noteChanged(_ items: [Workload], before: [WorkloadID: UInt64?]) {
    for workload in items where before[workload.id] != .some(workload.version) {
      staleRevisions.insert(workload.id)
    }
  }

  // MARK: - Revisions

  private func readRevisions() async throws {
    let store = tools.store
    let workloads = try store.currentWorkloads()
    if workloads.isEmpty { return try done(.revisions) }
    if !hasReadRevisions {
      let missing = try workloads.filter {
        try !isKnown($0.activeRevisionID) || !isKnown($0.latestRevisionID)
      }
      if missing.count > 20 {
        try await readAllRevisions(wanted: missing)
      } else {
        staleRevisions.formUnion(missing.map(\.id))
      }
      hasReadRevisions = true
    }
    let rollingOut = try store.rollingOut()
    staleRevisions.formUnion(rollingOut)
    if isLarge { try await readStaleWorkloads(also: rollingOut) }
    let known = Set(workloads.map(\.id))
    let wanted = staleRevisions.intersection(known)
    // What is looked at or acted on does not wait for the others.
    let due = (focus.filter(wanted.contains) + wanted.subtracting(focus)).prefix(40)
    staleRevisions.subtract(due)
    for id in due {
      let limit = focus.contains(id) ? 30 : 6
      do {
        let page = try await tools.client.revisions(of: id, offset: 0, limit: limit)
        try store.apply(.revisions(page.items), observedAt: tools.now())
      } catch PlatformError.notFound {
        continue
      } catch {
        staleRevisions.formUnion(due)
        throw error
      }
    }
    try done(.revisions)
  }

  private func isKnown(_ id: RevisionID?) throws(StoreError) -> Bool {
    guard let id else { return true }
    return try tools.store.revisionIsKnown(id)
  }

  /// One list for all instead of one request a workload; ends when nothing is missing.
  private func readAllRevisions(wanted: [Workload]) async throws {
    var missing = Set(
      wanted.flatMap { [$0.activeRevisionID, $0.latestRevisionID].compactMap { $0 } })
    var offset = 0
    while !missing.isEmpty {
      let page = try await tools.client.revisions(of: nil, offset: offset)
      // History is read when a page is opened; here only what serves or is newest.
      let needed = page.items.filter { missing.contains($0.id) }
      try tools.store.apply(.revisions(needed), observedAt: tools.now())
      missing.subtract(page.items.map(\.id))
      offset += KoyebClient.pageSize
      tools.store.setProgress(
        SyncState.Progress(done: min(offset, page.total ?? offset), total: page.total),
        of: .revisions, interval: interval(.revisions))
      guard page.hasMore else { break }
    }
  }

  // MARK: - The rest

  private func readOverrides() async throws {
    let workloads = try tools.store.currentWorkloads()
    var due = try focus.prefix(60) + tools.store.overridden()
    if workloads.count <= 60 { due += workloads.map(\.id) }
    for id in Set(due) {
      guard let workload = try tools.store.workload(id), workload.kind != .database else {
        continue
      }
      do {
        let overrides = try await tools.client.overrides(of: id)
        try tools.store.setOverrides(overrides, of: id, at: tools.now())
      } catch PlatformError.notFound { continue }
    }
    try done(.overrides)
  }

  /// From the newest until one that is known: the feed is read by offset and shifts.
  private func readActivities() async throws {
    var offset = 0
    var named: Set<WorkloadID> = []
    let wasRead = try tools.store.syncStates().contains {
      $0.resource == .activities && $0.completedAt != nil
    }
    while offset < 1000 {
      let page = try await tools.client.activities(offset: offset)
      var scaling: [ScalingEvent] = []
      var others: [Activity] = []
      var hasKnown = false
      for item in page.items {
        let isKnown = try tools.store.isKnownFeedEntry(item.id)
        if isKnown { hasKnown = true }
        switch item {
        case .scaling(let event):
          scaling.append(event)
          if !isKnown, let id = event.workloadID { named.insert(id) }
        case .other(let activity):
          others.append(activity)
          if !isKnown, let id = activity.workloadID { named.insert(id) }
        }
      }
      try tools.store.applyFeed(scaling: scaling, activities: others)
      offset += KoyebClient.pageSize
      guard page.hasMore, !hasKnown else { break }
    }
    // The first reading of the feed tells of what the sweeps read anyway.
    if wasRead, !named.isEmpty { noteNamed(named) }
    try done(.activities)
  }

  private func readUsages() async throws {
    let now = tools.now()
    var calendar = Calendar(identifier: .gregorian)
    calendar.timeZone = .gmt
    let start = calendar.dateInterval(of: .month, for: now)?.start ?? now
    let first = try await tools.client.usageRecords(from: start, to: now, offset: 0)
    try tools.store.applyUsages(first.items)
    if first.hasMore {
      let client = tools.client
      let store = tools.store
      try await readRest(.usages, total: first.total) { offset in
        let page = try await client.usageRecords(from: start, to: now, offset: offset)
        try store.applyUsages(page.items)
        return page.hasMore
      }
    }
    try tools.store.foldUsages(coveredUntil: now)
    try done(.usages)
  }

  private func readQuotas() async throws {
    if organization == nil { organization = try await tools.client.organization() }
    if let organization {
      try tools.store.setQuotas(try await tools.client.quotas(of: organization, now: tools.now()))
    }
    try done(.quotas)
  }

  private func readTraffic() async throws {
    let now = tools.now()
    let workloads = try tools.store.currentWorkloads()
    let all = workloads.count <= 30 ? workloads.map(\.id) : Array(focus.prefix(30))
    for id in all {
      guard let workload = try tools.store.workload(id), workload.kind != .database,
        workload.kind != .worker
      else { continue }
      let span = try tools.store.hasTraffic(of: id) ? 300 : 1200.0
      do {
        let samples = try await tools.client.traffic(
          of: id, from: now.addingTimeInterval(-span), to: now)
        try tools.store.record(traffic: samples)
      } catch PlatformError.notFound { continue }
    }
    try done(.traffic)
  }

  private func readAccelerators() async throws {
    guard let metrics = tools.metrics else { return }
    let reading = try await metrics.accelerators()
    let now = tools.now()
    lastMetrics = now
    try tools.store.record(
      accelerators: reading.samples,
      source: .live(
        host: metrics.endpoint.host, signal: reading.signal, observedAt: now,
        warning: reading.warning), at: now)
    try done(.accelerators)
  }
}
