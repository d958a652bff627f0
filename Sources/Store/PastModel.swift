import Domain
import Foundation
import GRDB

/// What held at the instant that was looked at last.
///
/// Instants that are near share nearly all of their states: to go to another, only those are read
/// that do not hold at both.
struct PastModel {
  private var model: FleetModel
  /// Apart from the model: of these the most change, and a dictionary takes that best.
  private var replicas: [ReplicaID: Replica] = [:]
  private var held: [Key: Held] = [:]
  /// Goes up with each move: what was not found by the last one no longer holds.
  private var look = 0

  private struct Key: Hashable {
    var kind: Int
    var id: ObjectID
  }

  private struct Held {
    var since: Int64
    var look: Int
    /// False while a change within the same millisecond could still be written over it.
    var isFinal = true
  }

  init(contextName: String) {
    model = FleetModel(contextName: contextName)
  }

  /// Goes to an instant.
  ///
  /// After an error nothing more may be asked of it.
  mutating func move(to instant: Date, in database: Database) throws {
    // A look comes back to the pages of the look before.
    try database.execute(sql: "PRAGMA cache_size = -4096")
    let reader = StateReader(database)
    look += 1
    // Which of these are wanted is known when all workloads are.
    var revisions: [RevisionID: Data] = [:]
    try reader.forEachState(heldAt: stamp(instant)) { row in
      guard let kind = StateKind(rawValue: row[0]) else { return }
      let id = ObjectID(row[1] as String)
      guard isNews(kind, id, since: row[2]) else { return }
      if kind == .revision {
        model.revisions[RevisionID(id)] = nil
        revisions[RevisionID(id)] = row[3]
      } else {
        try take(kind, id, row, 3, reader)
      }
    }
    forgetOthers()
    try completeRevisions(reader, from: revisions)
    try distrustNewest(database)
  }

  func facts(
    asOf instant: Date, measures: inout PastMeasures, journal: [JournalEntry]
  ) -> FleetFacts {
    var model = model
    measures.put(into: &model)
    var facts = model.facts(asOf: instant, journal: journal)
    facts.replicas = Array(replicas.values)
    facts.accelerators = measures.takeReadings(of: model.identities)
    return facts
  }

  /// Notes that a state holds; whether it was not known.
  private mutating func isNews(_ kind: StateKind, _ id: ObjectID, since: Int64) -> Bool {
    let old = held.updateValue(
      Held(since: since, look: look), forKey: Key(kind: kind.rawValue, id: id))
    guard let old else { return true }
    return old.since != since || !old.isFinal
  }

  private mutating func forgetOthers() {
    let gone = held.compactMap { $0.value.look != look ? $0.key : nil }
    for key in gone {
      held[key] = nil
      switch StateKind(rawValue: key.kind) {
      case .app: model.apps[AppID(key.id)] = nil
      case .workload: model.workloads[WorkloadID(key.id)] = nil
      case .revision: model.revisions[RevisionID(key.id)] = nil
      case .replica: replicas[ReplicaID(key.id)] = nil
      case .overrides: model.overrides[WorkloadID(key.id)] = nil
      case .catalogue: model.catalogue = Catalogue()
      case .quotas: model.quotas = nil
      case .accelerator: model.identities[AcceleratorID(key.id)] = nil
      case .metricsSource: model.metricsSource = .notConfigured
      case .finding, nil: break
      }
    }
  }

  private mutating func take(
    _ kind: StateKind, _ id: ObjectID, _ row: Row, _ column: Int, _ reader: StateReader
  ) throws {
    switch kind {
    case .app: model.apps[AppID(id)] = try reader.value(row, column)
    case .workload: model.workloads[WorkloadID(id)] = try reader.value(row, column)
    case .replica: replicas[ReplicaID(id)] = try reader.value(row, column)
    case .overrides: model.overrides[WorkloadID(id)] = try reader.overrides(row, column)
    case .catalogue: model.catalogue = try reader.value(row, column)
    case .quotas: model.quotas = try reader.value(row, column)
    case .accelerator: model.identities[AcceleratorID(id)] = try reader.value(row, column)
    case .metricsSource: model.metricsSource = try reader.value(row, column)
    case .revision, .finding: break
    }
  }

  /// Holds those revisions that serve, are newest or on their way, and no other.
  ///
  /// Most that are news do not: their definitions are not looked at.
  private mutating func completeRevisions(
    _ reader: StateReader, from news: [RevisionID: Data]
  ) throws {
    for revision in model.revisions.items
    where !revision.status.isRollingOut && !model.needs(revision) {
      model.revisions[revision.id] = nil
    }
    for (id, payload) in news where try Revision.isRollingOut(payload: payload) {
      model.revisions[id] = try reader.value(payload)
    }
    for workload in model.workloads.items {
      for id in [workload.activeRevisionID, workload.latestRevisionID] {
        guard let id, model.revisions[id] == nil,
          let known = held[Key(kind: StateKind.revision.rawValue, id: ObjectID(id))]
        else { continue }
        let revision: Revision =
          if let payload = news[id] {
            try reader.value(payload)
          } else {
            try reader.state(.revision, id: id.rawValue, since: known.since)
          }
        if model.needs(revision) { model.revisions[id] = revision }
      }
    }
  }

  /// Reads again the next time what began in the newest millisecond of all: a second change within
  /// it would be written over the first.
  private mutating func distrustNewest(_ database: Database) throws {
    guard let newest = try Int64.fetchOne(database, sql: "SELECT max(valid_from) FROM state") else {
      return
    }
    for (key, value) in held where value.since >= newest { held[key]?.isFinal = false }
  }
}

extension FleetModel {
  /// Only what serves or is newest is held in memory; history is read when it is looked at.
  func needs(_ revision: Revision) -> Bool {
    guard let workload = workloads[revision.workloadID] else { return false }
    return workload.activeRevisionID == revision.id || workload.latestRevisionID == revision.id
      || revision.status.isRollingOut
  }
}
