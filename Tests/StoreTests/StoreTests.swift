import Domain
import Foundation
import GRDB
import Testing

@testable import Store

struct StoreTests {
  private let start = Date(timeIntervalSince1970: 1_795_500_000)

  private func workload(_ id: String, version: UInt64, name: String = "chat") -> Workload {
    Workload(
      id: WorkloadID(id), appID: AppID("app"), name: name, kind: .web, status: .healthy,
      statusText: "HEALTHY", messages: [], version: version, createdAt: start, updatedAt: start,
      activeRevisionID: nil, latestRevisionID: nil)
  }

  private func rows(_ store: Store) throws -> Int {
    try store.read { try Int.fetchOne($0, sql: "SELECT count(*) FROM state") ?? -1 }
  }

  private func changes(_ store: Store) -> Int {
    store.database.writeWithoutTransaction { $0.totalChangesCount }
  }

  @Test func `an unchanged page writes nothing`() throws {
    let store = try Store(inMemoryFor: "t")
    let page = PageContent.workloads((0..<100).map { workload("w\($0)", version: 1) })
    #expect(try store.apply(page, observedAt: start).inserted == 100)
    let before = changes(store)
    let again = try store.apply(page, observedAt: start.addingTimeInterval(5))
    #expect(again.unchanged == 100)
    #expect(changes(store) == before)
  }

  @Test func `a change ends one interval and begins another`() throws {
    let store = try Store(inMemoryFor: "t")
    try store.apply(.workloads([workload("w", version: 1, name: "old")]), observedAt: start)
    try store.apply(
      .workloads([workload("w", version: 2, name: "new")]), observedAt: start.addingTimeInterval(60)
    )
    #expect(try rows(store) == 2)
    let past = try store.facts(asOf: start.addingTimeInterval(30), now: start)
    #expect(past.workloads.map(\.name) == ["old"])
    let present = try store.facts(now: start.addingTimeInterval(90))
    #expect(present.workloads.map(\.name) == ["new"])
    #expect(try store.facts(asOf: start.addingTimeInterval(-1), now: start).workloads.isEmpty)
  }

  @Test func `an older answer is left aside`() throws {
    let store = try Store(inMemoryFor: "t")
    try store.apply(.workloads([workload("w", version: 9)]), observedAt: start)
    let result = try store.apply(
      .workloads([workload("w", version: 8, name: "x")]), observedAt: start)
    #expect(result.stale == 1)
    #expect(try store.facts(now: start).workloads.first?.version == 9)
  }

  @Test func `only two whole sweeps without it end an object`() throws {
    let store = try Store(inMemoryFor: "t")
    let both = [workload("a", version: 1), workload("b", version: 1)]
    func sweep(_ generation: Int64, _ items: [Workload], isWhole: Bool = true) throws {
      try store.beginSweep(.workloads, generation: generation)
      try store.apply(.workloads(items), observedAt: start)
      let at = start.addingTimeInterval(Double(generation))
      if isWhole {
        try store.completeSweep(.workloads, generation: generation, at: at, interval: .seconds(5))
      } else {
        try store.failSweep(
          .workloads, failure: "cut", retryAt: nil, at: at, interval: .seconds(5))
      }
    }
    try sweep(1, both)
    for generation in 2..<8 { try sweep(Int64(generation), [both[0]], isWhole: false) }
    #expect(try store.facts(now: start).workloads.count == 2, "a partial sweep removes nothing")
    try sweep(8, [both[0]])
    #expect(try store.facts(now: start).workloads.count == 2, "one miss proves nothing")
    try sweep(9, [both[0]])
    #expect(try store.facts(now: start).workloads.map(\.id) == [WorkloadID("a")])
  }

  @Test func `random histories are the same from rows as from memory`() throws {
    let seed = UInt64.random(in: .min ... .max)
    var random = seed
    func next(_ limit: Int) -> Int {
      random = random &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
      return Int(random >> 33) % limit
    }
    let store = try Store(inMemoryFor: "t")
    var versions: [String: UInt64] = [:]
    var model: [String: Workload] = [:]
    var past: [(at: Date, model: [String: Workload])] = []
    for step in 0..<120 {
      let at = start.addingTimeInterval(Double(step) * 7)
      let id = "w\(next(8))"
      if next(6) == 0 {
        try store.markGone([ObjectID(id)], of: .workloads, at: at)
        model[id] = nil
      } else {
        versions[id, default: 0] += 1
        let item = workload(id, version: versions[id] ?? 1, name: "n\(next(50))")
        try store.apply(.workloads([item]), observedAt: at)
        model[id] = item
      }
      past.append((at, model))
    }
    for _ in 0..<60 {
      let moment = past[next(past.count)]
      let facts = try store.facts(asOf: moment.at.addingTimeInterval(3), now: start)
      #expect(Set(facts.workloads) == Set(moment.model.values), "seed \(seed)")
    }
  }

  @Test func `the journal is a chain that nobody can change`() throws {
    let store = try Store(inMemoryFor: "t")
    let entry = JournalEntry(
      id: 0, at: start, actor: "me", contextName: "t", workloadID: WorkloadID("w"),
      workloadName: "chat", request: .releaseOverride(WorkloadID("w")), summary: "s", calls: [])
    let id = try store.appendIntent(entry)
    #expect(try store.journal(limit: 5).first?.outcome == nil)
    try store.settle(id, outcome: .accepted(nil), at: start)
    try store.settle(id, outcome: .done, at: start)
    #expect(try store.journal(limit: 5).first?.outcome == .done)
    #expect(try store.journalIsIntact())
    #expect(throws: (any Error).self) {
      try store.journalDatabase.write { try $0.execute(sql: "UPDATE entry SET payload = x'00'") }
    }
    #expect(throws: (any Error).self) {
      try store.journalDatabase.write { try $0.execute(sql: "DELETE FROM entry") }
    }
    try store.journalDatabase.write { database in
      try database.execute(sql: "DROP TRIGGER entry_stays")
      try database.execute(sql: "UPDATE entry SET payload = x'7b7d' WHERE number = 1")
    }
    #expect(try !store.journalIsIntact())
  }

  @Test func `what was touched is told once, and again when it is given back`() throws {
    let store = try Store(inMemoryFor: "t")
    #expect(store.takeTouched().everything)
    try store.apply(.workloads([workload("w", version: 1)]), observedAt: start)
    let touched = store.takeTouched()
    #expect(touched.workloads == [WorkloadID("w")] && !touched.everything)
    #expect(store.takeTouched() == Touched())
    store.giveBack(touched)
    #expect(store.takeTouched() == touched)
  }

  @Test func `notes of incidents are a chain too`() throws {
    let store = try Store(inMemoryFor: "t")
    let incident = try store.startIncident("chat is down", at: start)
    try store.mark(incident, "rolled back", at: start.addingTimeInterval(60))
    try store.endIncident(incident, at: start.addingTimeInterval(90))
    #expect(try store.journalIsIntact())
    try store.journalDatabase.write { database in
      try database.execute(sql: "DROP TRIGGER note_stays")
      try database.execute(sql: "UPDATE note SET text = 'nothing was done' WHERE number = 2")
    }
    #expect(try !store.journalIsIntact())
  }

  @Test func `SHA-256 agrees with its published vectors`() {
    #expect(
      SHA256.hexadecimal(of: Array("abc".utf8))
        == "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad")
    #expect(
      SHA256.hexadecimal(of: [])
        == "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855")
    #expect(
      SHA256.hexadecimal(of: Array("abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq".utf8))
        == "248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1")
  }
}

struct StoreFileTests {
  private func folder() -> URL {
    FileManager.default.temporaryDirectory.appending(path: "vigie-store-\(UUID().uuidString)")
  }

  private func mode(_ url: URL) throws -> Int? {
    try FileManager.default.attributesOfItem(atPath: url.path)[.posixPermissions] as? Int
  }

  @Test func `files are their owner's alone`() throws {
    let folder = folder()
    defer { try? FileManager.default.removeItem(at: folder) }
    let store = try Store(folder: folder.path, contextName: "t")
    #expect(try store.isWhole())
    #expect(try mode(folder) == 0o700)
    for name in ["cache.sqlite", "journal.sqlite"] {
      #expect(try mode(folder.appending(path: name)) == 0o600)
    }
  }

  @Test func `a damaged cache is put aside and the journal stays`() throws {
    let folder = folder()
    defer { try? FileManager.default.removeItem(at: folder) }
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    let cache = folder.appending(path: "cache.sqlite")
    try Data(repeating: 0x41, count: 9000).write(to: cache)
    let store = try Store(folder: folder.path, contextName: "t")
    #expect(try store.facts(now: Date()).workloads.isEmpty)
    #expect(FileManager.default.fileExists(atPath: cache.path + ".corrupt-1"))
  }

  @Test func `a newer cache is refused`() throws {
    let folder = folder()
    defer { try? FileManager.default.removeItem(at: folder) }
    do {
      let store = try Store(folder: folder.path, contextName: "t")
      try store.write {
        try $0.execute(sql: "INSERT INTO grdb_migrations (identifier) VALUES ('v999')")
      }
    }
    #expect(throws: StoreError.tooNew) { try Store(folder: folder.path, contextName: "t") }
  }

  @Test func `a symbolic link is not followed`() throws {
    let folder = folder()
    let target = self.folder()
    defer {
      try? FileManager.default.removeItem(at: folder)
      try? FileManager.default.removeItem(at: target)
    }
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    try Data("keep".utf8).write(to: target)
    try FileManager.default.createSymbolicLink(
      at: folder.appending(path: "cache.sqlite"), withDestinationURL: target)
    #expect(throws: StoreError.self) { try Store(folder: folder.path, contextName: "t") }
    #expect(try Data(contentsOf: target) == Data("keep".utf8))
  }

  @Test func `what was kept is there at the next start`() throws {
    let folder = folder()
    defer { try? FileManager.default.removeItem(at: folder) }
    let at = Date(timeIntervalSince1970: 1_795_500_000)
    let sample = AcceleratorSample(
      id: AcceleratorID("GPU-1"), model: "H100", host: "h", index: "0",
      attribution: .init(replica: "r", workload: nil, region: nil), utilization: Ratio(0.5),
      signal: .smActive, memoryUsed: Bytes(1 << 30), memoryTotal: Bytes(80 << 30),
      power: Watts(300), temperature: Celsius(55), errorCode: 31, sampledAt: at)
    do {
      let store = try Store(folder: folder.path, contextName: "t")
      try store.record(
        accelerators: [sample],
        source: .live(host: "m", signal: .smActive, observedAt: at, warning: nil), at: at)
    }
    let facts = try Store(folder: folder.path, contextName: "t").facts(now: at)
    #expect(facts.accelerators.first?.latest == sample)
    #expect(
      facts.metricsSource == .live(host: "m", signal: .smActive, observedAt: at, warning: nil))
  }
}
