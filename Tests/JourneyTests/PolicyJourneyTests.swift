import Domain
import Engine
import Foundation
import Simulator
import Store
import Synchronization
import Testing

/// The one function that sends asks the policies again.
struct PolicyJourneyTests {
  private func policy(_ change: (inout Policy) -> Void) -> Rulebook {
    var policy = Policy(name: "late", match: WorkloadMatch(workloads: [Glob("embed")]))
    change(&policy)
    var rules = Rulebook()
    rules.policies = PolicyBook(policies: [policy])
    return rules
  }

  @Test func `a policy that came after the preview refuses it`() async throws {
    let rules = Mutex(Rulebook())
    let rig = try await Rig(rules: { rules.withLock { $0 } })
    _ = await rig.engine.syncOnce()
    let id = try rig.row("embed").id
    let plan = await rig.runner.plan(.scale(id, replicas: [RegionID("par"): 4]))
    #expect(plan.refusal == nil)
    let window = try FreezeWindow("2026-01-01 00:00..2027-06-01 00:00 UTC")
    rules.withLock { $0 = policy { $0.freezes.frozen = [window] } }
    #expect(
      await rig.runner.perform(plan, confirmation: .yes)
        == .refused("policy 'late': frozen until 2027-06-01 00:00 UTC (\(window.text))"))
    rules.withLock { $0 = policy { $0.isProtected = true } }
    #expect(
      await rig.runner.perform(plan, confirmation: .yes)
        == .stale("a policy asks for the deployment's name since the preview"))
    rules.withLock { $0.policies = PolicyBook(defect: "config.toml:1: wrong") }
    guard case .refused(let reason) = await rig.runner.perform(plan, confirmation: .yes) else {
      Issue.record("it was sent")
      return await rig.end()
    }
    #expect(reason.contains("config.toml:1"))
    #expect(rig.simulator.writes == [])
    rules.withLock { $0 = Rulebook() }
    #expect(await rig.runner.perform(plan, confirmation: .yes) == .accepted(nil))
    await rig.end()
  }

  @Test func `a screen is judged by the rules of now, though nothing else went on`() async throws {
    let rules = Mutex(Rulebook())
    let rig = try await Rig(rules: { rules.withLock { $0 } })
    _ = await rig.engine.syncOnce()
    let instant = rig.simulator.world.now
    let past = PastFeed(store: rig.store, rules: { rules.withLock { $0 } })
    func isFound(_ snapshot: FleetSnapshot?) -> Bool? {
      snapshot?.findings.contains { $0.kind == .residency }
    }
    var pictures = rig.feed.snapshots().makeAsyncIterator()
    #expect(isFound(await pictures.next()) == false)
    #expect(isFound(try past.snapshot(at: instant)) == false)
    rules.withLock { $0 = policy { $0.residency = ["US"] } }
    // The world stands still: a reading changes nothing but its own time.
    _ = await rig.engine.syncOnce()
    var found = isFound(await pictures.next())
    for _ in 0..<3 where found == false { found = isFound(await pictures.next()) }
    #expect(found == true)
    #expect(isFound(try past.snapshot(at: instant)) == true)
    await rig.end()
  }

  @Test func `what became protected since the preview is not done as one of several`() async throws
  {
    let rules = Mutex(Rulebook())
    let rig = try await Rig(rules: { rules.withLock { $0 } })
    _ = await rig.engine.syncOnce()
    let embed = try rig.row("embed").id
    let rerank = try rig.row("rerank").id
    let plans = await rig.runner.plans([.restart(embed), .restart(rerank)])
    #expect(plans.allSatisfy { $0.refusal == nil && !$0.isProtected })
    rules.withLock { $0 = policy { $0.isProtected = true } }
    await rig.runner.performAll(
      plans, confirmation: .counted(typed: "2", of: 2), onError: .goOn, mayGoOn: { true },
      progress: { _ in })
    #expect(rig.simulator.writes == ["POST /v1/services/\(rerank)/redeploy"])
    await rig.end()
  }

  @Test func `what is set aside is in the journal`() async throws {
    let window = try FreezeWindow("2026-01-01 00:00..2027-06-01 00:00 UTC")
    let rules = policy { $0.freezes.frozen = [window] }
    let rig = try await Rig(rules: { rules })
    _ = await rig.engine.syncOnce()
    let id = try rig.row("embed").id
    let plan = await rig.runner.plan(
      .scale(id, replicas: [RegionID("par"): 4]), waiver: Waiver(reason: "page 12"))
    #expect(
      await rig.runner.perform(plan, confirmation: .yes)
        == .refused("not confirmed: nothing was sent"))
    #expect(
      await rig.runner.perform(plan, confirmation: .typed("embed")) == .accepted(nil))
    let entry = try #require(try rig.store.journal(limit: 1).first)
    #expect(entry.waiver == Waiver(reason: "page 12", policy: "late"))
    #expect(try rig.store.journalIsIntact())
    await rig.end()
  }
}
