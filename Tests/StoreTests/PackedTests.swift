import Domain
import Foundation
import GRDB
import Testing

@testable import Store

/// What is written packed is read back the same, and nothing that is damaged is read at all.
struct PackedTests {
  private struct Maker {
    var generator: Seeded

    mutating func int(_ range: ClosedRange<Int>) -> Int { Int.random(in: range, using: &generator) }
    mutating func maybe<Value>(_ body: (inout Maker) -> Value) -> Value? {
      int(0...3) == 0 ? nil : body(&self)
    }
    mutating func list<Value>(_ body: (inout Maker) -> Value) -> [Value] {
      let count = int(0...4)
      return (0..<count).map { _ in body(&self) }
    }
    mutating func text() -> String {
      let letters = Array("abz019-_/:. é漢🇫🇷\u{301}\u{0}")
      let count = int(0...40)
      return String((0..<count).map { _ in letters[int(0...letters.count - 1)] })
    }
    mutating func id<Subject>() -> Identifier<Subject> {
      switch int(0...3) {
      case 0: Identifier(text())
      case 1: Identifier(UUID().uuidString)
      default: Identifier(UUID().uuidString.lowercased())
      }
    }
    mutating func date() -> Date {
      Date(timeIntervalSince1970: Double.random(in: -1e9...4e9, using: &generator))
    }
    mutating func version() -> UInt64 { UInt64.random(in: 0...UInt64.max, using: &generator) }

    mutating func replica() -> Replica {
      Replica(
        id: id(), workloadID: id(), revisionID: maybe { $0.id() }, region: id(), type: id(),
        index: maybe { $0.int(-3...100_000) }, status: .unhealthy, statusText: text(),
        messages: list { $0.text() }, datacenter: maybe { $0.text() },
        createdAt: maybe { $0.date() }, updatedAt: maybe { $0.date() })
    }

    mutating func workload() -> Workload {
      Workload(
        id: id(), appID: id(), name: text(), kind: .sandbox, status: .resuming, statusText: text(),
        messages: list { $0.text() }, version: maybe { $0.version() },
        createdAt: maybe { $0.date() }, updatedAt: maybe { $0.date() },
        activeRevisionID: maybe { $0.id() }, latestRevisionID: maybe { $0.id() })
    }

    mutating func target() -> Definition.Scaling.Target {
      switch int(0...5) {
      case 0: .processor(percent: int(0...100))
      case 1: .memory(percent: int(0...100))
      case 2: .requestsPerSecond(int(0...9999))
      case 3: .concurrentRequests(int(0...9999))
      case 4: .responseTime(milliseconds: int(0...9999), quantile: int(0...100))
      default: .idle(deepSeconds: maybe { $0.int(0...9999) }, lightSeconds: nil)
      }
    }

    mutating func source() -> Definition.Source {
      switch int(0...4) {
      case 0: .image(text())
      case 1: .git(repository: text(), branch: maybe { $0.text() }, commit: maybe { $0.text() })
      case 2: .archive(text())
      case 3: .database
      default: .unknown
      }
    }

    mutating func revision() -> Revision {
      Revision(
        id: id(), workloadID: id(), status: .stashed, statusText: text(),
        messages: list { $0.text() }, trigger: .git, author: maybe { $0.text() },
        commit: maybe { $0.text() }, createdAt: date(), startedAt: maybe { $0.date() },
        succeededAt: maybe { $0.date() }, terminatedAt: maybe { $0.date() },
        version: maybe { $0.version() },
        definition: Definition(
          source: source(), regions: list { $0.id() },
          scalings: list {
            Definition.Scaling(
              regions: $0.list { $0.id() }, minimum: $0.int(0...9), maximum: $0.int(0...99),
              targets: $0.list { $0.target() })
          },
          types: list { Definition.TypeChoice(regions: $0.list { $0.id() }, type: $0.id()) },
          variables: list {
            Definition.Variable(
              name: $0.text(), secretName: $0.maybe { $0.text() },
              fingerprint: $0.maybe { $0.text() })
          },
          ports: list { $0.text() }, routes: list { $0.text() }, configFiles: list { $0.text() },
          hasVolumes: int(0...1) == 1, strategy: maybe { $0.text() }))
    }

    mutating func event() -> ScalingEvent {
      ScalingEvent(
        id: text(), at: date(), workloadID: maybe { $0.id() }, workloadName: text(),
        region: maybe { $0.id() }, from: maybe { $0.int(0...99) }, to: maybe { $0.int(0...99) },
        kind: .overrideReleased, actor: .observed, inferredReason: maybe { $0.text() })
    }

    mutating func activity() -> Activity {
      Activity(
        id: text(), at: date(), verb: text(), objectType: text(), objectName: text(),
        workloadID: maybe { $0.id() }, workloadName: maybe { $0.text() },
        actor: maybe { $0.text() }, messages: list { $0.text() })
    }

    mutating func traffic() -> TrafficSample {
      TrafficSample(
        workloadID: id(), sampledAt: date(),
        requestsPerSecond: maybe { Double($0.int(0...999)) / 7 },
        latencyP50: maybe { Milliseconds(Double($0.int(0...999)) / 3) }, latencyP99: nil,
        processor: maybe { Ratio(percent: $0.int(0...400)) },
        memory: maybe { Bytes(Int64($0.int(0...1 << 40))) })
    }

    mutating func accelerator() -> AcceleratorSample {
      AcceleratorSample(
        id: id(), model: text(), host: maybe { $0.text() }, index: maybe { $0.text() },
        attribution: AcceleratorSample.Attribution(
          replica: maybe { $0.text() }, workload: maybe { $0.text() }, region: maybe { $0.text() }),
        utilization: maybe { Ratio(percent: $0.int(0...100)) }, signal: maybe { _ in .smActive },
        memoryUsed: maybe { Bytes(Int64($0.int(0...1 << 37))) }, memoryTotal: nil,
        power: maybe { Watts(Double($0.int(0...700))) },
        temperature: maybe { Celsius(Double($0.int(20...90))) },
        errorCode: maybe { $0.int(1...119) }, sampledAt: date())
    }
  }

  private func comesBack<Value: Packed>(
    _ value: Value, _ pools: PackedPools, _ maker: inout Maker, _ seed: UInt64
  ) throws {
    let data = try value.payload()
    #expect(try Value(payload: data, pools: pools) == value, "seed \(seed)")
    // Cut short anywhere, or with a byte too many, it is refused.
    let cut = maker.int(1...data.count - 1)
    #expect(throws: (any Error).self, "seed \(seed), cut at \(cut)") {
      try Value(payload: data.prefix(cut), pools: pools)
    }
    #expect(throws: (any Error).self, "seed \(seed)") {
      try Value(payload: data + [0], pools: pools)
    }
    // Any other byte anywhere: another value or an error, never a trap.
    var broken = data
    broken[maker.int(1...data.count - 1)] = UInt8(maker.int(0...255))
    _ = try? Value(payload: broken, pools: pools)
    // As the first versions wrote it.
    #expect(try Value(payload: JSONEncoder().encode(value), pools: pools) == value, "seed \(seed)")
  }

  @Test(arguments: [11, 12, 13, 14] as [UInt64])
  func `what is packed comes back the same`(seed: UInt64) throws {
    var maker = Maker(generator: Seeded(state: seed))
    let pools = PackedPools()
    for _ in 0..<60 {
      try comesBack(maker.replica(), pools, &maker, seed)
      try comesBack(maker.workload(), pools, &maker, seed)
      try comesBack(maker.revision(), pools, &maker, seed)
      try comesBack(maker.event(), pools, &maker, seed)
      try comesBack(maker.activity(), pools, &maker, seed)
      try comesBack(maker.traffic(), pools, &maker, seed)
      try comesBack(maker.accelerator(), pools, &maker, seed)
      try comesBack(App(id: maker.id(), name: maker.text(), status: "x"), pools, &maker, seed)
      let overrides = maker.list { ScalingOverride(regions: $0.list { $0.id() }, replicas: 3) }
      #expect(
        try Overrides(payload: Overrides(overrides).payload(), pools: pools).items
          == overrides)
    }
  }

  @Test func `an identifier keeps its text and its order`() {
    var maker = Maker(generator: Seeded(state: 5))
    let exact = "0f8fad5b-d9cb-469f-a165-70867728950e"
    let texts =
      [
        exact, exact.uppercased(), "", "fra", String(exact.dropLast()), exact + "0",
        exact.replacingOccurrences(of: "-", with: "0"),
      ]
      + (0..<60).map { _ in
        maker.int(0...1) == 0 ? UUID().uuidString.lowercased() : maker.text()
      }
    let ids = texts.map { WorkloadID($0) }
    #expect(ids.map(\.rawValue) == texts)
    #expect(ids.sorted().map(\.rawValue) == texts.sorted())
    #expect(WorkloadID(exact).halves != nil)
    #expect(WorkloadID(exact.uppercased()).halves == nil)
    #expect(WorkloadID(exact) != WorkloadID(exact.uppercased()))
  }

  @Test func `a shelf is a dictionary`() {
    var maker = Maker(generator: Seeded(state: 8))
    var shelf = Shelf(\App.id)
    var model: [AppID: App] = [:]
    for step in 0..<2000 {
      let id = AppID("a\(maker.int(0...60))")
      let item = maker.int(0...2) == 0 ? nil : App(id: id, name: "n\(step)", status: "")
      shelf[id] = item
      model[id] = item
      #expect(shelf.count == model.count)
      #expect(shelf[id] == item)
    }
    #expect(Set(shelf.items) == Set(model.values))
    #expect(Set(shelf.keys) == Set(model.keys))
  }

  @Test func `rows that the first versions wrote are still read`() throws {
    var maker = Maker(generator: Seeded(state: 9))
    let workload = maker.workload()
    let store = try Store(inMemoryFor: "t")
    try store.database.write { database in
      try database.execute(
        sql: "INSERT INTO state (place, kind, id, valid_from, payload) VALUES (?, 2, ?, 1, ?)",
        arguments: [
          StatePlace.places(from: 1, until: nil).lowerBound, workload.id.rawValue,
          try JSONEncoder().encode(workload),
        ])
    }
    #expect(try store.currentWorkloads() == [workload])
  }
}
