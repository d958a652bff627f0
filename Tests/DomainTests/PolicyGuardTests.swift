import FoundationEssentials
import TestSupport
import Testing

@testable import Domain

/// Every action under every guard: allowed, asked how, or refused with which sentence.
struct PolicyGuardTests {
  static let actions = GuardedAction.allCases

  private func plan(
    _ action: GuardedAction, _ policy: Policy? = nil, readOnly: Bool = false,
    waiver: Waiver? = nil, change: (inout FleetFacts) -> Void = { _ in }
  ) -> ActionPlan {
    var book = PolicyBook()
    if let policy { book.policies = [policy] }
    return plan(action, book: book, readOnly: readOnly, waiver: waiver, change: change)
  }

  private func plan(
    _ action: GuardedAction, book: PolicyBook, readOnly: Bool = false, waiver: Waiver? = nil,
    change: (inout FleetFacts) -> Void = { _ in }
  ) -> ActionPlan {
    var facts = action.facts
    change(&facts)
    var rules = Rulebook()
    rules.policies = book
    return ActionPlanner(facts: facts, rules: rules, isReadOnly: readOnly, now: FleetFixture.now)
      .plan(action.request, target: action.target, waiver: waiver)
  }

  private func policy(_ change: (inout Policy) -> Void) -> Policy {
    var policy = Policy(name: "p", match: WorkloadMatch(workloads: [Glob("ch*")]))
    change(&policy)
    return policy
  }

  private func frozen() throws -> Policy {
    let window = try FreezeWindow("2026-01-01 00:00..2027-01-02 00:00 Europe/Paris")
    return policy { $0.freezes.frozen = [window] }
  }

  @Test(arguments: actions)
  func `without a rule it is asked as it always was`(action: GuardedAction) {
    let plan = plan(action)
    #expect(plan.refusal == nil)
    #expect(plan.tier == action.tier)
    #expect(!plan.isProtected && plan.waiver == nil && plan.refusedBy == nil && !plan.isWaivable)
  }

  @Test(arguments: actions)
  func `a policy for another deployment changes nothing`(action: GuardedAction) throws {
    var other = try frozen()
    other.isReadOnly = true
    other.isProtected = true
    other.match = WorkloadMatch(workloads: [Glob("embed")])
    #expect(plan(action, other) == plan(action))
    other.match = WorkloadMatch(labels: [WorkloadMatch.Label("team=ml")])
    #expect(plan(action, other) == plan(action), "Koyeb has no labels")
  }

  @Test(arguments: actions)
  func `a read-only console refuses it`(action: GuardedAction) {
    #expect(
      plan(action, readOnly: true).refusal == "read-only: this console may not change anything")
  }

  @Test(arguments: actions)
  func `a read-only policy refuses it by name`(action: GuardedAction) {
    let plan = plan(action, policy { $0.isReadOnly = true }, waiver: Waiver(reason: "now"))
    #expect(plan.refusal == "policy 'p': read-only: nothing may be done to chat")
    #expect(plan.refusedBy == "p" && !plan.isWaivable)
  }

  @Test(arguments: actions)
  func `a protected one asks for the name`(action: GuardedAction) {
    let plan = plan(action, policy { $0.isProtected = true })
    #expect(plan.refusal == nil && plan.tier == .dangerous && plan.isProtected)
    #expect(plan.remarks.contains { $0.text == "policy 'p': asks for the name" })
  }

  @Test(arguments: actions)
  func `a freeze refuses it, and says until when`(action: GuardedAction) throws {
    let plan = plan(action, try frozen())
    let refusal = try #require(plan.refusal)
    #expect(
      refusal.hasPrefix("policy 'p': frozen until 2027-01-02 00:00 Europe/Paris"), "\(refusal)")
    #expect(refusal.contains("a rollback is frozen as well") == (action == .rollback))
    #expect(plan.refusedBy == "p" && plan.isWaivable)
  }

  @Test(arguments: actions)
  func `a freeze that is set aside asks for the name and says so`(action: GuardedAction) throws {
    let plan = plan(action, try frozen(), waiver: Waiver(reason: "page of 03:12"))
    #expect(plan.refusal == nil && plan.tier == .dangerous)
    #expect(plan.waiver == Waiver(reason: "page of 03:12", policy: "p"))
    #expect(plan.remarks.contains { $0.weight == .alarm && $0.text.contains("page of 03:12") })
  }

  @Test(arguments: actions)
  func `a reason without a freeze sets nothing aside`(action: GuardedAction) {
    let plan = plan(action, waiver: Waiver(reason: "just so"))
    #expect(plan.refusal == nil && plan.waiver == nil && plan.tier == action.tier)
  }

  @Test(arguments: actions)
  func `what leaves replicas outside only warns, and what adds some is refused`(
    action: GuardedAction
  ) {
    let plan = plan(action, policy { $0.residency = ["US", "CH"] })
    switch action {
    case .scale, .bounds, .setOverrides, .resume:
      #expect(
        plan.refusal == "policy 'p': chat must stay in US or CH, and fra (EU) is not there")
      #expect(plan.refusedBy == "p" && !plan.isWaivable)
    case .targets, .release, .rollback, .restart, .cancel:
      #expect(plan.refusal == nil && plan.tier == action.tier)
      #expect(plan.remarks.contains { $0.label == "residency" && $0.weight == .alarm })
    case .pause:
      #expect(plan.refusal == nil)
      #expect(!plan.remarks.contains { $0.label == "residency" })
    }
  }

  @Test(arguments: actions)
  func `where it must stay nothing is said`(action: GuardedAction) {
    let plan = plan(action, policy { $0.residency = ["EU"] })
    #expect(plan.refusal == nil && plan.tier == action.tier)
    #expect(!plan.remarks.contains { $0.label == "residency" })
  }

  @Test(arguments: actions)
  func `more money than a policy allows is refused with the figures`(action: GuardedAction) {
    let plan = plan(action, policy { $0.maximumHourlyIncrease = Money(1, .usd) })
    switch action {
    case .scale, .setOverrides:
      #expect(
        plan.refusal
          == "policy 'p': up to 6.60 USD/h more, and 1.00 USD/h is the most by one action")
    case .bounds, .release:
      #expect(plan.refusal?.hasPrefix("policy 'p': up to 3.30 USD/h more") == true)
    case .resume: #expect(plan.refusal?.hasPrefix("policy 'p': up to 13.19 USD/h more") == true)
    case .targets, .rollback, .restart, .pause, .cancel:
      #expect(plan.refusal == nil && plan.tier == action.tier)
    }
  }

  @Test(arguments: actions)
  func `what cannot be priced or compared asks for the name`(action: GuardedAction) {
    let limit = policy { $0.maximumHourlyIncrease = Money(1000, .usd) }
    let unknown = plan(action, limit) { $0.catalogue = Catalogue() }
    let isFree = action == .pause || action == .cancel
    #expect(unknown.refusal == nil)
    #expect(unknown.tier == (isFree ? action.tier : .dangerous))
    #expect(unknown.remarks.contains { $0.label == "price" && $0.weight == .alarm } == !isFree)
    let foreign = plan(action, policy { $0.maximumHourlyIncrease = Money(1, .eur) })
    #expect(foreign.refusal == nil)
    let costsMore = [.scale, .bounds, .setOverrides, .release, .resume].contains(action)
    #expect(foreign.tier == (costsMore ? .dangerous : action.tier))
  }

  @Test(arguments: actions)
  func `the quota is told where replicas are asked for`(action: GuardedAction) {
    let plan = plan(action) {
      $0.quotas = Quotas(
        maximumInstances: [InstanceTypeID("gpu-nvidia-h100"): 3], readAt: FleetFixture.now)
    }
    let isCounted = [.scale, .bounds, .setOverrides].contains(action)
    #expect((plan.refusal?.contains("quota") ?? false) == isCounted, "\(plan.refusal ?? "")")
  }

  @Test(arguments: actions)
  func `old data asks for the name`(action: GuardedAction) {
    let plan = plan(action) {
      $0.sync = [
        SyncState(
          resource: .workloads, completedAt: FleetFixture.now.addingTimeInterval(-300),
          interval: .seconds(5))
      ]
    }
    #expect(plan.refusal == nil && plan.tier == .dangerous)
  }

  @Test(arguments: actions)
  func `what changes nothing is said`(action: GuardedAction) {
    var facts = FleetFixture.facts()
    let chat = GuardedAction.chat
    let fra = RegionID("fra")
    var request = action.request
    let sentence: String?
    switch action {
    case .scale, .setOverrides:
      facts.overrides[chat] = [ScalingOverride(regions: [fra], replicas: 6)]
      sentence = "nothing would change"
    case .bounds:
      request = .bounds(chat, minimum: 1, maximum: 4)
      sentence = "nothing would change"
    case .targets:
      request = .targets(chat, [.requestsPerSecond(20)])
      sentence = "nothing would change"
    case .release: sentence = "no override is set"
    case .rollback:
      request = .rollBack(chat, to: RevisionID("rev-chat-2"))
      sentence = "revision rev-chat is what serves now"
    case .restart: sentence = nil
    case .pause:
      facts = GuardedAction.resume.facts
      sentence = "it is paused already"
    case .resume: sentence = "it is not paused"
    case .cancel:
      request = .cancelRollout(chat, RevisionID("rev-chat-2"))
      sentence = "revision rev-chat is not on its way: it is healthy"
    }
    let target = action == .rollback ? GuardedAction.row("rev-chat-2", in: facts) : action.target
    let plan = ActionPlanner(facts: facts, isReadOnly: false, now: FleetFixture.now)
      .plan(request, target: target)
    #expect(plan.refusal == sentence)
  }

  @Test(arguments: actions)
  func `who else scales it is said`(action: GuardedAction) {
    let plan = plan(action) {
      $0.overrides[GuardedAction.chat] = [ScalingOverride(regions: [RegionID("fra")], replicas: 2)]
    }
    let isTold = plan.remarks.contains { $0.label == "who else" && $0.weight == .warning }
    #expect(
      isTold == [.scale, .bounds, .targets, .setOverrides, .rollback].contains(action))
  }

  @Test(arguments: actions)
  func `policies that cannot be read refuse it, whatever the reason`(action: GuardedAction) {
    let plan = plan(
      action, book: PolicyBook(defect: "config.toml:12: wrong"), waiver: Waiver(reason: "now"))
    #expect(
      plan.refusal
        == "policies cannot be read: config.toml:12: wrong; nothing may be changed until it is "
        + "mended")
    #expect(!plan.isWaivable && plan.refusedBy == nil)
  }
}

/// One of each action, on a deployment where it is possible.
enum GuardedAction: String, CaseIterable, Sendable, CustomTestStringConvertible {
  case scale, bounds, targets, setOverrides, release, rollback, restart, pause, resume, cancel

  static let chat = WorkloadID("wl-chat")

  var testDescription: String { rawValue }

  var request: ActionRequest {
    let chat = Self.chat
    let fra = RegionID("fra")
    return switch self {
    case .scale: .scale(chat, replicas: [fra: 6])
    case .bounds: .bounds(chat, minimum: 2, maximum: 5)
    case .targets: .targets(chat, [.requestsPerSecond(30)])
    case .setOverrides: .setOverrides(chat, [ScalingOverride(regions: [fra], replicas: 6)])
    case .release: .releaseOverride(chat)
    case .rollback: .rollBack(chat, to: RevisionID("rev-chat-1"))
    case .restart: .restart(chat)
    case .pause: .pause(chat)
    case .resume: .resume(chat)
    case .cancel: .cancelRollout(chat, RevisionID("rev-chat-3"))
    }
  }

  var tier: ConfirmationTier { self == .pause ? .dangerous : .costly }

  static func row(_ id: String, in facts: FleetFacts) -> RevisionRow? {
    facts.revisions[RevisionID(id)].map {
      RevisionRow(revision: $0, healthyFor: .seconds(60), isActive: false, isLatest: false)
    }
  }

  var target: RevisionRow? {
    self == .rollback ? Self.row("rev-chat-1", in: FleetFixture.facts()) : nil
  }

  var facts: FleetFacts {
    var facts = FleetFixture.facts()
    switch self {
    case .release:
      facts.overrides[Self.chat] = [ScalingOverride(regions: [RegionID("fra")], replicas: 3)]
    case .resume:
      change(&facts, status: .paused, latest: "rev-chat-2")
      facts.replicas.removeAll { $0.workloadID == Self.chat }
    case .cancel:
      let id = RevisionID("rev-chat-3")
      facts.revisions[id] = FleetFixture.revision(
        id, of: "chat", status: .starting, age: 60, type: "gpu-nvidia-h100", region: "fra",
        bounds: 1...4)
      change(&facts, status: .healthy, latest: id.rawValue)
    case .scale, .bounds, .targets, .setOverrides, .rollback, .restart, .pause: break
    }
    return facts
  }

  private func change(_ facts: inout FleetFacts, status: Workload.Status, latest: String) {
    facts.workloads = facts.workloads.map { old in
      guard old.id == Self.chat else { return old }
      return Workload(
        id: old.id, appID: old.appID, name: old.name, kind: old.kind, status: status,
        statusText: status.rawValue.uppercased(), messages: [], version: old.version,
        createdAt: old.createdAt, updatedAt: old.updatedAt,
        activeRevisionID: old.activeRevisionID, latestRevisionID: RevisionID(latest))
    }
  }
}
