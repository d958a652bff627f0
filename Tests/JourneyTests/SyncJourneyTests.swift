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
    #expect(snapshot.accelerators.rows.count > 15)
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
