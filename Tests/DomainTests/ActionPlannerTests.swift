import FoundationEssentials
import TestSupport
import Testing

@testable import Domain

struct ActionPlannerTests {
  private let now = FleetFixture.now
  private let chat = WorkloadID("wl-chat")
  private let region = RegionID("fra")

  private func plan(
    _ request: ActionRequest, facts: FleetFacts = FleetFixture.facts(), readOnly: Bool = false,
    target: RevisionRow? = nil
  ) -> ActionPlan {
    ActionPlanner(facts: facts, isReadOnly: readOnly, now: now).plan(request, target: target)
  }

  @Test func `a scale shows from, to, money and the exact call`() throws {
    let plan = plan(.scale(chat, replicas: [region: 4]))
    #expect(plan.refusal == nil)
    #expect(plan.tier == .costly)
    #expect(plan.regions == [.init(region: region, ready: 2, from: 1...4, to: 4...4)])
    #expect(plan.costBefore?.low.formatted() == "3.30")
    #expect(plan.costAfter?.high.formatted() == "13.19")
    #expect(plan.calls.map(\.text) == ["PUT /v1/services/wl-chat/scale instances fra=4"])
    #expect(plan.remarks.contains { $0.label == "who else" && $0.text.contains("OFF") })
  }

  @Test(arguments: [
    (0, "pause it, or set min 0"), (-1, "out of range"), (1_000_000_000, "out of range"),
  ])
  func `a count that cannot be is refused here`(count: Int, part: String) {
    let refusal = plan(.scale(chat, replicas: [region: count])).refusal ?? ""
    #expect(refusal.contains(part))
  }

  @Test func `read-only refuses every action`() {
    let requests: [ActionRequest] = [
      .scale(chat, replicas: [region: 3]), .bounds(chat, minimum: 2, maximum: 5),
    ]
    for request in requests {
      #expect(plan(request, readOnly: true).refusal?.contains("read-only") == true)
    }
  }

  @Test func `what changes nothing is said, not sent`() {
    var facts = FleetFixture.facts()
    facts.overrides[chat] = [ScalingOverride(regions: [region], replicas: 3)]
    #expect(
      plan(.scale(chat, replicas: [region: 3]), facts: facts).refusal == "nothing would change")
    #expect(plan(.releaseOverride(chat)).refusal == "no override is set")
  }

  @Test func `the quota counts what others use`() {
    var facts = FleetFixture.facts()
    facts.quotas = Quotas(maximumInstances: [InstanceTypeID("gpu-nvidia-h100"): 3], readAt: now)
    #expect(
      plan(.scale(chat, replicas: [region: 4]), facts: facts).refusal?.contains("quota") == true)
    #expect(plan(.scale(chat, replicas: [region: 3]), facts: facts).refusal == nil)
  }

  @Test func `dropping more than half asks for the name`() {
    let embed = WorkloadID("wl-embed")
    #expect(plan(.scale(embed, replicas: [RegionID("par"): 1])).tier == .dangerous)
    #expect(plan(.scale(embed, replicas: [RegionID("par"): 2])).tier == .costly)
  }

  @Test func `old data asks for the name`() {
    var facts = FleetFixture.facts()
    facts.sync = [
      SyncState(
        resource: .workloads, completedAt: now.addingTimeInterval(-300), interval: .seconds(5))
    ]
    #expect(plan(.scale(chat, replicas: [region: 3]), facts: facts).tier == .dangerous)
  }

  @Test func `a rollback to the present revision is refused, to an older one it is a new revision`()
  {
    let facts = FleetFixture.facts()
    func row(_ id: String) -> RevisionRow? {
      facts.revisions[RevisionID(id)].map {
        RevisionRow(revision: $0, healthyFor: .seconds(60), isActive: false, isLatest: false)
      }
    }
    let same = plan(.rollBack(chat, to: RevisionID("rev-chat-2")), target: row("rev-chat-2"))
    #expect(same.refusal?.contains("serves now") == true)
    let older = plan(.rollBack(chat, to: RevisionID("rev-chat-1")), target: row("rev-chat-1"))
    #expect(older.refusal == nil)
    #expect(older.definitionChanges.map(\.field) == ["source"])
    #expect(older.remarks.contains { $0.text.contains("NEW revision") })
    #expect(plan(.rollBack(chat, to: RevisionID("gone"))).refusal != nil)
  }

  @Test func `entries for named regions come first and the one for all last`() {
    let current = [
      ScalingOverride(regions: [], replicas: 2),
      ScalingOverride(regions: [RegionID("par")], replicas: 5),
    ]
    let merged = ScalePlanning.merged(
      current, with: [region: 4], regions: [region, RegionID("par")])
    #expect(
      merged == [
        ScalingOverride(regions: [region], replicas: 4),
        ScalingOverride(regions: [RegionID("par")], replicas: 5),
        ScalingOverride(regions: [], replicas: 2),
      ])
  }

  @Test func `a changed variable is named and its value is not`() {
    var old = Definition()
    old.variables = [
      Definition.Variable(name: "API_KEY", secretName: nil, fingerprint: "aaaa"),
      Definition.Variable(name: "GONE", secretName: "vault", fingerprint: nil),
    ]
    var new = Definition()
    new.variables = [Definition.Variable(name: "API_KEY", secretName: nil, fingerprint: "bbbb")]
    let changes = DefinitionDiff.changes(from: old, to: new)
    #expect(changes.map(\.field) == ["env API_KEY", "env GONE"])
    #expect(
      !changes.contains { ($0.old ?? "").contains("aaaa") || ($0.new ?? "").contains("bbbb") })
  }

  @Test func `a confirmation must fit its tier`() {
    #expect(!Confirmation.none.satisfies(.reversible, name: "x"))
    #expect(Confirmation.yes.satisfies(.costly, name: "x"))
    #expect(!Confirmation.yes.satisfies(.dangerous, name: "x"))
    #expect(!Confirmation.typed("y").satisfies(.dangerous, name: "x"))
    #expect(Confirmation.typed("x").satisfies(.dangerous, name: "x"))
  }
}
