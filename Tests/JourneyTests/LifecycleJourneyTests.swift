import Domain
import Engine
import Foundation
import Platform
import Simulator
import Store
import Testing

/// Restart, pause, resume, cancel, targets and whole lists: from the plan to the journal, and back.
struct LifecycleJourneyTests {
  @Test func `a restart makes a revision of the same definition and serves`() async throws {
    let rig = try await Rig()
    _ = await rig.engine.syncOnce()
    let before = try await rig.client.workload(try rig.row("embed").id)
    let entry = try await carryOut(.restart(before.id), rig)
    let after = try await rig.client.workload(before.id)
    #expect(after.activeRevisionID != before.activeRevisionID)
    #expect(try await definition(of: before, rig) == (try await definition(of: after, rig)))
    #expect(rig.simulator.writes == ["POST /v1/services/\(before.id)/redeploy"])
    #expect(
      UndoChoice.inverse(of: entry)
        == .impossible("a restart changes nothing that could be taken back"))
    await rig.end()
  }

  @Test func `a pause stops every replica, and taking it back starts them`() async throws {
    let rig = try await Rig()
    _ = await rig.engine.syncOnce()
    let id = try rig.row("embed").id
    let plan = await rig.runner.plan(.pause(id))
    #expect(plan.tier == .dangerous)
    let entry = try await carryOut(.pause(id), rig)
    #expect(try await rig.client.workload(id).status == .paused)
    #expect(try rig.row("embed").replicas.ready == 0)
    #expect(await rig.runner.plan(.pause(id)).refusal == "it is paused already")
    #expect(await rig.runner.plan(.restart(id)).refusal == "it is paused: resume it")
    let inverse = try request(UndoChoice.inverse(of: entry))
    #expect(inverse == .resume(id))
    let resumed = try await carryOut(inverse, rig)
    #expect(try await rig.client.workload(id).status == .healthy)
    #expect(try rig.row("embed").replicas.ready > 0)
    #expect(await rig.runner.plan(.resume(id)).refusal == "it is not paused")
    #expect(UndoChoice.inverse(of: resumed) == .request(.pause(id)))
    #expect(rig.simulator.accepted.count == 2)
    #expect(try rig.store.journalIsIntact())
    await rig.end()
  }

  @Test func `a rollout that is cancelled leaves what served`() async throws {
    let rig = try await Rig()
    _ = await rig.engine.syncOnce()
    let before = try await rig.client.workload(try rig.row("embed").id)
    let restart = await rig.runner.plan(.restart(before.id))
    guard case .accepted(let made?) = await rig.runner.perform(restart, confirmation: .yes) else {
      Issue.record("the restart was not accepted")
      return await rig.end()
    }
    _ = await rig.engine.syncOnce()
    let entry = try await carryOut(.cancelRollout(before.id, made), rig)
    #expect(try await rig.client.revision(made).status == .canceled)
    #expect(try await rig.client.workload(before.id).activeRevisionID == before.activeRevisionID)
    #expect(try rig.row("embed").condition == .healthy)
    let again = await rig.runner.plan(.cancelRollout(before.id, made))
    #expect(again.refusal?.contains("is not on its way: it is canceled") == true)
    #expect(UndoChoice.inverse(of: entry) == .request(.rollBack(before.id, to: made)))
    // The restart itself is told to have failed, which is so.
    let first = try #require(try rig.store.journal(limit: 9).last)
    guard case .failed = await rig.runner.follow(first.id, within: .zero, progress: { _ in }) else {
      Issue.record("what was cancelled is not told")
      return await rig.end()
    }
    await rig.end()
  }

  @Test func `targets change where one is to decide, and are taken back`() async throws {
    let rig = try await Rig()
    _ = await rig.engine.syncOnce()
    let before = try await rig.client.workload(try rig.row("embed").id)
    let old = try await definition(of: before, rig)
    let targets: [Definition.Scaling.Target] = [
      .requestsPerSecond(90), .responseTime(milliseconds: 250, quantile: 95),
      .concurrentRequests(8), .processor(percent: 70), .memory(percent: 80),
    ]
    let entry = try await carryOut(.targets(before.id, targets), rig)
    let changed = try await definition(of: try await rig.client.workload(before.id), rig)
    #expect(changed.scalings.map { Set($0.targets) } == old.scalings.map { _ in Set(targets) })
    #expect(changed.scalings.map(\.maximum) == old.scalings.map(\.maximum))
    #expect(await rig.runner.plan(.targets(before.id, targets)).refusal == "nothing would change")
    _ = try await carryOut(try request(UndoChoice.inverse(of: entry)), rig)
    #expect(try await definition(of: try await rig.client.workload(before.id), rig) == old)
    await rig.end()
  }

  @Test func `bounds are taken back by the revision that served before`() async throws {
    let rig = try await Rig()
    _ = await rig.engine.syncOnce()
    let before = try await rig.client.workload(try rig.row("embed").id)
    let old = try await definition(of: before, rig)
    let entry = try await carryOut(.bounds(before.id, minimum: 2, maximum: 2), rig)
    let changed = try await definition(of: try await rig.client.workload(before.id), rig)
    #expect(changed.scalings.first?.targets.isEmpty == true)
    _ = try await carryOut(try request(UndoChoice.inverse(of: entry)), rig)
    #expect(try await definition(of: try await rig.client.workload(before.id), rig) == old)
    await rig.end()
  }

  @Test func `a rollback is taken back by another`() async throws {
    let rig = try await Rig()
    _ = await rig.engine.syncOnce()
    let before = try await rig.client.workload(try rig.row("chat-small").id)
    let old = try await definition(of: before, rig)
    let detail = try #require(try rig.feed.detail(of: before.id))
    let target = try #require(detail.revisions.first { $0.revision.id != before.activeRevisionID })
    let entry = try await carryOut(.rollBack(before.id, to: target.revision.id), rig)
    #expect(
      try await definition(of: try await rig.client.workload(before.id), rig)
        == target.revision.definition)
    _ = try await carryOut(try request(UndoChoice.inverse(of: entry)), rig)
    #expect(try await definition(of: try await rig.client.workload(before.id), rig) == old)
    await rig.end()
  }

  @Test func `a first manual count is taken back by its release`() async throws {
    let rig = try await Rig()
    _ = await rig.engine.syncOnce()
    let id = try rig.row("embed").id
    let entry = try await carryOut(.scale(id, replicas: [RegionID("par"): 4]), rig)
    #expect(UndoChoice.inverse(of: entry) == .request(.releaseOverride(id)))
    let released = try await carryOut(.releaseOverride(id), rig)
    #expect(try await rig.client.overrides(of: id) == [])
    // And the release by the count that there was.
    _ = try await carryOut(try request(UndoChoice.inverse(of: released)), rig)
    #expect(
      try await rig.client.overrides(of: id)
        == [ScalingOverride(regions: [RegionID("par")], replicas: 4)])
    await rig.end()
  }

  @Test func `counts over counts are taken back to the very list`() async throws {
    let rig = try await Rig()
    _ = await rig.engine.syncOnce()
    let id = try rig.row("chat-eu").id
    let list = [
      ScalingOverride(regions: [RegionID("par")], replicas: 3),
      ScalingOverride(regions: [], replicas: 2),
    ]
    _ = try await carryOut(.setOverrides(id, list), rig)
    let entry = try await carryOut(.scale(id, replicas: [RegionID("eu"): 4]), rig)
    #expect(try await rig.client.overrides(of: id).count == 3)
    _ = try await carryOut(try request(UndoChoice.inverse(of: entry)), rig)
    #expect(try await rig.client.overrides(of: id) == list)
    #expect(await rig.runner.plan(.setOverrides(id, list)).refusal == "nothing would change")
    #expect(
      await rig.runner.plan(.setOverrides(id, list.reversed())).refusal == "nothing would change")
    await rig.end()
  }

  @Test func `the platform itself refuses what the state does not allow`() async throws {
    let rig = try await Rig()
    _ = await rig.engine.syncOnce()
    let workload = try await rig.client.workload(try rig.row("embed").id)
    let active = try #require(workload.activeRevisionID)
    await #expect(throws: (any Error).self) { try await rig.client.resume(workload.id) }
    await #expect(throws: (any Error).self) { try await rig.client.cancel(active) }
    try await rig.client.pause(workload.id)
    await #expect(throws: (any Error).self) { try await rig.client.pause(workload.id) }
    #expect(try await rig.client.workload(workload.id).status == .pausing)
    rig.simulator.advance(seconds: 10)
    #expect(try await rig.client.workload(workload.id).status == .paused)
    try await rig.client.resume(workload.id)
    #expect(try await rig.client.workload(workload.id).status == .resuming)
    #expect(rig.simulator.accepted.count == 2)
    await rig.end()
  }

  @Test func `what is already so by somebody else is stale, and not sent`() async throws {
    let rig = try await Rig()
    _ = await rig.engine.syncOnce()
    let id = try rig.row("embed").id
    let plan = await rig.runner.plan(.pause(id))
    try await rig.client.pause(id)
    #expect(
      await rig.runner.perform(plan, confirmation: .typed("embed"))
        == .stale("it was paused since the preview"))
    #expect(rig.simulator.writes.count == 1)
    await rig.end()
  }

  // MARK: - Steps

  /// Plans, sends, lets it happen, and sees it done.
  private func carryOut(_ request: ActionRequest, _ rig: Rig) async throws -> JournalEntry {
    let plan = await rig.runner.plan(request)
    #expect(plan.refusal == nil, "\(request.verb)")
    let sent = await rig.runner.performed(plan, confirmation: .typed(plan.workloadName))
    let id = try #require(sent.entryID, "\(request.verb): \(sent.outcome)")
    guard case .accepted = sent.outcome else {
      Issue.record("\(request.verb): \(sent.outcome)")
      return try #require(try rig.store.journalEntry(id))
    }
    #expect(plan.calls.last.map { "\($0.method) \($0.path)" } == rig.simulator.writes.last)
    await rig.pass(seconds: 150)
    #expect(
      await rig.runner.follow(id, within: .zero, progress: { _ in }) == .done, "\(request.verb)")
    return try #require(try rig.store.journalEntry(id))
  }

  private func request(_ choice: UndoChoice) throws -> ActionRequest {
    guard case .request(let request) = choice else {
      throw Unexpected(text: "\(choice)")
    }
    return request
  }

  private struct Unexpected: Error {
    let text: String
  }

  private func definition(of workload: Workload, _ rig: Rig) async throws -> Definition {
    try await rig.client.revision(try #require(workload.activeRevisionID)).definition
  }
}
