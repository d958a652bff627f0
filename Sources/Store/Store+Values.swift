package import Domain
package import Foundation
import GRDB
import Synchronization

extension Store {
  package func setOverrides(
    _ overrides: [ScalingOverride], of id: WorkloadID, at: Date
  ) throws(StoreError) {
    try load()
    let before = model.withLock { $0.overrides[id] }
    guard before != overrides else { return }
    try write(ChangeNote(states: stamp(at))) { database in
      try StateWriter(database: database, at: stamp(at))
        .replace(.overrides, id: id.rawValue, with: Overrides(overrides))
    }
    model.withLock { $0.overrides[id] = overrides }
    ring(touching: Touched(workloads: [id]))
  }

  /// Remembers prices and capacity; one that is the same but for the time it was read is not
  /// written again.
  package func setCatalogue(_ catalogue: Catalogue) throws(StoreError) {
    try load()
    var old = model.withLock { $0.catalogue }
    model.withLock { $0.catalogue = catalogue }
    old.readAt = catalogue.readAt
    if old != catalogue {
      let at = stamp(catalogue.readAt ?? .distantPast)
      try write(ChangeNote(states: at)) { database in
        try StateWriter(database: database, at: at).replace(.catalogue, id: "", with: catalogue)
      }
    }
    ring()
  }

  package func setQuotas(_ quotas: Quotas) throws(StoreError) {
    try load()
    let old = model.withLock { $0.quotas }
    model.withLock { $0.quotas = quotas }
    guard old?.maximumInstances != quotas.maximumInstances else { return }
    try write(ChangeNote(states: stamp(quotas.readAt))) { database in
      try StateWriter(database: database, at: stamp(quotas.readAt))
        .replace(.quotas, id: "", with: quotas)
    }
    ring()
  }

  /// Remembers entries of the feed; the number of those that were new.
  @discardableResult
  package func applyFeed(
    scaling: [ScalingEvent], activities: [Activity]
  ) throws(StoreError) -> Int {
    try load()
    let known = model.withLock { $0.feedIDs }
    let events = scaling.filter { !known.contains($0.id) }
    let others = activities.filter { !known.contains($0.id) }
    guard !events.isEmpty || !others.isEmpty else { return 0 }
    let earliest = (events.map(\.at) + others.map(\.at)).min().map(stamp)
    try write(ChangeNote(feed: earliest)) { database in
      let statement = try database.makeStatement(
        sql: """
          INSERT OR IGNORE INTO feed (id, at, is_scaling, workload, payload)
          VALUES (?, ?, ?, ?, ?)
          """)
      for event in events {
        try statement.execute(arguments: [
          event.id, stamp(event.at), 1, event.workloadID?.rawValue, event.payload(),
        ])
      }
      for activity in others {
        try statement.execute(arguments: [
          activity.id, stamp(activity.at), 0, activity.workloadID?.rawValue,
          activity.payload(),
        ])
      }
    }
    model.withLock { $0.add(events: events, activities: others) }
    ring()
    return events.count + others.count
  }

  package func applyUsages(_ records: [UsageRecord]) throws(StoreError) {
    guard !records.isEmpty else { return }
    try write { database in
      let statement = try database.makeStatement(
        sql: """
          INSERT INTO usage (replica, started, workload, region, type, ended, seconds)
          VALUES (?, ?, ?, ?, ?, ?, ?)
          ON CONFLICT (replica, started) DO UPDATE
          SET ended = excluded.ended, seconds = excluded.seconds
          WHERE ended IS NOT excluded.ended OR seconds <> excluded.seconds
          """)
      for record in records {
        try statement.execute(arguments: [
          record.replicaID.rawValue, stamp(record.startedAt), record.workloadID.rawValue,
          record.region.rawValue, record.type.rawValue, record.terminatedAt.map(stamp),
          record.duration.components.seconds,
        ])
      }
    }
    model.withLock { $0.usageNumber += 1 }
  }

  /// Folds the metered runs into today's and this month's time, UTC.
  package func foldUsages(coveredUntil now: Date) throws(StoreError) {
    try load()
    let (totals, day) = try read { database in
      let runs = try UsageRuns(database, month: UsageRuns.month(of: now))
      return (runs.totals(now: now), runs.day(now: now))
    }
    model.withLock {
      $0.usages = totals
      $0.meteredDay = day
      $0.usagesCoveredUntil = now
    }
    // Money of regions and of the whole is always worked out anew.
    ring(touching: Touched())
  }

  package func record(traffic samples: [TrafficSample]) throws(StoreError) {
    guard !samples.isEmpty else { return }
    try load()
    let news = model.withLock { model in
      samples.filter { sample in
        model.traffic[sample.workloadID]?.contains(sample) != true
      }
    }
    guard !news.isEmpty else { return }
    try write(ChangeNote(traffic: news.map { stamp($0.sampledAt) }.min())) { database in
      let statement = try database.makeStatement(
        sql: "INSERT OR REPLACE INTO traffic (at, workload, payload) VALUES (?, ?, ?)")
      for sample in news {
        try statement.execute(arguments: [
          stamp(sample.sampledAt), sample.workloadID.rawValue, sample.payload(),
        ])
      }
    }
    model.withLock { $0.add(traffic: news) }
    ring(touching: Touched(workloads: Set(news.map(\.workloadID))))
  }

  /// Remembers one reading of all GPUs; a failure of the source is remembered without samples.
  package func record(
    accelerators samples: [AcceleratorSample], source: MetricsSourceState, at: Date
  ) throws(StoreError) {
    try load()
    // A sample that was read twice is one sample.
    let samples = model.withLock { model in
      samples.filter { model.accelerators.latestAt($0.id) != $0.sampledAt }
    }
    let changed = model.withLock { model in
      samples.map(\.identity).filter { model.identities[$0.id] != $0 }
    }
    let isNewSource = model.withLock { $0.metricsSource.undated != source.undated }
    // Kept only after the transaction: what is rolled back was never numbered.
    var numbers = model.withLock { $0.seriesNumbers }
    if !samples.isEmpty || isNewSource {
      let hasStates = !changed.isEmpty || isNewSource
      try write(ChangeNote(states: hasStates ? stamp(at) : nil)) { database in
        try SampleWriter(database).write(samples, at: at, numbers: &numbers)
        let writer = StateWriter(database: database, at: stamp(at))
        for identity in changed {
          try writer.replace(.accelerator, id: identity.id.rawValue, with: identity)
        }
        if isNewSource { try writer.replace(.metricsSource, id: "", with: source.undated) }
      }
    }
    model.withLock { model in
      model.metricsSource = source
      model.seriesNumbers = numbers
      for identity in changed { model.identities[identity.id] = identity }
      if !samples.isEmpty { model.accelerators.add(samples, at: at) }
    }
    ring(
      isContent: !samples.isEmpty || isNewSource,
      touching: Touched(accelerators: true, everything: isNewSource))
  }

  // MARK: - The first picture

  /// A trimmed snapshot of the last run, for a first paint in milliseconds.
  package func head() -> FleetSnapshot? {
    let data = try? database.read { try Data.fetchOne($0, sql: "SELECT payload FROM head") }
    return data.flatMap { try? FleetSnapshot(payload: $0) }
  }

  package func saveHead(_ snapshot: FleetSnapshot) throws(StoreError) {
    var head = snapshot
    head.workloads = Array(snapshot.workloads.prefix(70))
    head.accelerators.rows = Array(snapshot.accelerators.rows.prefix(40))
    head.costs.meter = SpendMeter()
    head.scalingEvents = Array(snapshot.scalingEvents.prefix(30))
    head.activities = []
    head.findings = Array(snapshot.findings.prefix(30))
    head.journal = Array(snapshot.journal.prefix(10))
    try write { database in
      try database.execute(
        sql: "INSERT OR REPLACE INTO head (slot, payload) VALUES (1, ?)",
        arguments: [try head.payload()])
    }
  }
}

extension FleetModel {
  /// Entries of the feed that are held in memory; older ones stay on disk.
  static let feedLength = 400

  mutating func add(events: [ScalingEvent], activities others: [Activity]) {
    for event in events { feedIDs.insert(event.id) }
    for activity in others { feedIDs.insert(activity.id) }
    scalingEvents = Array(
      (events + scalingEvents).sorted { $0.at > $1.at }.prefix(Self.feedLength))
    activities = Array((others + activities).sorted { $0.at > $1.at }.prefix(Self.feedLength))
  }

  mutating func add(traffic samples: [TrafficSample]) {
    for sample in samples {
      var list = traffic[sample.workloadID] ?? []
      list.removeAll { $0.sampledAt == sample.sampledAt }
      list.append(sample)
      list.sort { $0.sampledAt < $1.sampledAt }
      traffic[sample.workloadID] = Array(list.suffix(20))
    }
  }
}

extension MetricsSourceState {
  /// Without its times: what is worth a row when it changes.
  var undated: MetricsSourceState {
    switch self {
    case .notConfigured, .waiting: self
    case .live(let host, let signal, _, let warning):
      .live(host: host, signal: signal, observedAt: .distantPast, warning: warning)
    case .failing(let host, let reason, _):
      .failing(host: host, reason: reason, lastObservedAt: nil)
    }
  }

  func dated(_ last: Date?) -> MetricsSourceState {
    switch self {
    case .notConfigured, .waiting: self
    case .live(let host, let signal, _, let warning):
      .live(host: host, signal: signal, observedAt: last ?? .distantPast, warning: warning)
    case .failing(let host, let reason, _):
      .failing(host: host, reason: reason, lastObservedAt: last)
    }
  }
}
