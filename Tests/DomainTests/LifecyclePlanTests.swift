import FoundationEssentials
import TestSupport
import Testing

@testable import Domain

struct LifecyclePlanTests {
  private let chat = WorkloadID("wl-chat")
  private let embed = WorkloadID("wl-embed")

  private func plan(
    _ request: ActionRequest, _ change: (inout FleetFacts) -> Void = { _ in }
  ) -> ActionPlan {
    var facts = FleetFixture.facts()
    change(&facts)
    return ActionPlanner(facts: facts, isReadOnly: false, now: FleetFixture.now).plan(request)
  }

  private func status(_ status: Workload.Status) -> (inout FleetFacts) -> Void {
    { facts in
      let old = facts.workloads[0]
      facts.workloads[0] = Workload(
        id: old.id, appID: old.appID, name: old.name, kind: old.kind, status: status,
        statusText: status.rawValue.uppercased(), messages: [], version: old.version,
        createdAt: old.createdAt, updatedAt: old.updatedAt,
        activeRevisionID: old.activeRevisionID, latestRevisionID: old.latestRevisionID)
    }
  }

  /// A newer revision of chat that does not serve yet.
  private func rollout(_ status: Revision.Status) -> (inout FleetFacts) -> Void {
    { facts in
      let id = RevisionID("rev-chat-3")
      facts.revisions[id] = FleetFixture.revision(
        id, of: "chat", status: status, age: 10, type: "gpu-nvidia-h100", region: "fra",
        bounds: 1...4)
      let old = facts.workloads[0]
      facts.workloads[0] = Workload(
        id: old.id, appID: old.appID, name: old.name, kind: old.kind, status: old.status,
        statusText: old.statusText, messages: [], version: old.version, createdAt: old.createdAt,
        updatedAt: old.updatedAt, activeRevisionID: old.activeRevisionID, latestRevisionID: id)
    }
  }

  @Test func `a restart tells what it deploys`() {
    #expect(
      plan(.restart(chat)).calls.map(\.text) == ["POST /v1/services/wl-chat/redeploy"])
    #expect(plan(.restart(chat)).refusal == nil)
    #expect(plan(.restart(chat), status(.paused)).refusal == "it is paused: resume it")
    let draft = plan(.restart(chat), rollout(.stashed))
    #expect(draft.remarks.contains { $0.label == "draft" && $0.weight == .alarm })
    #expect(plan(.restart(chat), rollout(.error)).remarks.contains { $0.label == "latest" })
    #expect(plan(.restart(chat), rollout(.starting)).remarks.contains { $0.label == "in progress" })
  }

  @Test func `a pause goes to nothing and asks for the name`() {
    let plan = plan(.pause(chat))
    #expect(plan.tier == .dangerous)
    #expect(plan.regions.map(\.to) == [0...0])
    #expect(plan.costAfter?.high.formatted() == "0.00")
    #expect(self.plan(.pause(chat), status(.paused)).refusal == "it is paused already")
    #expect(self.plan(.pause(chat), status(.deleting)).refusal == "the deployment is being deleted")
  }

  @Test func `only what is paused is resumed`() {
    #expect(plan(.resume(chat)).refusal == "it is not paused")
    #expect(plan(.resume(chat), status(.pausing)).refusal == "it is not paused")
    let paused = plan(.resume(chat), status(.paused))
    #expect(paused.refusal == nil)
    #expect(paused.regions.map(\.from) == [0...0])
  }

  @Test func `only what is on its way is cancelled`() {
    let id = RevisionID("rev-chat-3")
    let good = plan(.cancelRollout(chat, id), rollout(.starting))
    #expect(good.refusal == nil)
    #expect(good.tier == .costly)
    #expect(good.calls.map(\.text) == ["POST /v1/deployments/rev-chat-3/cancel"])
    #expect(plan(.cancelRollout(chat, id), rollout(.error)).refusal?.contains("error") == true)
    #expect(plan(.cancelRollout(chat, RevisionID("x"))).refusal == "revision x is not known")
  }

  @Test(
    arguments: [
      ([], "no target"), ([.processor(percent: 101)], "out of range"),
      ([.responseTime(milliseconds: 0, quantile: 95)], "out of range"),
      ([.requestsPerSecond(20)], "nothing would change"),
    ] as [([Definition.Scaling.Target], String)])
  func `targets that cannot be or change nothing are refused`(
    targets: [Definition.Scaling.Target], part: String
  ) {
    #expect(plan(.targets(chat, targets)).refusal?.contains(part) == true)
  }

  @Test func `targets need something to decide`() {
    #expect(plan(.targets(chat, [.requestsPerSecond(30)])).refusal == nil)
    #expect(
      plan(.targets(embed, [.requestsPerSecond(30)])).refusal?.contains("min equals max") == true)
  }
}
