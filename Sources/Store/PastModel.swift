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
  private var names: [Int: AcceleratorID] = [:]
  /// Metered runs, and the number of readings of them when they were read.
  private var usages: (runs: UsageRuns, number: Int)?

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

  private struct News {
    var kind: StateKind
    var id: ObjectID
    /// As it stands on disk.
    var text: String
    var since: Int64
  }

  init(contextName: String) {
    model = FleetModel(contextName: contextName)
  }

  /// Goes to an instant.
  ///
  /// After an error nothing more may be asked of it. `usageNumber` goes up when metered runs change.
  mutating func move(to instant: Date, in database: Database, usageNumber: Int = 0) throws {
    // A look comes back to the pages of the look before.
    try database.execute(sql: "PRAGMA cache_size = -4096")
    let reader = StateReader(database)
    let news = try news(at: stamp(instant), in: database)
    forgetOthers()
    for state in news { try take(state, reader) }
    try completeRevisions(reader)
    try reader.more(into: &model, asOf: instant)
    try foldUsages(at: instant, in: database, number: usageNumber)
    if try names.count != Int.fetchOne(database, sql: "SELECT count(*) FROM series") {
      names = try SampleReader.seriesNames(database)
    }
    model.accelerators = try SampleReader.pastRing(
      database, identities: model.identities, names: names, at: stamp(instant))
    model.metricsSource = model.metricsSource.undated.dated(model.accelerators.lastAt)
    try distrustNewest(database)
  }

  func facts(asOf instant: Date, journal: [JournalEntry]) -> FleetFacts {
    var facts = model.facts(asOf: instant, journal: journal)
    facts.replicas = Array(replicas.values)
    return facts
  }

  /// States that hold and are not known yet.
  private mutating func news(at: Int64, in database: Database) throws -> [News] {
    look += 1
    var news: [News] = []
    let rows = try Row.fetchCursor(
      try database.cachedStatement(sql: StateSpan.heldAt), arguments: ["at": at])
    while let row = try rows.next() {
      let id: String = row[1]
      let since: Int64 = row[2]
      let key = Key(kind: row[0], id: ObjectID(id))
      let old = held.updateValue(Held(since: since, look: look), forKey: key)
      if let old, old.since == since, old.isFinal { continue }
      if let kind = StateKind(rawValue: key.kind) {
        news.append(News(kind: kind, id: key.id, text: id, since: since))
      }
    }
    return news
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

  private mutating func take(_ news: News, _ reader: StateReader) throws {
    let (id, text) = (news.id, news.text)
    switch news.kind {
    case .app:
      model.apps[AppID(id)] = try reader.state(.app, id: text, since: news.since)
    case .workload:
      model.workloads[WorkloadID(id)] = try reader.state(.workload, id: text, since: news.since)
    case .revision:
      model.revisions[RevisionID(id)] = try reader.state(.revision, id: text, since: news.since)
    case .replica:
      replicas[ReplicaID(id)] = try reader.state(.replica, id: text, since: news.since)
    case .overrides:
      let overrides: Overrides = try reader.state(.overrides, id: text, since: news.since)
      model.overrides[WorkloadID(id)] = overrides.items
    case .catalogue: model.catalogue = try reader.state(.catalogue, id: text, since: news.since)
    case .quotas: model.quotas = try reader.state(.quotas, id: text, since: news.since)
    case .accelerator:
      model.identities[AcceleratorID(id)] = try reader.state(
        .accelerator, id: text, since: news.since)
    case .metricsSource:
      model.metricsSource = try reader.state(.metricsSource, id: text, since: news.since)
    case .finding: break
    }
  }

  /// Holds those revisions that serve, are newest or on their way, and no other.
  private mutating func completeRevisions(_ reader: StateReader) throws {
    for revision in model.revisions.items
    where !revision.status.isRollingOut && !model.needs(revision) {
      model.revisions[revision.id] = nil
    }
    for workload in model.workloads.items {
      for id in [workload.activeRevisionID, workload.latestRevisionID] {
        guard let id, model.revisions[id] == nil,
          let known = held[Key(kind: StateKind.revision.rawValue, id: ObjectID(id))]
        else { continue }
        let revision: Revision = try reader.state(
          .revision, id: id.rawValue, since: known.since)
        if model.needs(revision) { model.revisions[id] = revision }
      }
    }
  }

  private mutating func foldUsages(at instant: Date, in database: Database, number: Int) throws {
    let month = UsageRuns.month(of: instant)
    let known = usages.flatMap { $0.number == number && $0.runs.month == month ? $0.runs : nil }
    let runs = try known ?? UsageRuns(database, month: month)
    usages = (runs, number)
    model.usages = runs.totals(now: instant)
    model.meteredDay = runs.day(now: instant)
    model.usagesCoveredUntil = instant
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

/// Keeps the model of the last look while looks go on.
struct PastShelf {
  private var model: PastModel?
  private var wasUsed = false

  mutating func take() -> PastModel? {
    defer { model = nil }
    return model
  }

  mutating func put(_ new: PastModel) {
    model = new
    wasUsed = true
  }

  /// Lets go of what nobody asked for since the last call.
  mutating func clear() {
    if !wasUsed { model = nil }
    wasUsed = false
  }
}
