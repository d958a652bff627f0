import Domain
import Foundation
import GRDB
import Synchronization
import Testing

@testable import Store

/// The model of the last look, moved to another instant, is what a look from nothing finds.
struct PastModelTests {
  private let start = Date(timeIntervalSince1970: 1_795_500_000)

  private func workload(_ number: Int, version: UInt64, active: Int, latest: Int) -> Workload {
    Workload(
      id: WorkloadID("w\(number)"), appID: AppID("app"), name: "w\(number)", kind: .web,
      status: .healthy, statusText: "v\(version)", messages: [], version: version,
      createdAt: start, updatedAt: start, activeRevisionID: RevisionID("v\(number)-\(active)"),
      latestRevisionID: RevisionID("v\(number)-\(latest)"))
  }

  private func revision(
    _ number: Int, of workload: Int, status: Revision.Status, version: UInt64
  ) -> Revision {
    Revision(
      id: RevisionID("v\(workload)-\(number)"), workloadID: WorkloadID("w\(workload)"),
      status: status, statusText: "\(status)", messages: [], trigger: .redeploy, author: nil,
      commit: nil, createdAt: start, startedAt: nil, succeededAt: nil, terminatedAt: nil,
      version: version, definition: Definition(source: .image("i:\(version)"), regions: []))
  }

  private func replica(_ number: Int, text: String) -> Replica {
    Replica(
      id: ReplicaID("r\(number)"), workloadID: WorkloadID("w\(number % 6)"), revisionID: nil,
      region: RegionID("fra"), type: InstanceTypeID("small"), index: number, status: .healthy,
      statusText: text, messages: [], datacenter: nil, createdAt: nil, updatedAt: nil)
  }

  private func sample(_ number: Int, replica: Int, busy: Double, at: Date) -> AcceleratorSample {
    AcceleratorSample(
      id: AcceleratorID("g\(number)"), model: "L4", host: nil, index: nil,
      attribution: .init(replica: "r\(replica)", workload: nil, region: nil),
      utilization: Ratio(busy), signal: .smActive, memoryUsed: nil, memoryTotal: nil, power: nil,
      temperature: nil, errorCode: nil, sampledAt: at)
  }

  private func change(
    _ store: Store, _ step: Int, at: Date, _ generator: inout Seeded
  ) throws {
    func random(_ limit: Int) -> Int { Int.random(in: 0..<limit, using: &generator) }
    switch random(8) {
    case 0, 1:
      let latest = random(4)
      try store.apply(
        .workloads([
          workload(
            random(6), version: UInt64(step), active: Bool.random(using: &generator) ? latest : 0,
            latest: latest)
        ]), observedAt: at)
    case 2, 3:
      let statuses: [Revision.Status] = [.healthy, .starting, .stopped]
      try store.apply(
        .revisions([
          revision(random(4), of: random(6), status: statuses[random(3)], version: UInt64(step))
        ]), observedAt: at)
    case 4: try store.apply(.replicas([replica(random(20), text: "\(step)")]), observedAt: at)
    case 5:
      try store.markGone([ObjectID("r\(random(20))")], of: .replicas, at: at)
    case 6:
      try store.setOverrides(
        [ScalingOverride(regions: [], replicas: random(5))], of: WorkloadID("w\(random(6))"),
        at: at)
    default:
      try store.record(
        accelerators: (0..<4).map {
          sample($0, replica: random(3), busy: Double(random(100)) / 100, at: at)
        }, source: .live(host: "m", signal: .smActive, observedAt: at, warning: nil), at: at)
    }
  }

  @Test(arguments: 1...12 as ClosedRange<UInt64>)
  func `a moved model is what is on disk`(seed: UInt64) throws {
    var generator = Seeded(state: seed)
    let store = try Store(inMemoryFor: "t")
    var now = start
    for step in 1...250 {
      // Now and then several changes in one millisecond, with a look between them.
      let pause = [0, 0, 1, 20, 400, 9000].randomElement(using: &generator) ?? 1
      now = now.addingTimeInterval(Double(pause))
      try change(store, step, at: now, &generator)
      guard Int.random(in: 0..<3, using: &generator) == 0 else { continue }
      let span = now.timeIntervalSince(start)
      let instant =
        Bool.random(using: &generator)
        ? now : start.addingTimeInterval(Double.random(in: 0...span, using: &generator))
      let moved = try store.facts(asOf: instant, now: instant)
      let fresh = try store.read { database in
        var model = PastModel(contextName: "t")
        var measures = PastMeasures()
        try model.move(to: instant, in: database)
        try measures.move(to: instant, in: database)
        return model.facts(asOf: instant, measures: &measures, journal: [])
      }
      try agree(moved, fresh, "seed \(seed), step \(step)")
      // What is known now is what is on disk now.
      if instant == now { try agree(try store.facts(now: now), fresh, "seed \(seed), now") }
    }
  }

  private func agree(_ one: FleetFacts, _ other: FleetFacts, _ remark: String) throws {
    #expect(Set(one.workloads) == Set(other.workloads), "\(remark)")
    #expect(Set(one.replicas) == Set(other.replicas), "\(remark)")
    #expect(one.overrides == other.overrides, "\(remark)")
    for workload in other.workloads {
      for id in [workload.activeRevisionID, workload.latestRevisionID] {
        guard let id else { continue }
        #expect(one.revisions[id] == other.revisions[id], "\(remark)")
      }
    }
    #expect(
      one.revisions.items.filter(\.status.isRollingOut).count
        >= other.revisions.items.filter(\.status.isRollingOut).count, "\(remark)")
    let latest = { (facts: FleetFacts) in
      facts.accelerators.map(\.latest).filter { facts.asOf.timeIntervalSince($0.sampledAt) < 60 }
        .sorted { $0.id < $1.id }
    }
    #expect(latest(one).map(\.attribution) == latest(other).map(\.attribution), "\(remark)")
  }

  @Test func `a model that nobody asks for is let go`() throws {
    let store = try Store(inMemoryFor: "t")
    try store.apply(.replicas([replica(1, text: "x")]), observedAt: start)
    _ = try store.facts(asOf: start, now: start)
    _ = try store.tidy(Retention(), now: start)
    #expect(store.past.withLock { $0.take().model } != nil)
    _ = try store.facts(asOf: start, now: start)
    _ = try store.tidy(Retention(), now: start)
    _ = try store.tidy(Retention(), now: start)
    #expect(store.past.withLock { $0.take().model } == nil)
  }

  @Test(arguments: 1...4 as ClosedRange<UInt64>)
  func `intervals of every length are found`(seed: UInt64) throws {
    var generator = Seeded(state: seed)
    let store = try Store(inMemoryFor: "t")
    var intervals: [(id: Int, from: Int64, until: Int64)] = []
    try store.write { database in
      for number in 0..<400 {
        let length = Int64(pow(2, Double.random(in: 0...36, using: &generator)))
        let from = Int64.random(in: 0...(1 << 36), using: &generator)
        let exact = [60_000, 240_000, 3_840_000, 245_760_000, length].randomElement(
          using: &generator)
        let until = from + (number % 4 == 0 ? exact ?? length : length)
        intervals.append((number, from, until))
        try database.execute(
          sql: "INSERT INTO state VALUES (?, 4, ?, ?, ?, NULL, x'')",
          arguments: [
            StatePlace.places(from: from, until: until).lowerBound + Int64(number), "\(number)",
            from, until,
          ])
      }
    }
    var instants = (0..<200).map { _ in Int64.random(in: 0...(1 << 37), using: &generator) }
    for interval in intervals.prefix(40) {
      instants += [interval.from - 1, interval.from, interval.until - 1, interval.until]
    }
    for at in instants {
      let found = try store.read { database in
        var found: [String] = []
        try StateReader(database).forEachState(heldAt: at) { found.append($0[1]) }
        return found
      }
      let truth = intervals.filter { $0.from <= at && $0.until > at }.map { "\($0.id)" }
      #expect(found.sorted() == truth.sorted(), "seed \(seed), \(at)")
    }
  }
}
