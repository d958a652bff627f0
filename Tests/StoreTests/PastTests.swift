import Domain
import Foundation
import GRDB
import Testing

@testable import Store

struct PastTests {
  private let start = Date(timeIntervalSince1970: 1_795_500_000)

  private func workload(_ id: Int, version: UInt64, status: Workload.Status) -> Workload {
    Workload(
      id: WorkloadID("w\(id)"), appID: AppID("app"), name: "w\(id)", kind: .web, status: status,
      statusText: "\(status)", messages: [], version: version, createdAt: start, updatedAt: start,
      activeRevisionID: nil, latestRevisionID: nil)
  }

  private func replica(_ id: Int, of workload: Int, status: Replica.Status, at: Date) -> Replica {
    Replica(
      id: ReplicaID("r\(id)"), workloadID: WorkloadID("w\(workload)"), revisionID: nil,
      region: RegionID("fra"), type: InstanceTypeID("small"), index: id, status: status,
      statusText: "\(status)", messages: [], datacenter: nil, createdAt: start, updatedAt: at)
  }

  /// Random histories: at any instant the cache tells what a model in memory held then.
  @Test(arguments: [1, 2, 3, 4, 5] as [UInt64])
  func `the past is what it was`(seed: UInt64) throws {
    var generator = Seeded(state: seed)
    let store = try Store(inMemoryFor: "t")
    var now = start
    var workloads: [WorkloadID: Workload] = [:]
    var replicas: [ReplicaID: Replica] = [:]
    var history: [(at: Date, workloads: [WorkloadID: Workload], replicas: [ReplicaID: Replica])] =
      []
    for step in 1...120 {
      now = now.addingTimeInterval(Double(Int.random(in: 1...90, using: &generator)))
      switch Int.random(in: 0..<10, using: &generator) {
      case 0..<5:
        let number = Int.random(in: 0..<12, using: &generator)
        let status: Workload.Status = Bool.random(using: &generator) ? .healthy : .degraded
        let item = workload(number, version: UInt64(step), status: status)
        try store.apply(.workloads([item]), observedAt: now)
        workloads[item.id] = item
      case 5..<9:
        let number = Int.random(in: 0..<30, using: &generator)
        let status: Replica.Status = Bool.random(using: &generator) ? .healthy : .unhealthy
        let item = replica(number, of: number % 12, status: status, at: now)
        try store.apply(.replicas([item]), observedAt: now)
        replicas[item.id] = item
      default:
        guard let gone = workloads.keys.randomElement(using: &generator) else { continue }
        try store.markGone([ObjectID(gone)], of: .workloads, at: now)
        workloads[gone] = nil
      }
      history.append((now, workloads, replicas))
    }
    for _ in 0..<60 {
      let end = now.timeIntervalSince(start)
      let instant = start.addingTimeInterval(Double.random(in: 0...end, using: &generator))
      let truth = history.last { $0.at <= instant }
      let facts = try store.facts(asOf: instant, now: now)
      let found = Dictionary(facts.workloads.map { ($0.id, $0) }, uniquingKeysWith: { $1 })
      let foundReplicas = Dictionary(facts.replicas.map { ($0.id, $0) }, uniquingKeysWith: { $1 })
      #expect(found == truth?.workloads ?? [:], "seed \(seed), \(instant)")
      #expect(foundReplicas == truth?.replicas ?? [:], "seed \(seed), \(instant)")
    }
  }

  @Test func `a silence is a gap, not an old value`() throws {
    let store = try Store(inMemoryFor: "t")
    func sweep(_ at: Date, _ generation: Int64) throws {
      try store.beginSweep(.workloads, generation: generation)
      try store.apply(.workloads([workload(1, version: 1, status: .healthy)]), observedAt: at)
      try store.completeSweep(
        .workloads, generation: generation, at: at, interval: .seconds(5))
    }
    for step in 0..<12 { try sweep(start.addingTimeInterval(Double(step) * 5), Int64(step)) }
    let late = start.addingTimeInterval(660)
    for step in 0..<12 { try sweep(late.addingTimeInterval(Double(step) * 5), Int64(20 + step)) }
    #expect(
      try store.facts(asOf: start.addingTimeInterval(30), now: late).recording == .recorded)
    #expect(
      try store.facts(asOf: start.addingTimeInterval(300), now: late).recording
        == .gap(from: start.addingTimeInterval(55), until: late))
    #expect(
      try store.facts(asOf: start.addingTimeInterval(-9), now: late).recording
        == .gap(from: nil, until: start))
    let timeline = try store.timeline(in: start...late.addingTimeInterval(60))
    #expect(timeline.gaps == [start.addingTimeInterval(55)...late])
    #expect(timeline.entries.filter { $0.kind == .gap }.map(\.at) == [start.addingTimeInterval(55)])
  }

  @Test func `what was pruned is not recorded any more`() throws {
    let store = try Store(inMemoryFor: "t")
    for step in 0..<3 {
      let at = start.addingTimeInterval(Double(step) * 5)
      try store.beginSweep(.workloads, generation: Int64(step))
      try store.apply(
        .workloads([workload(1, version: UInt64(step), status: .healthy)]), observedAt: at)
      try store.completeSweep(
        .workloads, generation: Int64(step), at: at, interval: .seconds(5))
    }
    var retention = Retention()
    retention.kept = .seconds(3600)
    while try store.tidy(retention, now: start.addingTimeInterval(3607)) {}
    let end = start.addingTimeInterval(10)
    #expect(try store.facts(asOf: end, now: end).recording == .recorded)
    #expect(
      try store.facts(asOf: start.addingTimeInterval(2), now: end).recording
        == .gap(from: nil, until: start.addingTimeInterval(7)))
  }

  @Test func `findings open and close in the timeline`() throws {
    let store = try Store(inMemoryFor: "t")
    let finding = Finding(
      id: "unhealthy/w1", severity: .critical, kind: .unhealthy, workloadID: WorkloadID("w1"),
      subject: "w1", region: nil, summary: "0/1 ready", since: nil, burnt: nil, remedy: .open)
    try store.record(findings: [finding], at: start.addingTimeInterval(10))
    try store.record(findings: [finding], at: start.addingTimeInterval(20))
    try store.record(findings: [], at: start.addingTimeInterval(40))
    let entries = try store.timeline(in: start...start.addingTimeInterval(60)).entries
      .filter { $0.kind == .finding }
    #expect(entries.map { $0.at.timeIntervalSince(start) } == [10, 40])
    #expect(entries.map(\.severity) == [.critical, .information])
  }

  @Test(arguments: [(["fra"], "fra"), (["fra", "par"], nil), ([], nil)] as [([String], String?)])
  func `an entry names the region of a workload that runs in one alone`(
    regions: [String], region: String?
  ) throws {
    let store = try Store(inMemoryFor: "t")
    let revision = Revision(
      id: RevisionID("v1"), workloadID: WorkloadID("w1"), status: .healthy, statusText: "HEALTHY",
      messages: [], trigger: .redeploy, author: nil, commit: nil, createdAt: start,
      startedAt: nil, succeededAt: nil, terminatedAt: nil, version: 1,
      definition: Definition(regions: regions.map { RegionID($0) }))
    try store.apply(.revisions([revision]), observedAt: start)
    for (status, offset) in [(Workload.Status.healthy, 1.0), (.degraded, 9)] {
      try store.apply(
        .workloads([workload(1, version: 1, status: status)]),
        observedAt: start.addingTimeInterval(offset))
    }
    let entries = try store.timeline(in: start...start.addingTimeInterval(60)).entries
      .filter { $0.kind == .status }
    #expect(entries.map(\.region) == [region.map { RegionID($0) }])
  }

  @Test func `a change of counts that nobody told of is an observed event`() throws {
    let store = try Store(inMemoryFor: "t")
    try store.apply(.workloads([workload(1, version: 1, status: .healthy)]), observedAt: start)
    func sweep(_ count: Int, _ at: Date) throws {
      try store.beginSweep(.replicas, generation: Int64(at.timeIntervalSince(start)))
      let items = (0..<count).map { replica($0, of: 1, status: .healthy, at: start) }
      try store.apply(.replicas(items), observedAt: at)
      try store.completeSweep(
        .replicas, generation: Int64(at.timeIntervalSince(start)), at: at, interval: .seconds(5))
    }
    try sweep(1, start.addingTimeInterval(5))
    try sweep(3, start.addingTimeInterval(10))
    #expect(try store.facts(now: start.addingTimeInterval(11)).scalingEvents.isEmpty)
    try sweep(3, start.addingTimeInterval(15))
    #expect(try store.facts(now: start.addingTimeInterval(16)).scalingEvents.isEmpty)
    try sweep(3, start.addingTimeInterval(45))
    let events = try store.facts(now: start.addingTimeInterval(11)).scalingEvents
    #expect(events.count == 1)
    #expect(events.first?.actor == .observed)
    #expect(events.first?.from == 1)
    #expect(events.first?.to == 3)
  }

  @Test func `a recording keeps the day before its span and nothing after it`() throws {
    let folder = FileManager.default.temporaryDirectory.appending(path: UUID().uuidString).path
    defer { try? FileManager.default.removeItem(atPath: folder) }
    let store = try Store(folder: folder, contextName: "t")
    for hour in 0..<72 {
      try store.record(
        trend: TrendPoint(
          at: start.addingTimeInterval(Double(hour) * 3600), idlePerHour: nil, utilization: nil,
          ready: hour, requestsPerSecond: nil, latencyP99: nil, troubled: 0))
    }
    let span = start.addingTimeInterval(48 * 3600)...start.addingTimeInterval(50 * 3600)
    let file = folder + "/span.vigie"
    try store.record(to: file, span: span, writtenAt: start)
    let copy = try Store(recordingAt: file)
    let known = try copy.facts(asOf: span.upperBound, now: span.upperBound).trend
    #expect(known.last?.ready == 50)
    let all = try copy.read { try Int.fetchOne($0, sql: "SELECT count(*) FROM trend") }
    #expect(all == 27)
  }

  @Test func `incidents are kept and never changed`() throws {
    let store = try Store(inMemoryFor: "t")
    let id = try store.startIncident("chat is down", at: start)
    try store.mark(id, "rolled back", at: start.addingTimeInterval(60))
    #expect(try store.incidents().first?.endedAt == nil)
    try store.endIncident(id, at: start.addingTimeInterval(90))
    #expect(try store.incidents().first?.endedAt == start.addingTimeInterval(90))
    let notes = try store.timeline(in: start...start.addingTimeInterval(100)).entries
    #expect(
      notes.filter { $0.kind == .note }.map(\.text) == [
        "incident started: chat is down", "rolled back", "incident ended",
      ])
    #expect(throws: (any Error).self) {
      try store.journalDatabase.write { try $0.execute(sql: "UPDATE note SET text = 'x'") }
    }
  }

  @Test func `a recording holds its span and opens elsewhere`() throws {
    let folder = FileManager.default.temporaryDirectory.path + "/" + UUID().uuidString
    defer { try? FileManager.default.removeItem(atPath: folder) }
    let store = try Store(folder: folder, contextName: "prod")
    for step in 0..<40 {
      let at = start.addingTimeInterval(Double(step) * 5)
      try store.beginSweep(.workloads, generation: Int64(step))
      try store.apply(
        .workloads([workload(1, version: UInt64(step), status: step < 20 ? .healthy : .degraded)]),
        observedAt: at)
      try store.completeSweep(
        .workloads, generation: Int64(step), at: at, interval: .seconds(5))
    }
    let path = folder + "/hand-over.vigie"
    try store.record(
      to: path, span: start.addingTimeInterval(50)...start.addingTimeInterval(150),
      writtenAt: start)
    let mode = try FileManager.default.attributesOfItem(atPath: path)[.posixPermissions] as? Int
    #expect(mode == 0o600)
    let replay = try Store(recordingAt: path)
    #expect(replay.contextName == "prod")
    #expect(
      try replay.recordedSpan() == start.addingTimeInterval(50)...start.addingTimeInterval(150))
    let facts = try replay.facts(asOf: start.addingTimeInterval(120), now: start)
    #expect(facts.workloads.map(\.status) == [.degraded])
    #expect(try replay.facts(asOf: start.addingTimeInterval(60), now: start).workloads.count == 1)
    let foreign = folder + "/foreign"
    try Data("not a database at all".utf8).write(to: URL(filePath: foreign))
    #expect(throws: StoreError.self) { try Store(recordingAt: foreign) }
    var damaged = try Data(contentsOf: URL(filePath: path))
    damaged.removeLast(damaged.count / 2)
    try damaged.write(to: URL(filePath: foreign))
    #expect(throws: StoreError.self) { try Store(recordingAt: foreign) }
  }
}

/// A small generator whose seed can be printed.
struct Seeded: RandomNumberGenerator {
  var state: UInt64

  mutating func next() -> UInt64 {
    state &+= 0x9e37_79b9_7f4a_7c15
    var mixed = state
    mixed = (mixed ^ (mixed >> 30)) &* 0xbf58_476d_1ce4_e5b9
    mixed = (mixed ^ (mixed >> 27)) &* 0x94d0_49bb_1331_11eb
    return mixed ^ (mixed >> 31)
  }
}
