import Domain
import Engine
import Foundation
import Simulator
import Store
import Testing

struct SyncJourneyTests {
  @Test func `the cache becomes what the platform is`() async throws {
    let rig = try await Rig()
    let report = await rig.engine.syncOnce()
    #expect(report.isWhole, "\(report.lines.compactMap(\.failure))")
    let snapshot = try rig.feed.snapshot()
    #expect(snapshot.workloadCount == 15)
    #expect(snapshot.accelerators.rows.count > 10)
    #expect(snapshot.accelerators.rows.allSatisfy { $0.workloadID != nil })
    #expect(snapshot.costs.total.monthToDate != nil)
    #expect(!snapshot.scalingEvents.isEmpty)
    #expect(snapshot.workloads.first { $0.name == "accounts" }?.replicas.desired == nil)
    #expect(snapshot.workloads.first { $0.name == "evals" }?.condition == .asleep)
    await rig.end()
  }

  @Test(arguments: [
    "error=1", "reset=1", "truncated=1", "malformed=1", "html=1", "limited=1", "expired",
  ])
  func `no fault ends the sync, loses data or passes for success`(fault: String) async throws {
    let rig = try await Rig()
    _ = await rig.engine.syncOnce()
    let before = try rig.feed.snapshot().workloadCount
    rig.simulator.setFaults(try FaultPlan(parsing: fault))
    for _ in 0..<3 {
      let report = await rig.engine.syncOnce()
      let failed = report.lines.filter { $0.failure != nil }.map(\.resource)
      #expect(failed.contains(.workloads))
    }
    let snapshot = try rig.feed.snapshot()
    #expect(snapshot.workloadCount == before)
    #expect(snapshot.sync.first { $0.resource == .workloads }?.failure != nil)
    rig.simulator.setFaults(FaultPlan())
    #expect(await rig.engine.syncOnce().isWhole)
    #expect(try rig.feed.snapshot().sync.allSatisfy { $0.failure == nil })
    await rig.end()
  }

  @Test func `a day of cost is known at the first reading, and the rest from when it was seen`()
    async throws
  {
    let rig = try await Rig()
    rig.simulator.advance(seconds: 150)
    _ = await rig.engine.syncOnce()
    let first = try rig.feed.snapshot()
    let burn = try #require(first.day.lines[.burn])
    #expect(burn.values.compactMap { $0 }.count == DayTrend.count)
    // The meter's open step tells the same as the replicas that run.
    let now = try #require(first.costs.total.perHour?.amount)
    let last = try #require(burn.values.last ?? nil)
    #expect(abs(last - Double("\(now)")!) < 0.1 * last)
    #expect(first.day.lines[.utilization] == nil)
    for _ in 0..<3 {
      let snapshot = try rig.feed.snapshot()
      try rig.store.record(trend: TrendPoint(snapshot, at: snapshot.asOf))
      await rig.pass(seconds: 40, step: 40)
    }
    let seen = try #require(try rig.feed.snapshot().day.lines[.utilization])
    #expect(seen.values.compactMap { $0 }.count == 1)
    #expect(seen.values.first == .some(nil))
    // Of an instant before anything was seen the strip has a gap, not a value.
    let past = try rig.store.facts(asOf: Rig.start.addingTimeInterval(-3600), now: Rig.start)
    #expect(past.trend.isEmpty)
    await rig.end()
  }

  @Test(arguments: [Scenario.calm, .badDeploy, .trafficSpike, .idleGPUs, .flapping])
  func `what is judged anew after a while is what a whole judgement says`(scenario: Scenario)
    async throws
  {
    let rig = try await Rig(scenario: scenario)
    _ = await rig.engine.syncOnce()
    await rig.pass(seconds: 240, step: 60)
    let assembler = FleetAssembler()
    // Whatever is read meanwhile: the parts that it touched are judged anew, and no more.
    _ = rig.store.takeTouched()
    var madeAt = rig.simulator.world.now
    var picture = assembler.snapshot(from: try rig.store.facts(now: madeAt), now: madeAt)
    for _ in 0..<12 {
      rig.simulator.advance(seconds: 35)
      _ = await rig.engine.syncOnce()
      let touched = rig.store.takeTouched()
      let now = rig.simulator.world.now
      let facts = try rig.store.facts(now: now)
      picture = assembler.rejudged(
        picture, madeAt: madeAt, touched: touched, from: facts, now: now)
      #expect(picture == assembler.snapshot(from: facts, now: now))
      madeAt = now
    }
    for wait in [1.0, 30, 95, 130, 400, 700, 1_300, 4_000] {
      let madeAt = rig.simulator.world.now
      let facts = try rig.store.facts(now: madeAt)
      let before = assembler.snapshot(from: facts, now: madeAt)
      let now = madeAt.addingTimeInterval(wait)
      let later = try rig.store.facts(now: now)
      let whole = assembler.snapshot(from: later, now: now)
      let part = assembler.rejudged(
        before, madeAt: madeAt, touched: Touched(), from: later, now: now)
      #expect(part.workloads == whole.workloads, "after \(wait) s")
      #expect(part == whole, "after \(wait) s")
    }
    await rig.end()
  }

  @Test func `no secret of a definition is in what is known`() async throws {
    let rig = try await Rig()
    _ = await rig.engine.syncOnce()
    let id = try rig.row("chat-large").id
    let detail = try #require(try rig.feed.detail(of: id))
    let facts = try rig.store.facts(now: Rig.start)
    #expect(!"\(facts) \(detail)".contains("CANARY"))
    #expect(!"\(facts) \(detail)".contains(rig.simulator.token))
    #expect("\(facts)".contains("API_KEY"))
    await rig.end()
  }
}
