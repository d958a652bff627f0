import Domain
import Foundation
import GRDB

/// Reads rows of `state` and of the samples beside it.
struct StateReader {
  let database: Database
  let pools = PackedPools()

  init(_ database: Database) {
    self.database = database
  }

  /// The model as it is now.
  func model(contextName: String) throws -> FleetModel {
    var model = FleetModel(contextName: contextName)
    try states(into: &model)
    try feed(into: &model, nil)
    try sync(into: &model)
    model.coverage = try Coverage.last(database)
    try traffic(into: &model, nil)
    let names = try SampleReader.seriesNames(database)
    for (number, name) in names { model.seriesNumbers[name] = number }
    model.accelerators = try SampleReader.ring(
      database, identities: model.identities, names: names)
    model.metricsSource = model.metricsSource.dated(model.accelerators.lastAt)
    if let covered = model.sync[.usages]?.completedAt {
      let runs = try UsageRuns(database, month: UsageRuns.month(of: covered))
      model.usages = runs.totals(now: covered)
      model.usagesCoveredUntil = covered
      model.meteredDay = runs.day(now: covered)
    }
    model.trend = try TrendReader.points(database, until: nil)
    model.changeNumber = try ChangeLog.newest(database)
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

  /// Calls `body` with kind, identifier, beginning and payload of each state but findings that held
  /// at an instant.
  func forEachState(heldAt at: Int64, _ body: (Row) throws -> Void) throws {
    let statement = try database.cachedStatement(
      sql: """
        SELECT kind, id, valid_from, payload FROM state
        WHERE place BETWEEN ? AND ? AND valid_from <= ?
          AND (valid_until IS NULL OR valid_until > ?) AND kind < \(StateKind.finding.rawValue)
        """)
    for places in StatePlace.places(heldAt: at) {
      let rows = try Row.fetchCursor(
        statement, arguments: [places.lowerBound, places.upperBound, at, at])
      while let row = try rows.next() { try body(row) }
    }
  }

  /// One state by the beginning of its interval.
  func state<Value: Payload>(_ kind: StateKind, id: String, since: Int64) throws -> Value {
    let statement = try database.cachedStatement(
      sql: "SELECT payload FROM state WHERE kind = ? AND id = ? AND valid_from = ?")
    let rows = try Row.fetchCursor(statement, arguments: [kind.rawValue, id, since])
    guard let row = try rows.next() else { throw PackedReader.Damaged() }
    return try value(row, 0)
  }

  /// What holds now: one pass over the end of the table.
  private func states(into model: inout FleetModel) throws {
    let counts = try openCounts()
    model.apps.reserve(counts[.app] ?? 0)
    model.workloads.reserve(counts[.workload] ?? 0)
    model.replicas.reserve(counts[.replica] ?? 0)
    var revisions: [Revision] = []
    let rows = try Row.fetchCursor(
      database, sql: "SELECT kind, id, payload FROM state WHERE place BETWEEN ? AND ?",
      arguments: [StatePlace.openPlaces.lowerBound, StatePlace.openPlaces.upperBound])
    while let row = try rows.next() {
      switch StateKind(rawValue: row[0]) {
      case .app: model.apps.add(try value(row, 2))
      case .workload: model.workloads.add(try value(row, 2))
      case .revision: revisions.append(try value(row, 2))
      case .replica: model.replicas.add(try value(row, 2))
      case .overrides: model.overrides[WorkloadID(row[1] as String)] = try overrides(row, 2)
      case .catalogue: model.catalogue = try value(row, 2)
      case .quotas: model.quotas = try value(row, 2)
      case .accelerator:
        let identity: AcceleratorSample = try value(row, 2)
        model.identities[identity.id] = identity
      case .metricsSource: model.metricsSource = try value(row, 2)
      case .finding:
        let finding: Finding = try value(row, 2)
        model.findings[finding.id] = finding
      case nil: break
      }
    }
    model.revisions = Shelf(revisions.filter(model.needs), \.id)
  }

  private func openCounts() throws -> [StateKind: Int] {
    let rows = try Row.fetchAll(
      database,
      sql: """
        SELECT kind, count(*) FROM state INDEXED BY state_current
        WHERE valid_until IS NULL GROUP BY kind
        """)
    let counts = rows.compactMap { row in StateKind(rawValue: row[0]).map { ($0, row[1] as Int) } }
    return Dictionary(counts, uniquingKeysWith: { $1 })
  }

  /// What holds now of one kind.
  func states<Value: Payload>(_ kind: StateKind) throws -> [Value] {
    let rows = try Row.fetchCursor(
      database,
      sql: """
        SELECT payload FROM state INDEXED BY state_current WHERE kind = ? AND valid_until IS NULL
        """, arguments: [kind.rawValue])
    var values: [Value] = []
    while let row = try rows.next() { values.append(try value(row, 0)) }
    return values
  }

  /// What a column of a row holds.
  func value<Value: Payload>(_ row: Row, _ column: Int) throws -> Value {
    try row.withUnsafeData(atIndex: column) { data in
      guard let data else { throw PackedReader.Damaged() }
      return try Value(payload: data, pools: pools)
    }
  }

  func value<Value: Payload>(_ payload: Data) throws -> Value {
    try Value(payload: payload, pools: pools)
  }

  func overrides(_ row: Row, _ column: Int) throws -> [ScalingOverride] {
    let overrides: Overrides = try value(row, column)
    return overrides.items
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
        model.scalingEvents.append(try value(row, 2))
      } else {
        model.activities.append(try value(row, 2))
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
        SELECT valid_from, valid_until, payload FROM state INDEXED BY state_owner
        WHERE kind = ? AND owner = ? AND valid_from <= ? ORDER BY valid_from
        """, arguments: [StateKind.revision.rawValue, id.rawValue, end])
    while let row = try rows.next() {
      let revision: Revision = try value(row, 2)
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
        facts.scalingEvents.append(try value(row, 1))
      } else {
        facts.activities.append(try value(row, 1))
      }
    }
    return facts
  }
}
