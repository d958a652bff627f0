import Console
import Domain
import Engine
import Foundation
import Simulator
import Store
import Synchronization
import Testing

struct ActionJourneyTests {
  @Test func `a bad deployment comes on top and a rollback heals it`() async throws {
    let rig = try await Rig(scenario: .badDeploy)
    _ = await rig.engine.syncOnce()
    await rig.pass(seconds: 150)
    let snapshot = try rig.feed.snapshot()
    let finding = try #require(snapshot.findings.first)
    #expect(finding.kind == .failingRollout)
    #expect(finding.subject == "chat-large")
    #expect(finding.summary.contains("OOM"))
    let id = try rig.row("chat-large").id
    let detail = try #require(try rig.feed.detail(of: id))
    let target = try #require(detail.revisions.first { $0.isActive })
    let plan = await rig.runner.plan(.rollBack(id, to: target.revision.id))
    #expect(plan.refusal == nil)
    #expect(plan.remarks.contains { $0.label == "dry run" && $0.weight == .good })
    #expect(plan.definitionChanges.contains { $0.field == "env MAX_MODEL_LEN" })
    #expect(rig.simulator.writes == [], "a dry run is no write")
    let outcome = await rig.runner.perform(plan, confirmation: .yes)
    guard case .accepted(.some) = outcome else {
      Issue.record("\(outcome)")
      return await rig.end()
    }
    #expect(rig.simulator.writes == ["PUT /v1/services/\(id)"])
    await rig.pass(seconds: 120)
    #expect(try rig.row("chat-large").condition == .healthy)
    #expect(try rig.feed.snapshot().findings.contains { $0.kind == .failingRollout } == false)
    #expect(try rig.store.journalIsIntact())
    await rig.end()
  }

  @Test func `a scale is sent once and the replicas arrive`() async throws {
    let rig = try await Rig()
    _ = await rig.engine.syncOnce()
    let row = try rig.row("embed")
    let plan = await rig.runner.plan(.scale(row.id, replicas: [RegionID("par"): 4]))
    #expect(plan.refusal == nil)
    #expect(
      await rig.runner.perform(plan, confirmation: .none)
        == .refused("not confirmed: nothing was sent"))
    #expect(await rig.runner.perform(plan, confirmation: .yes) == .accepted(nil))
    #expect(
      await rig.runner.perform(plan, confirmation: .yes) == .refused("this preview was sent before")
    )
    #expect(rig.simulator.writes == ["PUT /v1/services/\(row.id)/scale"])
    await rig.pass(seconds: 60)
    #expect(try rig.row("embed").replicas == ReplicaCount(ready: 4, desired: 4))
    #expect(try rig.store.journal(limit: 5).first?.summary.hasSuffix(">4") == true)
    await rig.end()
  }

  @Test func `read-only sends nothing at the one place that sends`() async throws {
    let rig = try await Rig(readOnly: true)
    _ = await rig.engine.syncOnce()
    let row = try rig.row("embed")
    var plan = await rig.runner.plan(.scale(row.id, replicas: [RegionID("par"): 4]))
    #expect(plan.refusal?.contains("read-only") == true)
    plan.refusal = nil
    #expect(
      await rig.runner.perform(plan, confirmation: .yes) == .refused("read-only: nothing was sent"))
    #expect(rig.simulator.writes == [])
    await rig.end()
  }

  @Test func `a change underneath makes the plan stale`() async throws {
    let rig = try await Rig()
    _ = await rig.engine.syncOnce()
    let row = try rig.row("embed")
    let plan = await rig.runner.plan(.scale(row.id, replicas: [RegionID("par"): 4]))
    let other = await rig.runner.plan(.scale(row.id, replicas: [RegionID("par"): 3]))
    #expect(await rig.runner.perform(other, confirmation: .yes) == .accepted(nil))
    guard case .stale = await rig.runner.perform(plan, confirmation: .yes) else {
      Issue.record("it was not stale")
      return await rig.end()
    }
    #expect(rig.simulator.writes.count == 1)
    rig.simulator.advance(seconds: 61)
    await rig.end()
  }

  @Test func `an answer that is lost is read back, and nothing is sent twice`() async throws {
    let rig = try await Rig()
    _ = await rig.engine.syncOnce()
    let row = try rig.row("embed")
    let plan = await rig.runner.plan(.scale(row.id, replicas: [RegionID("par"): 4]))
    var faults = FaultPlan()
    faults.dropped = 1
    faults.method = "PUT"
    rig.simulator.setFaults(faults)
    #expect(await rig.runner.perform(plan, confirmation: .yes) == .accepted(nil))
    #expect(rig.simulator.writes.count == 1)
    await rig.end()
  }

  @Test func `a write that never arrives is told as not known`() async throws {
    let rig = try await Rig()
    _ = await rig.engine.syncOnce()
    let row = try rig.row("embed")
    let plan = await rig.runner.plan(.scale(row.id, replicas: [RegionID("par"): 4]))
    var faults = FaultPlan()
    faults.reset = 1
    faults.method = "PUT"
    rig.simulator.setFaults(faults)
    guard case .unknown = await rig.runner.perform(plan, confirmation: .yes) else {
      Issue.record("it was told as known")
      return await rig.end()
    }
    #expect(rig.simulator.writes == [])
    #expect(try rig.feed.snapshot().findings.contains { $0.kind == .unknownOutcome })
    await rig.end()
  }

  @Test func `a scale that is followed ends when its replicas are ready`() async throws {
    let rig = try await Rig()
    _ = await rig.engine.syncOnce()
    let row = try rig.row("embed")
    let plan = await rig.runner.plan(.scale(row.id, replicas: [RegionID("par"): 4]))
    let performed = await rig.runner.performed(plan, confirmation: .yes)
    let id = try #require(performed.entryID)
    #expect(try rig.store.journalEntry(id)?.outcome == .accepted(nil))
    #expect(await rig.runner.follow(id, within: .zero, progress: { _ in }) == nil)
    rig.simulator.advance(seconds: 90)
    let told = Mutex<[String]>([])
    let outcome = await rig.runner.follow(id, within: .seconds(60)) { text in
      told.withLock { $0.append(text) }
    }
    #expect(outcome == .done)
    #expect(told.withLock { $0 } == ["par 4 of 4 ready"])
    #expect(try rig.store.journalEntry(id)?.outcome == .done)
    #expect(try rig.store.journalEntry(id + 100) == nil)
    await rig.end()
  }
}
