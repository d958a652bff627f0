import Domain
import Foundation
import GRDB
import Testing

@testable import Store

/// Several processes on one cache, played by several stores on one folder: their locks belong to
/// open files and not to processes, so that two in one process exclude each other as well.
struct SharingTests {
  private let start = Date(timeIntervalSince1970: 1_795_500_000)

  private func folder() -> String {
    FileManager.default.temporaryDirectory.path + "/vigie-share-\(UUID().uuidString)"
  }

  private func open(_ folder: String) throws -> Store {
    try Store(folder: folder, contextName: "t")
  }

  private func named(_ name: String, version: UInt64 = 1) -> PageContent {
    .workloads([ChangingFleet.workload("w", version: version, name: name)])
  }

  @Test func `exactly one of five writes`() throws {
    let folder = folder()
    defer { try? FileManager.default.removeItem(atPath: folder) }
    let stores = try (0..<5).map { _ in try open(folder) }
    #expect(stores.map(\.isWriter) == [true, false, false, false, false])
    try stores[0].apply(named("chat"), observedAt: start)
    for store in stores[1...] {
      #expect(try store.facts(now: start).workloads.map(\.name) == ["chat"])
      #expect(throws: StoreError.heldElsewhere(process: getpid())) {
        try store.setOverrides([], of: WorkloadID("w"), at: start)
      }
      #expect(throws: DatabaseError.self) {
        try store.database.write { try $0.execute(sql: "DELETE FROM state") }
      }
    }
  }

  @Test func `to delete the lock's file does not make a second writer`() throws {
    let folder = folder()
    defer { try? FileManager.default.removeItem(atPath: folder) }
    let writer = try open(folder)
    let reader = try open(folder)
    unlink(folder + "/writer.lock")
    #expect(try !reader.claim())
    #expect(try !open(folder).isWriter)
    withExtendedLifetime(writer) {}
  }

  @Test func `a reader sees what is committed, and what only ages`() throws {
    let folder = folder()
    defer { try? FileManager.default.removeItem(atPath: folder) }
    let writer = try open(folder)
    let reader = try open(folder)
    #expect(try reader.facts(now: start).workloads.isEmpty)
    try reader.follow()
    #expect(try !reader.follow(), "nothing happened")
    try writer.apply(named("chat"), observedAt: start)
    #expect(try reader.follow())
    #expect(try reader.facts(now: start).workloads.map(\.name) == ["chat"])
    _ = reader.takeTouched()
    try writer.apply(named("talk", version: 2), observedAt: start.addingTimeInterval(5))
    try reader.follow()
    #expect(try reader.facts(now: start).workloads.map(\.name) == ["talk"])
    #expect(reader.takeTouched() == Touched(workloads: [WorkloadID("w")], accelerators: true))
    // A second completion within a minute is no transaction, and yet known.
    for age in [10.0, 15] {
      try writer.beginSweep(.workloads, generation: 1)
      try writer.completeSweep(
        .workloads, generation: 1, at: start.addingTimeInterval(age), interval: .seconds(5))
      try reader.follow()
      let state = try reader.syncStates().first { $0.resource == .workloads }
      #expect(state?.completedAt == start.addingTimeInterval(age))
    }
  }

  @Test func `a long sweep does not keep its rows back`() throws {
    let folder = folder()
    defer { try? FileManager.default.removeItem(atPath: folder) }
    let writer = try open(folder)
    let reader = try open(folder)
    _ = try reader.facts(now: start)
    try writer.beginSweep(.workloads, generation: 1)
    for second in 0..<4 {
      let item = ChangingFleet.workload("w\(second)", version: 1, name: "n")
      try writer.apply(
        .workloads([item]), observedAt: start.addingTimeInterval(Double(second)))
    }
    try reader.follow()
    #expect(try reader.facts(now: start).workloads.count == 3)
  }

  @Test func `what a reader takes step by step is what it would read at once`() throws {
    let seed = UInt64.random(in: .min ... .max)
    let folder = folder()
    defer { try? FileManager.default.removeItem(atPath: folder) }
    let writer = try open(folder)
    var fleet = ChangingFleet(store: writer, seed: seed, start: start)
    for _ in 0..<10 { try fleet.change() }
    let reader = try open(folder)
    _ = try reader.facts(now: fleet.now)
    for round in 0..<60 {
      for _ in 0..<fleet.random(7) { try fleet.change() }
      try writer.flush()
      try reader.follow()
      let taken = ComparableFacts(try reader.facts(now: fleet.now))
      let whole = ComparableFacts(try open(folder).facts(now: fleet.now))
      let difference = taken.difference(from: whole)
      #expect(difference == nil, "seed \(seed), round \(round)")
      guard difference == nil else { return }
    }
  }

  @Test func `one that was away for long reads everything anew`() throws {
    let folder = folder()
    defer { try? FileManager.default.removeItem(atPath: folder) }
    let writer = try open(folder)
    let reader = try open(folder)
    _ = try reader.facts(now: start)
    for number in 1...1200 {
      try writer.apply(
        named("n\(number)", version: UInt64(number)),
        observedAt: start.addingTimeInterval(Double(number)))
    }
    try writer.write { try $0.execute(sql: "DELETE FROM change WHERE number < 300") }
    try reader.follow()
    #expect(try reader.facts(now: start).workloads.map(\.name) == ["n1200"])
    let rows = try writer.read { try Int.fetchOne($0, sql: "SELECT count(*) FROM change") ?? 0 }
    #expect(rows <= 1100)
  }

  @Test func `when the writer is gone one of the others takes its place`() throws {
    let folder = folder()
    defer { try? FileManager.default.removeItem(atPath: folder) }
    var writer: Store? = try open(folder)
    let readers = try (0..<2).map { _ in try open(folder) }
    try writer?.apply(named("chat"), observedAt: start)
    for reader in readers {
      _ = try reader.facts(now: start)
      #expect(try !reader.claim())
    }
    // Written last, and not looked at by anybody yet.
    try writer?.apply(named("talk", version: 2), observedAt: start.addingTimeInterval(5))
    writer = nil
    #expect(try readers[0].claim())
    #expect(try !readers[1].claim())
    #expect(try readers[0].facts(now: start).workloads.map(\.name) == ["talk"])
    try readers[0].apply(named("said", version: 3), observedAt: start.addingTimeInterval(9))
    try readers[1].follow()
    #expect(try readers[1].facts(now: start).workloads.map(\.name) == ["said"])
    #expect(try readers[0].isWhole())
  }

  @Test func `a cache that was deleted and made anew is found`() throws {
    let folder = folder()
    defer { try? FileManager.default.removeItem(atPath: folder) }
    var writer: Store? = try open(folder)
    let reader = try open(folder)
    try writer?.apply(named("chat"), observedAt: start)
    try reader.follow()
    writer = nil
    for ending in ["", "-wal", "-shm"] { unlink(folder + "/cache.sqlite" + ending) }
    // By the one that claims it, which had the old one open.
    #expect(try reader.claim())
    #expect(try reader.facts(now: start).workloads.isEmpty)
    try reader.apply(named("talk"), observedAt: start)
    #expect(try open(folder).facts(now: start).workloads.map(\.name) == ["talk"])
  }

  @Test func `what cannot be followed is told, and not passed over`() throws {
    let folder = folder()
    defer { try? FileManager.default.removeItem(atPath: folder) }
    let writer = try open(folder)
    let reader = try open(folder)
    _ = try reader.facts(now: start)
    try writer.apply(named("chat"), observedAt: start)
    try writer.write {
      try $0.execute(sql: "UPDATE state SET payload = x'01ff'")
    }
    #expect(throws: StoreError.self) { try reader.follow() }
    #expect(reader.followingFailed != nil)
    try writer.apply(named("talk", version: 2), observedAt: start.addingTimeInterval(5))
    try reader.follow()
    #expect(reader.followingFailed == nil)
    #expect(try reader.facts(now: start).workloads.map(\.name) == ["talk"])
  }

  @Test func `wishes are there as long as the one who has them`() throws {
    let folder = folder()
    defer { try? FileManager.default.removeItem(atPath: folder) }
    let writer = try open(folder)
    let reader = try open(folder)
    var wish = reader.makeWish()
    wish?.change { $0.focus = ["w"] }
    #expect(writer.wishes().values.map(\.focus) == [["w"]])
    // One that was killed leaves its file, unlocked.
    let left = folder + "/wish-1-1"
    try Data("{}".utf8).write(to: URL(filePath: left))
    #expect(writer.wishes().count == 1)
    #expect(!FileManager.default.fileExists(atPath: left))
    wish = nil
    #expect(writer.wishes().isEmpty)
  }
}
