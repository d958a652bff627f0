import Domain
import Foundation
import TestSupport
import Testing

struct BulkPlanTests {
  private func target(
    _ name: String, _ place: BulkPlan.Target.Place = .shown, _ request: ActionRequest? = nil
  ) -> BulkPlan.Target {
    let id = WorkloadID("wl-\(name)")
    return BulkPlan.Target(
      id: id, name: name, place: place, wish: .request(request ?? .restart(id)))
  }

  private func plan(_ target: BulkPlan.Target) throws -> ActionPlan {
    ActionPlanner(facts: FleetFixture.facts(), isReadOnly: false, now: FleetFixture.now)
      .plan(try #require(target.request))
  }

  @Test func `what a person does not see comes first`() throws {
    let targets = [target("chat"), target("embed", .hidden), target("gone", .vanished)]
    let bulk = BulkPlan(targets, plans: try targets.map(plan))
    #expect(bulk.rows.map(\.target.name) == ["gone", "embed", "chat"])
    #expect(bulk.rows[0].refusal == "not there any more")
    #expect(bulk.sendable.map(\.workloadName) == ["embed", "chat"])
    #expect(bulk.requestCount == 2)
  }

  @Test func `no deployment is in it twice`() throws {
    let targets = [target("chat"), target("chat"), target("embed")]
    let bulk = BulkPlan(targets, plans: try targets.map(plan))
    #expect(bulk.sendable.count == 2)
  }

  @Test func `what is protected is refused among several`() throws {
    let targets = [target("chat"), target("embed")]
    var plans = try targets.map(plan)
    plans[0].isProtected = true
    let bulk = BulkPlan(targets, plans: plans)
    #expect(bulk.rows[0].refusal == "protected: act on it alone")
    #expect(bulk.sendable.map(\.workloadName) == ["embed"])
  }

  @Test func `what it costs more is the sum of what is sent`() throws {
    let chat = target(
      "chat", .shown, .scale(WorkloadID("wl-chat"), replicas: [RegionID("fra"): 6]))
    let embed = target(
      "embed", .shown, .scale(WorkloadID("wl-embed"), replicas: [RegionID("par"): 6]))
    let plans = try [chat, embed].map(plan)
    let bulk = BulkPlan([chat, embed], plans: plans)
    let sum = try #require(plans[0].costChange).adding(try #require(plans[1].costChange))
    #expect(bulk.costChange.perHour == sum)
    #expect(bulk.costChange.unpriced == 0)
    var unpriced = plans
    unpriced[0].costAfter = nil
    #expect(BulkPlan([chat, embed], plans: unpriced).costChange.unpriced == 1)
  }

  @Test func `it does the same when only time has passed`() throws {
    let targets = [target("chat"), target("embed")]
    let plans = try targets.map(plan)
    var later = plans
    for index in later.indices { later[index].computedAt += 30 }
    #expect(BulkPlan(targets, plans: plans).doesTheSame(as: BulkPlan(targets, plans: later)))
    later[0].refusal = "frozen"
    #expect(!BulkPlan(targets, plans: plans).doesTheSame(as: BulkPlan(targets, plans: later)))
  }

  @Test func `a number confirms several that are not protected, and never one`() {
    let both = Confirmation.counted(typed: "2", of: 2)
    #expect(both.satisfies(.dangerous, name: "x"))
    #expect(both.satisfies(.costly, name: "x"))
    #expect(!both.satisfies(.costly, name: "x", isProtected: true))
    #expect(!Confirmation.counted(typed: "1", of: 1).satisfies(.costly, name: "x"))
    #expect(!Confirmation.counted(typed: "3", of: 2).satisfies(.costly, name: "x"))
    #expect(!Confirmation.counted(typed: "", of: 2).satisfies(.reversible, name: "x"))
  }
}
