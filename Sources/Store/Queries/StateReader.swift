import Domain
import Foundation
import GRDB

/// Reads rows of `state` and of the samples beside it.
struct StateReader {
  private let database: Database
  private let pools = PackedPools()

  init(_ database: Database) {
    self.database = database
  }

  /// The model as it is now.
  func model(contextName: String) throws -> FleetModel {
    var model = FleetModel(contextName: contextName)
    model.apps = Shelf(try states(.app, App.self), \.id)
    model.workloads = Shelf(try states(.workload, Workload.self), \.id)
    model.replicas = Shelf(try states(.replica, Replica.self), \.id)
    let revisions = try states(.revision, Revision.self)
    model.revisions = Shelf(revisions.filter(model.needs), \.id)
    try overrides(into: &model)
    model.catalogue = try states(.catalogue, Catalogue.self).first ?? Catalogue()
    model.quotas = try states(.quotas, Quotas.self).first
    try feed(into: &model, nil)
    try sync(into: &model)
    model.coverage = try Coverage.last(database)
    for finding in try states(.finding, Finding.self) { model.findings[finding.id] = finding }
    try traffic(into: &model, nil)
    for item in try states(.accelerator, AcceleratorSample.self) {
      model.identities[item.id] = item
    }
    let names = try SampleReader.seriesNames(database)
    for (number, name) in names { model.seriesNumbers[name] = number }
    model.accelerators = try SampleReader.ring(
      database, identities: model.identities, names: names)
    model.metricsSource =
      try states(.metricsSource, MetricsSourceState.self).first?
      .dated(model.accelerators.lastAt) ?? .notConfigured
    if let covered = model.sync[.usages]?.completedAt {
      let runs = try UsageRuns(database, month: UsageRuns.month(of: covered))
      model.usages = runs.totals(now: covered)
      model.usagesCoveredUntil = covered
      model.meteredDay = runs.day(now: covered)
    }
    model.trend = try TrendReader.points(database, until: nil)
    model.isLoaded = true
    return model
  }

  /// Puts what is no state, as it was at an instant, in the place of what a model holds of it.
  func more(into model: inout FleetModel, asOf instant: Date) throws {
    model.scalingEvents = []
    model.activities = []
    model.feedIDs = []
    try feed(into: &model, instant)
    model.traffic = [:]
    try traffic(into: &model, instant)
    model.trend = try TrendReader.points(database, until: instant, known: model.trend)
  }

  /// One state by the beginning of its interval.
  func state<Value: Payload>(_ kind: StateKind, id: String, since: Int64) throws -> Value {
    let statement = try database.cachedStatement(
      sql: "SELECT payload FROM state WHERE kind = ? AND id = ? AND valid_from = ?")
    let rows = try Row.fetchCursor(statement, arguments: [kind.rawValue, id, since])
    guard let row = try rows.next() else { throw PackedReader.Damaged() }
    return try value(Value.self, row, 0)
  }

  private func states<Value: Payload>(_ kind: StateKind, _ type: Value.Type) throws -> [Value] {
    var values: [Value] = []
    try forEachState(kind) { row in values.append(try value(type, row, 1)) }
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

  /// The states of one kind that hold now.
  private func forEachState(_ kind: StateKind, _ body: (Row) throws -> Void) throws {
    let rows = try Row.fetchCursor(
      database,
      sql: """
        SELECT id, payload FROM state INDEXED BY state_current
        WHERE kind = ? AND valid_until IS NULL
        """, arguments: [kind.rawValue])
    while let row = try rows.next() { try body(row) }
  }

  private func overrides(into model: inout FleetModel) throws {
    try forEachState(.overrides) { row in
      let id: String = row[0]
      model.overrides[WorkloadID(id)] = try value(Overrides.self, row, 1).items
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
