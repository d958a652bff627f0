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
    let journal = try self.journal(limit: 50)
    guard let instant else {
      try load()
      return model.withLock { $0.facts(asOf: now, journal: journal) }
    }
    let name = model.withLock { $0.contextName }
    let past = try read { try StateReader($0).model(contextName: name, asOf: instant) }
    return past.facts(asOf: instant, journal: journal.filter { $0.at <= instant })
  }

  /// More of one workload: its revisions, how long each served, and its events.
  package func workloadFacts(of id: WorkloadID) throws(StoreError) -> WorkloadFacts {
    try load()
    let entries = try journal(limit: 200).filter { $0.workloadID == id }
    var facts = try read { try StateReader($0).workloadFacts(of: id) }
    facts.journal = entries
    return facts
  }

  /// How the sync of each resource stands.
  package func syncStates() throws(StoreError) -> [SyncState] {
    try load()
    return model.withLock { model in SyncResource.allCases.compactMap { model.sync[$0] } }
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
    return model.withLock { Array($0.workloads.values) }
  }

  package func isKnownFeedEntry(_ id: String) throws(StoreError) -> Bool {
    try load()
    return model.withLock { $0.feedIDs.contains(id) }
  }
}

/// Reads rows of `state` and of the samples beside it.
struct StateReader {
  private let database: Database
  private let decoder = JSONDecoder()

  init(_ database: Database) {
    self.database = database
  }

  /// The model as of an instant; nil is now.
  func model(contextName: String, asOf instant: Date?) throws -> FleetModel {
    var model = FleetModel(contextName: contextName)
    for app in try states(.app, App.self, instant) { model.apps[app.id] = app }
    for item in try states(.workload, Workload.self, instant) { model.workloads[item.id] = item }
    for item in try states(.replica, Replica.self, instant) { model.replicas[item.id] = item }
    for item in try states(.revision, Revision.self, instant) where isNeeded(item, model) {
      model.revisions[item.id] = item
    }
    try overrides(into: &model, instant)
    model.catalogue = try states(.catalogue, Catalogue.self, instant).first ?? Catalogue()
    model.quotas = try states(.quotas, Quotas.self, instant).first
    try feed(into: &model, instant)
    if instant == nil { try sync(into: &model) }
    try traffic(into: &model, instant)
    for item in try states(.accelerator, AcceleratorSample.self, instant) {
      model.identities[item.id.rawValue] = item
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
    }
    model.isLoaded = true
    return model
  }

  /// Only what serves or is newest is held in memory; history is read when it is looked at.
  private func isNeeded(_ revision: Revision, _ model: FleetModel) -> Bool {
    guard let workload = model.workloads[revision.workloadID] else { return false }
    return workload.activeRevisionID == revision.id || workload.latestRevisionID == revision.id
      || revision.status.isRollingOut
  }

  private func states<Value: Decodable>(
    _ kind: StateKind, _ type: Value.Type, _ instant: Date?
  ) throws -> [Value] {
    let condition =
      instant == nil
      ? "valid_until IS NULL"
      : "valid_from <= :at AND (valid_until IS NULL OR valid_until > :at)"
    var arguments: StatementArguments = ["kind": kind.rawValue]
    if let instant { arguments += ["at": stamp(instant)] }
    let rows = try Row.fetchCursor(
      database, sql: "SELECT payload FROM state WHERE kind = :kind AND \(condition)",
      arguments: arguments)
    var values: [Value] = []
    while let row = try rows.next() {
      values.append(try decoder.decode(type, from: row[0] as Data))
    }
    return values
  }

  private func overrides(into model: inout FleetModel, _ instant: Date?) throws {
    let condition =
      instant == nil
      ? "valid_until IS NULL" : "valid_from <= :at AND coalesce(valid_until, :at + 1) > :at"
    var arguments: StatementArguments = ["kind": StateKind.overrides.rawValue]
    if let instant { arguments += ["at": stamp(instant)] }
    for row in try Row.fetchAll(
      database, sql: "SELECT id, payload FROM state WHERE kind = :kind AND \(condition)",
      arguments: arguments)
    {
      model.overrides[WorkloadID(row["id"])] = try decoder.decode(
        [ScalingOverride].self, from: row["payload"] as Data)
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
      let payload: Data = row["payload"]
      if row["is_scaling"] as Int == 1 {
        model.scalingEvents.append(try decoder.decode(ScalingEvent.self, from: payload))
      } else {
        model.activities.append(try decoder.decode(Activity.self, from: payload))
      }
    }
  }

  private func sync(into model: inout FleetModel) throws {
    for payload in try Data.fetchAll(database, sql: "SELECT payload FROM sync") {
      var state = try decoder.decode(SyncState.self, from: payload)
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
    model.add(traffic: try payloads.map { try decoder.decode(TrafficSample.self, from: $0) })
  }

  func workloadFacts(of id: WorkloadID) throws -> WorkloadFacts {
    var facts = WorkloadFacts()
    var served: [RevisionID: Duration] = [:]
    var newest: [RevisionID: Revision] = [:]
    let rows = try Row.fetchCursor(
      database,
      sql: """
        SELECT valid_from, valid_until, payload FROM state
        WHERE kind = ? AND owner = ? ORDER BY valid_from
        """, arguments: [StateKind.revision.rawValue, id.rawValue])
    while let row = try rows.next() {
      let revision = try decoder.decode(Revision.self, from: row["payload"] as Data)
      newest[revision.id] = revision
      if revision.status == .healthy, let until = row["valid_until"] as Int64? {
        let from: Int64 = row["valid_from"]
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
      sql: "SELECT is_scaling, payload FROM feed WHERE workload = ? ORDER BY at DESC LIMIT 100",
      arguments: [id.rawValue])
    for row in events {
      let payload: Data = row["payload"]
      if row["is_scaling"] as Int == 1 {
        facts.scalingEvents.append(try decoder.decode(ScalingEvent.self, from: payload))
      } else {
        facts.activities.append(try decoder.decode(Activity.self, from: payload))
      }
    }
    return facts
  }
}
