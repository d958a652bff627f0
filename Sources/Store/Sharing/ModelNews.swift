import Domain
import Foundation
import GRDB

/// What another process wrote since the last look, read in one transaction.
struct ModelNews {
  /// Above so many objects it is quicker to read everything in its order.
  private static let most = 16_000

  /// Of the newest transaction that is in it.
  private(set) var number: Int64
  private(set) var states: [(key: StateKey, state: HeldState?)] = []
  /// Of workloads that changed: those that they name now.
  private(set) var revisions: [Revision] = []
  /// Newest first.
  private(set) var events: [ScalingEvent] = []
  private(set) var activities: [Activity] = []
  private(set) var traffic: [TrafficSample] = []
  /// Nil when there is no new one.
  private(set) var trend: [TrendPoint]?
  private(set) var coverage: Coverage.Run?
  private(set) var samples: Samples?

  /// New readings of GPUs.
  enum Samples {
    /// Instants with the number of each series, and the names of all series.
    case more([SampleFrame], names: [Int: AcceleratorID])
    /// There were too many, or none before.
    case whole(AcceleratorRing, names: [Int: AcceleratorID])
  }

  /// What the one who asks knows already.
  struct Known {
    var number: Int64
    var seriesCount: Int
    var lastSampleAt: Date?
    var trend: [TrendPoint]
    var hasWorkload: (WorkloadID) -> Bool
  }

  /// Nil when it is not known any more what changed, or when that is nearly all.
  init?(_ reader: StateReader, known: Known) throws {
    let database = reader.database
    guard let note = try ChangeLog.since(known.number, in: database) else { return nil }
    number = try ChangeLog.newest(database)
    if let low = note.states {
      let keys = try reader.changed(since: low)
      guard keys.count <= Self.most else { return nil }
      for key in keys {
        let state = try reader.held(key)
        states.append((key, state))
        if case .workload(let workload) = state {
          try completeRevisions(of: workload, isNew: !known.hasWorkload(workload.id), reader)
        }
      }
    }
    if let low = note.feed { try readFeed(since: low, reader) }
    if let low = note.traffic {
      traffic = try Data.fetchAll(
        database, sql: "SELECT payload FROM traffic WHERE at >= ?", arguments: [low]
      ).map { try TrafficSample(payload: $0, pools: reader.pools) }
    }
    let newest = try Int64.fetchOne(database, sql: "SELECT max(at) FROM trend")
    if newest != known.trend.last.map({ stamp($0.at) }) {
      trend = try TrendReader.points(database, until: nil, known: known.trend)
    }
    coverage = try Coverage.last(database)
    try readSamples(reader, known: known)
  }

  /// A workload that was not there may have revisions from before; of another only those matter
  /// that it names.
  private mutating func completeRevisions(
    of workload: Workload, isNew: Bool, _ reader: StateReader
  ) throws {
    if isNew {
      revisions += try reader.revisions(of: workload.id)
      return
    }
    for id in Set([workload.activeRevisionID, workload.latestRevisionID].compactMap { $0 }) {
      let key = StateKey(kind: .revision, id: id.rawValue)
      if case .revision(let revision) = try reader.held(key) { revisions.append(revision) }
    }
  }

  private mutating func readFeed(since low: Int64, _ reader: StateReader) throws {
    let rows = try Row.fetchCursor(
      reader.database,
      sql: "SELECT is_scaling, payload FROM feed WHERE at >= ? ORDER BY at DESC LIMIT ?",
      arguments: [low, FleetModel.feedLength])
    while let row = try rows.next() {
      if row[0] as Int == 1 {
        events.append(try reader.value(row, 1))
      } else {
        activities.append(try reader.value(row, 1))
      }
    }
  }

  private mutating func readSamples(_ reader: StateReader, known: Known) throws {
    let database = reader.database
    let source = try SampleSource(database)
    guard let newest = try source.newest(), newest > known.lastSampleAt.map(stamp) ?? .min else {
      return
    }
    let names = try SampleReader.seriesNames(database)
    guard let last = known.lastSampleAt, newest - stamp(last) < 300_000 else {
      var identities: [AcceleratorID: AcceleratorSample] = [:]
      let items: [AcceleratorSample] = try reader.states(.accelerator)
      for item in items { identities[item.id] = item }
      samples = .whole(
        try SampleReader.ring(database, identities: identities, names: names), names: names)
      return
    }
    var frames: [SampleFrame] = []
    try source.forEach(after: stamp(last), upTo: newest) { _ in
      SampleFrame.Column.allCases
    } _: {
      frames.append($0)
    }
    samples = .more(frames, names: names)
  }
}
