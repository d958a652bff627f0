import FoundationEssentials

/// How the budgets of a fleet stand, and what an order would do to them.
struct BudgetRules {
  let priced: PricedFacts
  let budgets: [Budget]
  let meter: SpendMeter
  let now: Date

  private var facts: FleetFacts { priced.facts }

  /// Those that are about this context, in the order of the configuration.
  var states: [BudgetState] { own.map(state) }

  private var own: [Budget] {
    budgets.filter { $0.match.includes(context: facts.contextName) }
  }

  private func state(of budget: Budget) -> BudgetState {
    let limit = limit(of: budget)
    if let unread {
      return BudgetState(
        name: budget.name, limit: limit ?? budget.monthly, problem: unread, isUnread: true)
    }
    guard let limit, !isBlind(budget) else {
      return BudgetState(
        name: budget.name, limit: limit ?? budget.monthly, problem: mistake(in: budget))
    }
    var scope = Scope(match: budget.match, names: names(of: budget))
    let rate = rate(&scope)
    let spent = meter.spend { scope.includes($0, $1) }
    guard rate.workloads > 0 || spent != nil else {
      return BudgetState(name: budget.name, limit: limit, problem: "it matches nothing")
    }
    let figures = meter.figures(
      rate: rate.amount, spent: spent ?? SpendMeter.Spend(), currency: limit.currency)
    let isMetered = figures.monthToDate != nil
    return BudgetState(
      name: budget.name, limit: limit, figures: figures,
      passesAt: passesAt(figures, limit: limit), workloadCount: rate.workloads,
      problem: isMetered ? nil : "the platform's meter was not read yet", isUnread: !isMetered,
      omission: omission(of: budget, unpriced: rate.unpriced))
  }

  /// What a budget is about, asked of each run and replica.
  private struct Scope {
    let match: Budget.Match
    /// Nil: every deployment.
    let names: Set<WorkloadID>?
    private var regions: [RegionID: Bool] = [:]

    init(match: Budget.Match, names: Set<WorkloadID>?) {
      self.match = match
      self.names = names
    }

    var isWhole: Bool { names == nil && match.regions.isEmpty }

    mutating func includes(_ id: WorkloadID, _ region: RegionID) -> Bool {
      includes(region) && (names?.contains(id) ?? true)
    }

    private mutating func includes(_ region: RegionID) -> Bool {
      if let known = regions[region] { return known }
      let isIn = match.includes(region: region)
      regions[region] = isIn
      return isIn
    }
  }

  /// What is not known yet, and so of no budget.
  private var unread: String? {
    if facts.catalogue.readAt == nil || priced.currency == nil { return "no prices were read yet" }
    let read = facts.sync.first { $0.resource == .workloads }?.completedAt
    return read == nil && facts.workloads.isEmpty ? "no deployments were read yet" : nil
  }

  /// Whether it asks for labels where nothing has any.
  private func isBlind(_ budget: Budget) -> Bool {
    budget.match.asksForLabels && facts.workloads.allSatisfy { $0.labels == nil }
  }

  private func mistake(in budget: Budget) -> String {
    guard !isBlind(budget) else {
      return "it asks for labels, and \(facts.platformName) has none"
    }
    return "prices are in \(priced.currency?.code ?? Formatting.unknown), and no rate leads there"
  }

  /// Nil when the budget is in a currency that no rate leads from.
  private func limit(of budget: Budget) -> Money? {
    guard let currency = priced.currency else { return nil }
    return priced.rates.converted(budget.monthly, to: currency)
  }

  /// The deployments that a budget asks for by name; nil when it asks for all.
  private func names(of budget: Budget) -> Set<WorkloadID>? {
    guard budget.match.isBoundToNames else { return nil }
    let apps = Dictionary(facts.apps.map { ($0.id, $0.name) }, uniquingKeysWith: { $1 })
    return Set(
      facts.workloads.lazy.filter { workload in
        isIn(budget, app: apps[workload.appID] ?? "", workload)
      }.map(\.id))
  }

  private func rate(
    _ scope: inout Scope
  ) -> (amount: Decimal, workloads: Int, unpriced: Int) {
    var replicas = facts.replicas
    var workloads = facts.workloads.count
    if !scope.isWhole {
      replicas = replicas.filter { scope.includes($0.workloadID, $0.region) }
      // A deployment that has no replica now is one all the same.
      let ids = Set(replicas.map(\.workloadID))
      workloads = scope.match.regions.isEmpty ? scope.names?.count ?? ids.count : ids.count
    }
    var result = (amount: Decimal(0), workloads: workloads, unpriced: 0)
    for (group, count) in ReplicaCensus(replicas).counts {
      guard let price = facts.catalogue.types[group.type]?.pricePerHour else {
        result.unpriced += count
        continue
      }
      result.amount += price.amount * Decimal(count)
    }
    return result
  }

  private func omission(of budget: Budget, unpriced: Int) -> String? {
    var parts: [String] = []
    if unpriced > 0 { parts.append("without \(unpriced) replicas that have no price") }
    if budget.match.isBoundToNames {
      let known = Set(facts.workloads.map(\.id))
      let gone = Set(facts.usages.lazy.map(\.workloadID).filter { !known.contains($0) })
      if !gone.isEmpty { parts.append("without \(gone.count) deployments that are gone") }
    }
    return parts.isEmpty ? nil : parts.joined(separator: ", ")
  }

  private func passesAt(_ figures: CostFigures, limit: Money) -> Date? {
    guard let used = figures.monthToDate, let forecast = figures.forecast,
      let rate = figures.perHour, rate.isPositive, used.amount <= limit.amount,
      forecast.amount > limit.amount
    else { return nil }
    let hours = (limit.amount - used.amount) / rate.amount
    return now.addingTimeInterval((Double(hours.description) ?? 0) * 3600)
  }

  /// Findings about budgets that are passed, that will be, or that cannot be told at all.
  static func findings(_ states: [BudgetState]) -> [Finding] {
    states.compactMap { state in
      let severity: Finding.Severity
      switch state.standing {
      case .within: return nil
      case .exceeding: severity = .warning
      case .passed: severity = .critical
      case .unknown:
        if state.isUnread { return nil }
        severity = .information
      }
      return Finding(
        id: "budget/\(state.name)", severity: severity, kind: .budget, workloadID: nil,
        subject: "budget '\(state.name)'", region: nil, summary: state.summary, since: nil,
        burnt: nil, remedy: .costs)
    }
  }
}

// MARK: - Orders

extension BudgetRules {
  /// Judges what a plan costs more against each budget that its workload is in.
  ///
  /// One that would be passed, or is already, asks for the name; it is never a refusal.
  func weigh(_ plan: inout ActionPlan, _ subject: PlanSubject) {
    for budget in own where isIn(budget, app: subject.appName, subject.workload) {
      guard let before = plan.costBefore, let after = plan.costAfter else {
        // A cancelled rollout has no price of its own, and costs nothing more.
        guard plan.definitionChanges.isEmpty == false || plan.regions.contains(where: isMore) else {
          continue
        }
        plan.remarks.append(remark("'\(budget.name)' is not judged: a price is missing", .warning))
        continue
      }
      let regions = Set(before.regions.keys).union(after.regions.keys)
        .filter { budget.match.includes(region: $0) }
      let change = regions.reduce(Decimal(0)) { sum, region in
        sum + rise(before.regions[region], after.regions[region], subject, region)
      }
      guard change > 0 else { continue }
      let state = state(of: budget)
      guard let forecast = state.figures.forecast, state.standing != .unknown else {
        let reason = state.problem ?? "its month is not known"
        plan.remarks.append(remark("'\(budget.name)' is not judged: \(reason)", .warning))
        continue
      }
      let more = Money(change * Decimal(CostModel.hoursLeftInMonth(now)), forecast.currency)
      guard let total = forecast.adding(more) else { continue }
      let effect = BudgetEffect(
        name: budget.name, limit: state.limit, before: forecast, after: total,
        isPassed: state.standing == .passed)
      plan.remarks.append(remark(effect.text, effect.isOver ? .alarm : .plain))
      if effect.isOver { plan.tier = .dangerous }
    }
  }

  private func isIn(_ budget: Budget, app: String, _ workload: Workload) -> Bool {
    budget.match.workloads.holds(
      for: WorkloadSubject(
        context: facts.contextName, app: app, workload: workload.name, labels: workload.labels))
  }

  private func isMore(_ change: ActionPlan.RegionChange) -> Bool {
    change.to.upperBound > (change.from?.upperBound ?? 0)
  }

  /// What an hour costs more in a region, at most: beyond what runs there now where the count is
  /// fixed, beyond the present limit where the autoscaler decides.
  private func rise(
    _ before: ActionPlan.CostRange.Span?, _ after: ActionPlan.CostRange.Span?,
    _ subject: PlanSubject, _ region: RegionID
  ) -> Decimal {
    if before == after { return 0 }
    let most = after?.high.amount ?? 0
    guard let after, after.low != after.high else { return most - running(subject, in: region) }
    return after.high.amount - (before?.high.amount ?? 0)
  }

  private func running(_ subject: PlanSubject, in region: RegionID) -> Decimal {
    let replicas = subject.replicas.filter { $0.region == region }
    return ReplicaCensus(replicas).byType.reduce(Decimal(0)) { sum, entry in
      let price = facts.catalogue.types[entry.key]?.pricePerHour?.amount ?? 0
      return sum + price * Decimal(entry.value)
    }
  }

  private func remark(
    _ text: String, _ weight: ActionPlan.Remark.Weight
  ) -> ActionPlan.Remark {
    ActionPlan.Remark(label: "budget", text: text, weight: weight)
  }
}
