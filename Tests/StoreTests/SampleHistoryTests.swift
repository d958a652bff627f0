import Domain
import Foundation
import GRDB
import Testing

@testable import Store

/// What is kept of GPUs: packed, folded, moved from the tables of before, and dropped.
struct SampleHistoryTests {
  private let start = Date(timeIntervalSince1970: 1_795_500_000)
  private let source = MetricsSourceState.live(
    host: "m", signal: .smActive, observedAt: Date(timeIntervalSince1970: 0), warning: nil)

  private func sample(_ number: Int, busy: Double, at: Date) -> AcceleratorSample {
    AcceleratorSample(
      id: AcceleratorID("GPU-\(number)"), model: "H100", host: "h", index: "\(number)",
      attribution: .init(replica: nil, workload: nil, region: nil), utilization: Ratio(busy),
      signal: .smActive, memoryUsed: Bytes(Int64(number + 1) << 30), memoryTotal: Bytes(80 << 30),
      power: Watts(300), temperature: Celsius(55), errorCode: number == 3 ? 31 : nil, sampledAt: at)
  }

  /// Readings every 15 s from `start` on; GPU 0 idles from the tenth minute on.
  private func fill(_ store: Store, minutes: Int, from: Date? = nil) throws {
    for tick in 0..<minutes * 4 {
      let at = (from ?? start).addingTimeInterval(Double(tick) * 15)
      try store.record(
        accelerators: (0..<5).map { number in
          sample(
            number, busy: number == 0 && tick >= 40 ? 0.01 : 0.5 + Double(tick % 4) / 10, at: at)
        }, source: source, at: at)
    }
  }

  private func count(_ store: Store, _ sql: String) throws -> Int {
    try store.read { try Int.fetchOne($0, sql: sql) ?? 0 }
  }

  private func accelerators(_ facts: FleetFacts) -> [FleetFacts.Accelerator] {
    facts.accelerators.sorted { $0.latest.id < $1.latest.id }
  }

  @Test func `the past of a GPU is its readings`() throws {
    let store = try Store(inMemoryFor: "t")
    try fill(store, minutes: 30)
    let instant = start.addingTimeInterval(1500)
    let found = accelerators(try store.facts(asOf: instant, now: instant))
    #expect(
      found.map(\.latest)
        == (0..<5).map { number in
          sample(number, busy: number == 0 ? 0.01 : 0.5, at: instant)
        })
    // Every fifth minute is looked at for how long it had been idle.
    #expect(found[0].idleSince == start.addingTimeInterval(600))
    #expect(found[1].idleSince == nil)
    #expect(found[1].history?.values.count == 15)
    #expect(found[1].history?[3].map { abs($0 - 0.5) < 0.001 } == true)
    let between = start.addingTimeInterval(1507)
    #expect(
      accelerators(try store.facts(asOf: between, now: between)).first?.latest.sampledAt == instant)
  }

  @Test func `idleness of before is known at the next start`() throws {
    let folder = FileManager.default.temporaryDirectory.path + "/" + UUID().uuidString
    defer { try? FileManager.default.removeItem(atPath: folder) }
    let end = start.addingTimeInterval(39 * 60 + 45)
    let live = try Store(folder: folder, contextName: "t")
    try fill(live, minutes: 40)
    try live.finish()
    let before = accelerators(try live.facts(now: end))
    let after = accelerators(try Store(folder: folder, contextName: "t").facts(now: end))
    #expect(after.map(\.latest) == before.map(\.latest))
    #expect(after.map(\.idleSince) == before.map(\.idleSince))
    #expect(after.map { $0.history?.suffix(59) } == before.map { $0.history?.suffix(59) })
  }

  @Test func `old readings become means and then go`() throws {
    let store = try Store(inMemoryFor: "t")
    try fill(store, minutes: 12)
    var retention = Retention()
    retention.raw = .seconds(300)
    while try store.tidy(retention, now: start.addingTimeInterval(720)) {}
    #expect(try count(store, "SELECT count(*) FROM sample_chunk") == 3)
    #expect(try count(store, "SELECT sum(samples) FROM minute_chunk") == 6 * 5)
    let instant = start.addingTimeInterval(340)
    let found = accelerators(try store.facts(asOf: instant, now: instant))
    #expect(found[1].latest.utilization.map { abs($0.value - 0.65) < 0.0002 } == true)
    #expect(found[3].latest.errorCode == 31)
    retention.kept = .seconds(480)
    while try store.tidy(retention, now: start.addingTimeInterval(720)) {}
    let oldest = try count(store, "SELECT min(at) FROM minute_chunk")
    #expect(oldest + 300_000 > Int(stamp(start)) + 240_000)
  }

  @Test func `a cache that is too large loses the oldest readings first`() throws {
    let store = try Store(inMemoryFor: "t")
    for tick in 0..<240 {
      let at = start.addingTimeInterval(Double(tick) * 15)
      let samples = (0..<150).map { number in
        sample(number, busy: Double((number * 7919 + tick * 10_477) % 997) / 1000, at: at)
      }
      try store.record(accelerators: samples, source: source, at: at)
    }
    var retention = Retention()
    retention.maximumBytes = try count(
      store, "SELECT (page_count - 5) * 4096 FROM pragma_page_count")
    let now = start.addingTimeInterval(3600)
    while try store.tidy(retention, now: now) {}
    let left = try count(store, "SELECT count(*) FROM sample_chunk")
    #expect(left > 0 && left < 30)
    #expect(try count(store, "SELECT max(at) FROM sample_chunk") == Int(stamp(now)) - 120_000)
    #expect(try store.facts(asOf: now, now: now).accelerators.count == 150)
  }

  @Test func `a damaged chunk is told of, and dropped in time`() throws {
    let store = try Store(inMemoryFor: "t")
    try fill(store, minutes: 30)
    let instant = start.addingTimeInterval(1000)
    try store.write {
      try $0.execute(
        sql: "UPDATE sample_chunk SET payload = substr(payload, 1, length(payload) - 3)")
    }
    #expect(throws: StoreError.damaged("a row cannot be read")) {
      try store.facts(asOf: instant, now: instant)
    }
    // What comes next is kept, and what cannot be read does not hold up the tidying.
    try fill(store, minutes: 1, from: start.addingTimeInterval(1740))
    #expect(try store.facts(now: start.addingTimeInterval(1800)).accelerators.count == 5)
    var retention = Retention()
    retention.raw = .seconds(60)
    while try store.tidy(retention, now: start.addingTimeInterval(1860)) {}
    #expect(try count(store, "SELECT count(*) FROM sample_chunk") == 0)
    #expect(try count(store, "SELECT sum(samples) FROM minute_chunk") == 5)
  }

  // MARK: - The tables of before

  /// A cache of the second version with rows: 20 minutes of means, then 20 of readings.
  private func oldCache(_ folder: String) throws {
    try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
    let queue = try DatabaseQueue(path: folder + "/cache.sqlite")
    try Migrations.cache.migrate(queue, upTo: "v2")
    try queue.write { database in
      for number in 0..<5 {
        try database.execute(
          sql: "INSERT INTO series VALUES (?, ?)", arguments: [number + 1, "GPU-\(number)"])
        try state(
          .accelerator, "GPU-\(number)", sample(number, busy: 0, at: start).identity, database)
      }
      try state(.metricsSource, "", source, database)
      for minute in 0..<20 {
        try insert("sample_minute", minute * 60, "", database)
      }
      for tick in 0..<80 { try insert("sample", 1200 + tick * 15, ", NULL", database) }
    }
    try queue.close()
  }

  private func state(
    _ kind: StateKind, _ id: String, _ item: some Payload, _ database: Database
  ) throws {
    try database.execute(
      sql: "INSERT INTO state (kind, id, valid_from, payload) VALUES (?, ?, ?, ?)",
      arguments: [kind.rawValue, id, stamp(start), item.payload()])
  }

  private func insert(_ table: String, _ second: Int, _ more: String, _ database: Database) throws {
    for number in 0..<5 {
      let busy = number == 0 ? 100 : 4000 + number * 100 + second % 97
      try database.execute(
        sql: "INSERT INTO \(table) VALUES (?, ?, ?, ?, NULL, 550\(more))",
        arguments: [stamp(start) + Int64(second) * 1000, number + 1, busy, 1000 + number])
    }
  }

  @Test func `rows of the version before are read, and lose nothing when they are packed`() throws {
    let folder = FileManager.default.temporaryDirectory.path + "/" + UUID().uuidString
    defer { try? FileManager.default.removeItem(atPath: folder) }
    try oldCache(folder)
    let store = try Store(folder: folder, contextName: "t")
    let instants = [400, 1190, 1207, 1300, 1800, 2385].map { start.addingTimeInterval($0) }
    func look() throws -> [[FleetFacts.Accelerator]] {
      try instants.map { accelerators(try store.facts(asOf: $0, now: $0)) }
    }
    let before = try look()
    #expect(before.map(\.count) == [5, 5, 5, 5, 5, 5])
    #expect(
      before[1].map(\.latest.sampledAt)
        == Array(repeating: start.addingTimeInterval(1140), count: 5))
    #expect(before[3][2].latest.utilization == Ratio(Double(4200 + 1290 % 97) / 10_000))
    #expect(before[4][0].idleSince == start)
    #expect(try store.tidy(Retention(), now: start.addingTimeInterval(2400)))
    #expect(try look() == before, "half of them moved")
    while try store.tidy(Retention(), now: start.addingTimeInterval(2400)) {}
    #expect(try count(store, "SELECT count(*) FROM sample") == 0)
    #expect(try count(store, "SELECT count(*) FROM sample_minute") == 0)
    #expect(try count(store, "SELECT sum(samples) FROM minute_chunk") == 100)
    #expect(try count(store, "SELECT sum(samples) FROM sample_chunk") == 400)
    #expect(try look() == before)
    let live = accelerators(try Store(folder: folder, contextName: "t").facts(now: instants[5]))
    #expect(live.map(\.latest) == before[5].map(\.latest))
  }

  @Test func `a recording of the version before opens`() throws {
    let folder = FileManager.default.temporaryDirectory.path + "/" + UUID().uuidString
    defer { try? FileManager.default.removeItem(atPath: folder) }
    try oldCache(folder)
    let path = folder + "/cache.sqlite"
    let queue = try DatabaseQueue(path: path)
    try queue.write { database in
      try Migrations.makeJournal(database)
      try database.execute(
        sql: """
          CREATE TABLE recording (format INTEGER, context TEXT, began INTEGER, ended INTEGER,
            written INTEGER) STRICT;
          INSERT INTO recording VALUES (1, 'prod', 0, 0, 0);
          """)
    }
    try queue.close()
    let bytes = try Data(contentsOf: URL(filePath: path))
    let replay = try Store(recordingAt: path)
    let instant = start.addingTimeInterval(2000)
    #expect(try replay.facts(asOf: instant, now: instant).accelerators.count == 5)
    #expect(try Data(contentsOf: URL(filePath: path)) == bytes, "the file stays as it is")
  }

  @Test func `a recording holds the readings of its span and no later one`() throws {
    let folder = FileManager.default.temporaryDirectory.path + "/" + UUID().uuidString
    defer { try? FileManager.default.removeItem(atPath: folder) }
    let store = try Store(folder: folder, contextName: "t")
    try fill(store, minutes: 30)
    let end = start.addingTimeInterval(1215)
    let path = folder + "/hand-over.vigie"
    try store.record(to: path, span: start.addingTimeInterval(600)...end, writtenAt: start)
    let replay = try Store(recordingAt: path)
    #expect(try count(replay, "SELECT sum(samples) FROM sample_chunk") == 82 * 5)
    let late = end.addingTimeInterval(30)
    #expect(
      accelerators(try replay.facts(asOf: late, now: late)).map(\.latest.sampledAt)
        == Array(repeating: end, count: 5))
  }
}
