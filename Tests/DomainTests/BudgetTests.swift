import FoundationEssentials
import TestSupport
import Testing

@testable import Domain

/// Budgets of a month, and what orders would do to them.
struct BudgetTests {
  private let now = FleetFixture.now
  private let chat = WorkloadID("wl-chat")

  private func budget(
    _ amount: Decimal, _ match: Budget.Match = Budget.Match(WorkloadMatch()),
    currency: Currency = .usd
  ) -> Budget {
    Budget(name: "b", match: match, monthly: Money(amount, currency))
  }

  private func rules(_ budgets: [Budget], rates: RateTable = RateTable()) -> Rulebook {
    var rules = Rulebook()
    rules.money = MoneyBook(rates: rates, budgets: budgets)
    return rules
  }

  /// The meter was read now: chat has run for 100 hours of an H100, embed for 1000 of an L4.
  private func facts() -> FleetFacts {
    var facts = FleetFixture.facts()
    facts.usages = [
      UsageTotal(
        workloadID: chat, region: RegionID("fra"), type: InstanceTypeID("gpu-nvidia-h100"),
        today: .seconds(3600), month: .seconds(360_000)),
      UsageTotal(
        workloadID: WorkloadID("wl-embed"), region: RegionID("par"),
        type: InstanceTypeID("gpu-nvidia-l4"), today: .seconds(3600), month: .seconds(3_600_000)),
    ]
    facts.usagesCoveredUntil = now
    return facts
  }

  private func state(
    _ budget: Budget, _ facts: FleetFacts? = nil, rates: RateTable = RateTable(), at: Date? = nil
  ) throws -> BudgetState {
    let snapshot = FleetAssembler(rules: rules([budget], rates: rates))
      .snapshot(from: facts ?? self.facts(), now: at ?? now)
    return try #require(snapshot.costs.budgets.first)
  }

  @Test(arguments: [
    ("*", "", true), ("", "", true), ("", "a", false), ("chat", "chat", true),
    ("chat", "chats", false), ("chat-*", "chat-large", true), ("*-large", "chat-large", true),
    ("c?at", "chat", true), ("c?at", "cat", false), ("*a*b*", "xaxxb", true),
    ("*a*b", "xaxxbx", false), ("**", "x", true), ("?", "", false), ("*ab", "aab", true),
  ])
  func `patterns`(pattern: String, text: String, isMatch: Bool) {
    #expect(Glob(pattern).matches(text) == isMatch)
  }

  @Test func `a budget counts what it matches, and nothing else`() throws {
    // 100 hours at 3.2976 and 1000 at 0.6984.
    #expect(try state(budget(9999)).figures.monthToDate?.formatted() == "1,028.16")
    for match in [
      Budget.Match(regions: ["f*"]), .init(workloads: ["ch?t"]),
      .init(regions: ["fra", "was"], apps: ["assist*"], workloads: ["chat", "image"]),
      .init(contexts: ["pr*"], regions: ["fra"]),
    ] {
      let state = try state(budget(9999, match))
      #expect(state.figures.monthToDate?.formatted() == "329.76")
      #expect(state.figures.perHour?.formatted(fractionDigits: 4) == "6.5952")
      #expect(state.workloadCount == 1)
    }
  }

  @Test func `a budget of another context is not shown`() {
    let other = budget(1, Budget.Match(contexts: ["staging"]))
    let snapshot = FleetAssembler(rules: rules([other])).snapshot(from: facts(), now: now)
    #expect(snapshot.costs.budgets.isEmpty)
    #expect(!snapshot.findings.contains { $0.kind == .budget })
  }

  @Test func `the forecast warns with the day, and what is passed is critical`() throws {
    let assembler = FleetAssembler(rules: rules([budget(1500)]))
    let snapshot = assembler.snapshot(from: facts(), now: now)
    let finding = try #require(snapshot.findings.first { $0.kind == .budget })
    #expect(finding.severity == .warning)
    #expect(finding.subject == "budget 'b'")
    // 471.84 are left, at 8.6904 an hour: 54.3 hours after 24 November, 06:00.
    #expect(
      finding.summary == "1,028 of 1,500 USD, will be passed on 26 Nov at this rate (estimate)")
    let passed = FleetAssembler(rules: rules([budget(1000)])).snapshot(from: facts(), now: now)
    let critical = try #require(passed.findings.first { $0.kind == .budget })
    #expect(critical.severity == .critical)
    #expect(critical.summary == "1,028 of 1,000 USD, passed (estimate)")
    let within = FleetAssembler(rules: rules([budget(9999)])).snapshot(from: facts(), now: now)
    #expect(!within.findings.contains { $0.kind == .budget })
  }

  @Test func `a new month begins at nothing`() throws {
    let month = Date(timeIntervalSince1970: 1_796_083_200)
    let small = budget(1030)
    #expect(try state(small, at: month.addingTimeInterval(-1)).standing != .within)
    let fresh = try state(small, at: month)
    #expect(fresh.figures.monthToDate?.amount == 0)
    #expect(fresh.standing == .exceeding)
    // 1030 at 8.6904 an hour.
    let hours = try #require(fresh.passesAt).timeIntervalSince(month) / 3600
    #expect(abs(hours - 118.52) < 0.01)
  }

  @Test func `what is not known is said, never zero`() throws {
    var unread = facts()
    unread.usagesCoveredUntil = nil
    let states = [
      try state(budget(10), unread), try state(budget(10, currency: .eur)),
      try state(budget(10, Budget.Match(labels: ["team=a"]))),
      try state(budget(10, Budget.Match(workloads: ["nobody"]))),
    ]
    for (state, part) in zip(states, ["meter was not read", "no rate leads", "labels", "nothing"]) {
      #expect(state.standing == .unknown)
      #expect(state.figures.monthToDate == nil)
      #expect(state.problem?.contains(part) == true, "\(state.problem ?? "-")")
      #expect(state.summary.hasPrefix("- of 10.00"))
    }
    // What was not read yet comes by itself; the others are mistakes.
    let severities = BudgetRules.findings(states).map(\.severity)
    #expect(severities == [.information, .information, .information])
  }

  @Test func `a budget is converted by the same table`() throws {
    let table = RateTable(currency: .eur, rates: [.usd: Decimal(string: "0.5") ?? 0])
    let state = try state(budget(3000), rates: table)
    #expect(state.limit == Money(1500, .eur))
    #expect(state.figures.monthToDate?.formatted() == "514.08")
  }

  @Test func `replicas without a price are named as left out`() throws {
    var facts = facts()
    FleetFixture.add(
      "odd", type: "gpu-unheard-of", region: "fra", ready: 2, bounds: 2...2, to: &facts)
    #expect(try state(budget(1000), facts).omission == "without 2 replicas that have no price")
  }

  @Test func `judging a part anew gives the same as judging the whole`() {
    let assembler = FleetAssembler(rules: rules([budget(1500)]))
    let facts = facts()
    let later = now.addingTimeInterval(7200)
    let first = assembler.snapshot(from: facts, now: now)
    let again = assembler.rejudged(
      first, madeAt: now, touched: Touched(), from: facts, now: later)
    #expect(again == assembler.snapshot(from: facts, now: later))
  }

  // MARK: - Orders

  private func plan(
    _ request: ActionRequest, _ budgets: [Budget], _ facts: FleetFacts? = nil
  ) -> ActionPlan {
    ActionPlanner(
      facts: facts ?? self.facts(), rules: rules(budgets), isReadOnly: false, now: now
    ).plan(request)
  }

  private func remark(_ plan: ActionPlan) -> ActionPlan.Remark? {
    plan.remarks.first { $0.label == "budget" }
  }

  @Test func `an order that would pass a budget asks for the name`() throws {
    // To the end of November at 8.6904 an hour: 1,028 and 1,408 more; 2 H100 more are 1,068.
    let scale = ActionRequest.scale(chat, replicas: [RegionID("fra"): 4])
    let over = plan(scale, [budget(3000)])
    #expect(over.tier == .dangerous)
    #expect(over.refusal == nil)
    #expect(remark(over)?.weight == .alarm)
    let text = try #require(remark(over)?.text)
    #expect(text == "over 'b': forecast ~2,436 -> ~3,504 of 3,000 USD")
    let under = plan(scale, [budget(9000)])
    #expect(under.tier == .costly)
    #expect(remark(under)?.weight == .plain)
    let passed = plan(scale, [budget(1000)])
    #expect(remark(passed)?.text.hasPrefix("'b' is passed") == true)
  }

  @Test func `a budget that the workload is not in says nothing`() {
    let scale = ActionRequest.scale(chat, replicas: [RegionID("fra"): 4])
    for match in [
      Budget.Match(workloads: ["embed"]), .init(regions: ["par"]), .init(contexts: ["x"]),
    ] {
      let plan = plan(scale, [budget(1, match)])
      #expect(plan.tier == .costly)
      #expect(remark(plan) == nil)
    }
  }

  @Test func `an order that costs less passes no budget`() {
    let plans = [
      plan(.scale(chat, replicas: [RegionID("fra"): 1]), [budget(1000)]),
      plan(.bounds(chat, minimum: 1, maximum: 2), [budget(1000)]),
      plan(.restart(chat), [budget(1000)]),
    ]
    for plan in plans {
      #expect(plan.tier == .costly, "\(plan.summary)")
      #expect(remark(plan) == nil, "\(plan.summary)")
    }
  }

  @Test func `a higher limit counts by what it may cost`() {
    let plan = plan(.bounds(chat, minimum: 1, maximum: 8), [budget(3000)])
    #expect(plan.tier == .dangerous)
    #expect(remark(plan)?.weight == .alarm)
  }

  @Test func `a budget that is not known is a warning, no more`() {
    var unread = facts()
    unread.usagesCoveredUntil = nil
    let scale = ActionRequest.scale(chat, replicas: [RegionID("fra"): 4])
    let plan = plan(scale, [budget(3000)], unread)
    #expect(plan.tier == .costly)
    #expect(remark(plan)?.weight == .warning)
    #expect(remark(plan)?.text.contains("not judged") == true)
  }
}
