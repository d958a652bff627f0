package import FoundationEssentials

/// Works out what an action would do, cost and collide with, from what is known; sends nothing.
package struct ActionPlanner: Sendable {
  let rules: Rulebook
  let isReadOnly: Bool
  let now: Date
  private let priced: PricedFacts

  var facts: FleetFacts { priced.facts }

  package init(facts: FleetFacts, rules: Rulebook = Rulebook(), isReadOnly: Bool, now: Date) {
    priced = PricedFacts(facts, rates: rules.money.rates)
    self.rules = rules
    self.isReadOnly = isReadOnly
    self.now = now
  }

  /// `target` is the revision of a rollback; nil when it is not known.
  ///
  /// `waiver` sets aside a rule that may be set aside.
  package func plan(
    _ request: ActionRequest, target: RevisionRow? = nil, waiver: Waiver? = nil
  ) -> ActionPlan {
    let subject = PlanSubject(request.workloadID, facts: facts, now: now)
    var plan = empty(request, subject)
    guard let subject else {
      plan.refusal = "this deployment is not known any more"
      return plan
    }
    switch request {
    case .scale(_, let replicas):
      ScalePlan(subject: subject, facts: facts, now: now).fill(&plan, replicas: replicas)
    case .bounds(_, let minimum, let maximum):
      BoundsPlan(subject: subject, facts: facts)
        .fill(&plan, minimum: minimum, maximum: maximum)
    case .setOverrides(_, let overrides):
      ScalePlan(subject: subject, facts: facts, now: now).fill(&plan, overrides: overrides)
    case .targets(_, let targets):
      TargetsPlan(subject: subject, facts: facts).fill(&plan, targets: targets)
    case .restart: RestartPlan(subject: subject, facts: facts).fill(&plan)
    case .pause: PausePlan(subject: subject, facts: facts).fill(&plan)
    case .resume: ResumePlan(subject: subject, facts: facts).fill(&plan)
    case .cancelRollout(_, let id):
      CancelPlan(subject: subject, facts: facts).fill(&plan, id: id)
    case .releaseOverride:
      ReleasePlan(subject: subject, facts: facts).fill(&plan)
    case .rollBack(_, let id):
      RollbackPlan(subject: subject, facts: facts, now: now).fill(&plan, id: id, target: target)
    }
    plan.pricesReadAt = facts.catalogue.readAt
    plan.fixedRate = priced.rate
    weighBudgets(&plan, subject)
    weighData(&plan)
    if plan.refusal == nil { plan.refusal = general(subject) }
    PolicyJudge(book: rules.policies, now: now)
      .apply(to: &plan, labels: subject.workload.labels, waiver: waiver)
    return plan
  }

  private func empty(_ request: ActionRequest, _ subject: PlanSubject?) -> ActionPlan {
    ActionPlan(
      request: request, workloadName: subject?.workload.name ?? request.workloadID.short,
      appName: subject?.appName ?? "", contextName: facts.contextName, regions: [],
      costBefore: nil, costAfter: nil, remarks: [], definitionChanges: [], calls: [],
      precondition: subject?.precondition
        ?? ActionPlan.Precondition(
          version: nil, activeRevisionID: nil, latestRevisionID: nil, overrides: []),
      tier: .costly, refusal: nil, computedAt: now,
      dataObservedAt: facts.sync.first { $0.resource == .workloads }?.completedAt)
  }

  private func weighBudgets(_ plan: inout ActionPlan, _ subject: PlanSubject) {
    guard plan.refusal == nil, !rules.money.budgets.isEmpty else { return }
    let costs = CostModel(catalogue: facts.catalogue)
    BudgetRules(
      priced: priced, budgets: rules.money.budgets, meter: costs.meter(facts, now: now), now: now
    ).weigh(&plan, subject)
  }

  /// Old data makes every action a dangerous one: the preview may show what is no longer so.
  private func weighData(_ plan: inout ActionPlan) {
    guard let observed = plan.dataObservedAt, now.timeIntervalSince(observed) <= 60 else {
      plan.tier = .dangerous
      let age = Formatting.age(from: plan.dataObservedAt, to: now)
      plan.remarks.append(
        ActionPlan.Remark(label: "data", text: "\(age) old: may not be so any more", weight: .alarm)
      )
      return
    }
    plan.remarks.append(
      ActionPlan.Remark(
        label: "data",
        text: "\(Formatting.age(from: observed, to: now)) old, read again before sending"))
  }

  private func general(_ subject: PlanSubject) -> String? {
    if isReadOnly { return "read-only: this console may not change anything" }
    switch subject.workload.status {
    case .deleting, .deleted: return "the deployment is being deleted"
    case .starting, .healthy, .degraded, .unhealthy, .pausing, .paused, .resuming, .unknown: break
    }
    return subject.workload.kind == .database ? "a database is not scaled or rolled back here" : nil
  }
}

/// What every plan for one workload starts from.
struct PlanSubject {
  let workload: Workload
  let appName: String
  let active: Revision?
  let replicas: [Replica]
  let overrides: [ScalingOverride]

  init?(_ id: WorkloadID, facts: FleetFacts, now: Date) {
    guard let workload = facts.workloads.first(where: { $0.id == id }) else { return nil }
    self.workload = workload
    appName = facts.apps.first { $0.id == workload.appID }?.name ?? ""
    let latest = workload.latestRevisionID.flatMap { facts.revisions[$0] }
    active =
      workload.activeRevisionID.flatMap { facts.revisions[$0] }
      ?? latest.flatMap { $0.status == .stashed ? nil : $0 }
    replicas = facts.replicas.filter { $0.workloadID == id }
    overrides = facts.overrides[id] ?? []
  }

  var precondition: ActionPlan.Precondition {
    ActionPlan.Precondition(
      version: workload.version, status: workload.status,
      activeRevisionID: workload.activeRevisionID,
      latestRevisionID: workload.latestRevisionID, overrides: overrides)
  }

  var regions: [RegionID] { active?.definition.regions ?? [] }

  func ready(in region: RegionID) -> Int {
    replicas.count { $0.region == region && $0.status == .healthy }
  }

  /// What is asked for in a region now: an override, or the bounds that the autoscaler keeps to.
  func asked(in region: RegionID) -> ClosedRange<Int>? {
    if let count = ScalingOverride.value(for: region, in: overrides) { return count...count }
    return bounds(in: region)
  }

  func bounds(in region: RegionID) -> ClosedRange<Int>? {
    guard let scaling = active?.definition.scaling(in: region),
      scaling.minimum <= scaling.maximum
    else { return nil }
    return scaling.minimum...scaling.maximum
  }

  func cost(
    _ definition: Definition?, catalogue: Catalogue, _ count: (RegionID) -> ClosedRange<Int>?
  ) -> ActionPlan.CostRange? {
    guard let definition else { return nil }
    var low: Money?
    var high: Money?
    var regions: [RegionID: ActionPlan.CostRange.Span] = [:]
    for region in definition.regions {
      guard let range = count(region), let type = definition.type(in: region),
        let price = catalogue.types[type]?.pricePerHour
      else { return nil }
      let least = price.multiplied(by: Decimal(range.lowerBound))
      let most = price.multiplied(by: Decimal(range.upperBound))
      low = low.map { $0.adding(least) } ?? least
      high = high.map { $0.adding(most) } ?? most
      regions[region] = ActionPlan.CostRange.Span(low: least, high: most)
    }
    guard let low, let high else { return nil }
    return ActionPlan.CostRange(low: low, high: high, regions: regions)
  }
}
