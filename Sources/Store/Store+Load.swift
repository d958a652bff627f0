package import Domain
package import Foundation
import GRDB
import Synchronization

extension Store {
  /// Reads what is current into memory, once; safe to call before every use.
  func load() throws(StoreError) {
    guard !model.withLock({ $0.isLoaded }) else { return }
    let name = model.withLock { $0.contextName }
    let loaded = try read { try StateReader($0).model(contextName: name, asOf: nil) }
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

/// Reads rows of `state` and of the samples beside it.
struct StateReader {
  private let database: Database
  private let pools = PackedPools()

  init(_ database: Database) {
    self.database = database
  }

  /// The model as of an instant; nil is now.
  func model(contextName: String, asOf instant: Date?) throws -> FleetModel {
    var model = FleetModel(contextName: contextName)
    model.apps = Shelf(try states(.app, App.self, instant), \.id)
    model.workloads = Shelf(try states(.workload, Workload.self, instant), \.id)
    model.replicas = Shelf(try states(.replica, Replica.self, instant), \.id)
    let revisions = try states(.revision, Revision.self, instant)
    model.revisions = Shelf(revisions.filter { isNeeded($0, model) }, \.id)
    try overrides(into: &model, instant)
    model.catalogue = try states(.catalogue, Catalogue.self, instant).first ?? Catalogue()
    model.quotas = try states(.quotas, Quotas.self, instant).first
    try feed(into: &model, instant)
    if instant == nil {
      try sync(into: &model)
      model.coverage = try Coverage.last(database)
      for finding in try states(.finding, Finding.self, nil) {
        model.findings[finding.id] = finding
      }
    }
    try traffic(into: &model, instant)
    for item in try states(.accelerator, AcceleratorSample.self, instant) {
      model.identities[item.id] = item
    }
    model.accelerators = try SampleReader.ring(
      database, identities: model.identities, end: instant)
    model.metricsSource =
      try states(.metricsSource, MetricsSourceState.self, instant).first?
      .dated(model.accelerators.lastAt) ?? .notConfigured
    let covered = instant ?? model.sync[.usages]?.completedAt
    if let covered {
      model.usages = try UsageFold.totals(database, now: covered)
      model.usagesCoveredUntil = covered
      model.meteredDay = try UsageFold.day(database, now: covered)
    }
    model.trend = try TrendReader.points(database, until: instant)
    model.isLoaded = true
    return model
  }

  /// Only what serves or is newest is held in memory; history is read when it is looked at.
  private func isNeeded(_ revision: Revision, _ model: FleetModel) -> Bool {
    guard let workload = model.workloads[revision.workloadID] else { return false }
    return workload.activeRevisionID == revision.id || workload.latestRevisionID == revision.id
      || revision.status.isRollingOut
  }

  private func states<Value: Payload>(
    _ kind: StateKind, _ type: Value.Type, _ instant: Date?
  ) throws -> [Value] {
    var values: [Value] = []
    try forEachState(kind, instant) { row in
      values.append(try value(type, row, 2))
    }
    return values
  }

  private func value<Value: Payload>(
    _ type: Value.Type, _ row: Row, _ column: Int
  ) throws -> Value {
    try row.withUnsafeData(atIndex: column) { data in
      guard let data else { throw PackedReader.Damaged() }
      return try Value(payload: data, pools: pools)
    }
  }

  /// The states of one kind that hold now, or held at an instant.
  ///
  /// Those of the past are those that still hold and began before, and those that ended since. These
  /// are first found in the index alone: a table without row numbers is looked up for each entry
  /// otherwise.
  private func forEachState(
    _ kind: StateKind, _ instant: Date?, _ body: (Row) throws -> Void
  ) throws {
    var arguments: StatementArguments = ["kind": kind.rawValue]
    var sql = """
      SELECT id, valid_from, payload FROM state INDEXED BY state_current
      WHERE kind = :kind AND valid_until IS NULL
      """
    if let instant {
      arguments += ["at": stamp(instant)]
      sql += """
         AND valid_from <= :at
        UNION ALL
        SELECT past.id, past.valid_from, state.payload FROM (
          SELECT id, valid_from FROM state INDEXED BY state_past
          WHERE kind = :kind AND valid_until > :at AND valid_from <= :at) AS past
        CROSS JOIN state
        ON state.kind = :kind AND state.id = past.id AND state.valid_from = past.valid_from
        """
    }
    let rows = try Row.fetchCursor(database, sql: sql, arguments: arguments)
    while let row = try rows.next() { try body(row) }
  }

  private func overrides(into model: inout FleetModel, _ instant: Date?) throws {
    try forEachState(.overrides, instant) { row in
      let id: String = row[0]
      model.overrides[WorkloadID(id)] = try value(Overrides.self, row, 2).items
    }
  }

  private func feed(into model: inout FleetModel, _ instant: Date?) throws {
    let end = instant.map(stamp) ?? Int64.max
    let rows = try Row.fetchAll(
      database,
      sql: "SELECT id, is_scaling, payload FROM feed WHERE at <= ? ORDER BY at DESC LIMIT ?",
      arguments: [end, FleetModel.feedLength])
    for row in rows {
      model.feedIDs.insert(row["id"])
      if row[1] as Int == 1 {
        model.scalingEvents.append(try value(ScalingEvent.self, row, 2))
      } else {
        model.activities.append(try value(Activity.self, row, 2))
      }
    }
  }

  private func sync(into model: inout FleetModel) throws {
    for payload in try Data.fetchAll(database, sql: "SELECT payload FROM sync") {
      var state = try SyncState(payload: payload)
      state.progress = nil
      model.sync[state.resource] = state
    }
  }

  private func traffic(into model: inout FleetModel, _ instant: Date?) throws {
    let newest =
      try instant.map(stamp)
      ?? Int64.fetchOne(database, sql: "SELECT max(at) FROM traffic") ?? 0
    let payloads = try Data.fetchAll(
      database, sql: "SELECT payload FROM traffic WHERE at > ? AND at <= ?",
      arguments: [newest - 1_200_000, newest])
    model.add(traffic: try payloads.map { try TrafficSample(payload: $0, pools: pools) })
  }

  func workloadFacts(of id: WorkloadID, asOf limit: Date) throws -> WorkloadFacts {
    let end = limit == .distantFuture ? Int64.max : stamp(limit)
    var facts = WorkloadFacts()
    var served: [RevisionID: Duration] = [:]
    var newest: [RevisionID: Revision] = [:]
    let rows = try Row.fetchCursor(
      database,
      sql: """
        SELECT valid_from, valid_until, payload FROM state
        WHERE kind = ? AND owner = ? AND valid_from <= ? ORDER BY valid_from
        """, arguments: [StateKind.revision.rawValue, id.rawValue, end])
    while let row = try rows.next() {
      let revision = try value(Revision.self, row, 2)
      newest[revision.id] = revision
      if revision.status == .healthy, let ended = row["valid_until"] as Int64? {
        let from: Int64 = row["valid_from"]
        let until = min(ended, end)
        served[revision.id, default: .zero] += .milliseconds(until - from)
      }
    }
    facts.revisions = newest.values.sorted { $0.createdAt > $1.createdAt }
    for revision in facts.revisions {
      // The platform's own times say more than what happened to be watched.
      if let from = revision.succeededAt, let until = revision.terminatedAt, until > from {
        served[revision.id] = max(
          served[revision.id] ?? .zero, .seconds(Int(until.timeIntervalSince(from))))
      } else if revision.succeededAt != nil, served[revision.id] == nil {
        served[revision.id] = .zero
      }
    }
    facts.healthyFor = served
    let events = try Row.fetchAll(
      database,
      sql:
        "SELECT is_scaling, payload FROM feed WHERE workload = ? AND at <= ? ORDER BY at DESC LIMIT 100",
      arguments: [id.rawValue, end])
    for row in events {
      if row[0] as Int == 1 {
        facts.scalingEvents.append(try value(ScalingEvent.self, row, 1))
      } else {
        facts.activities.append(try value(Activity.self, row, 1))
      }
    }
    return facts
  }
}
