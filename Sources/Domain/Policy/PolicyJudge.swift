package import FoundationEssentials

/// Says what the policies make of a plan: refused by which, or asked for how.
package struct PolicyJudge: Sendable {
  let book: PolicyBook
  let now: Date

  package init(book: PolicyBook, now: Date) {
    self.book = book
    self.now = now
  }

  /// What is settled by the policies alone.
  package struct Verdict: Equatable, Sendable {
    /// Why not, in a sentence that names the policy.
    package var refusal: String?
    package var refusedBy: String?
    /// Whether a reason sets the refusal aside.
    package var isWaivable = false
    /// The waiver, with the policy that it set aside; nil when there was nothing to set aside.
    package var waiver: Waiver?
    package var asksForName = false
    package var isProtected = false
    package var remarks: [ActionPlan.Remark] = []
  }

  /// Puts the verdict into a plan that is worked out but for the policies.
  ///
  /// A policy's refusal comes before any other: it holds whatever else is in the way.
  package func apply(to plan: inout ActionPlan, labels: [String: String]?, waiver: Waiver?) {
    let verdict = verdict(on: plan, labels: labels, waiver: waiver)
    plan.remarks += verdict.remarks
    if verdict.asksForName { plan.tier = .dangerous }
    plan.isProtected = verdict.isProtected
    plan.waiver = verdict.waiver
    guard let refusal = verdict.refusal else { return }
    plan.refusal = refusal
    plan.refusedBy = verdict.refusedBy
    plan.isWaivable = verdict.isWaivable
  }

  package func verdict(
    on plan: ActionPlan, labels: [String: String]?, waiver: Waiver?
  ) -> Verdict {
    var verdict = Verdict()
    if let defect = book.defectSentence {
      verdict.refusal = defect
      return verdict
    }
    let policies = book.policies(
      for: WorkloadSubject(
        context: plan.contextName, app: plan.appName, workload: plan.workloadName, labels: labels))
    guard !policies.isEmpty else {
      if waiver != nil { verdict.remarks.append(Self.needless) }
      return verdict
    }
    for policy in policies where policy.isReadOnly {
      verdict.refuse(policy, "read-only: nothing may be done to \(plan.workloadName)")
    }
    for policy in policies { judgeResidency(policy, plan, &verdict) }
    for policy in policies { judgeMoney(policy, plan, &verdict) }
    // Last: what cannot be set aside is told first.
    judgeFreeze(policies, plan, waiver, &verdict)
    for policy in policies where policy.isProtected {
      verdict.asksForName = true
      verdict.isProtected = true
      verdict.remark("protected", policy, "asks for the name", .warning)
    }
    return verdict
  }

  // MARK: - Residency

  private func judgeResidency(_ policy: Policy, _ plan: ActionPlan, _ verdict: inout Verdict) {
    guard !policy.residency.isEmpty else { return }
    let place = policy.residency.joined(separator: " or ")
    for change in Self.placed(plan) where !book.allows(policy, change.region) {
      let spot = book.jurisdictions.text(change.region)
      if Self.adds(change), Self.mayAdd(plan.request) {
        verdict.refuse(
          policy, "\(plan.workloadName) must stay in \(place), and \(spot) is not there")
      } else if change.to.upperBound > 0 {
        verdict.remark("residency", policy, "it stays in \(spot), outside \(place)", .alarm)
      }
    }
  }

  /// What a plan does where, with regions that are asked for and not in the definition.
  private static func placed(_ plan: ActionPlan) -> [ActionPlan.RegionChange] {
    let known = Set(plan.regions.map(\.region))
    var asked: [RegionID: Int] = [:]
    switch plan.request {
    case .scale(_, let replicas): asked = replicas
    case .setOverrides(_, let entries):
      for entry in entries {
        for region in entry.regions where asked[region] == nil { asked[region] = entry.replicas }
      }
    case .bounds, .releaseOverride, .targets, .rollBack, .restart, .pause, .resume,
      .cancelRollout:
      break
    }
    let others = asked.filter { !known.contains($0.key) && $0.value > 0 }.sorted { $0.key < $1.key }
    return plan.regions
      + others.map { region, count in
        ActionPlan.RegionChange(region: region, ready: 0, from: nil, to: count...count)
      }
  }

  /// Whether there may be more replicas than there are, or than there might be.
  private static func adds(_ change: ActionPlan.RegionChange) -> Bool {
    change.to.lowerBound > max(change.ready, change.from?.lowerBound ?? 0)
      || change.to.upperBound > (change.from?.upperBound ?? change.ready)
  }

  /// What stops replicas or gives control back is never in the way of taking things home.
  private static func mayAdd(_ request: ActionRequest) -> Bool {
    switch request {
    case .pause, .releaseOverride, .cancelRollout: false
    case .scale, .bounds, .setOverrides, .targets, .rollBack, .restart, .resume: true
    }
  }

  // MARK: - Money

  private func judgeMoney(_ policy: Policy, _ plan: ActionPlan, _ verdict: inout Verdict) {
    guard let limit = policy.maximumHourlyIncrease else { return }
    switch plan.request {
    case .pause, .cancelRollout: return
    case .scale, .bounds, .releaseOverride, .setOverrides, .targets, .rollBack, .restart, .resume:
      break
    }
    let most = "\(limit.formatted()) \(limit.currency.code)/h is the most"
    guard let change = plan.costChange else {
      verdict.asksForName = true
      verdict.remark(
        "price", policy, "\(most), and what it costs more is not known", .alarm)
      return
    }
    guard change.isPositive else { return }
    guard change.currency == limit.currency else {
      verdict.asksForName = true
      verdict.remark(
        "price", policy,
        "\(most), and prices here are in \(change.currency.code): not compared", .alarm)
      return
    }
    guard change.amount > limit.amount else { return }
    verdict.refuse(
      policy,
      "up to \(change.formatted()) \(change.currency.code)/h more, and \(most) by one action")
  }

  // MARK: - Freezes

  private static let needless = ActionPlan.Remark(
    label: "freeze", text: "none holds now: the reason is not needed")

  private func judgeFreeze(
    _ policies: [Policy], _ plan: ActionPlan, _ waiver: Waiver?, _ verdict: inout Verdict
  ) {
    var isFrozen = false
    for policy in policies where !policy.freezes.isEmpty {
      guard case .frozen(let until, let rule) = policy.freezes.state(at: now) else { continue }
      isFrozen = true
      if let waiver {
        verdict.asksForName = true
        verdict.waiver =
          verdict.waiver ?? Waiver(reason: waiver.reason, policy: policy.name)
        verdict.remark("freeze", policy, "set aside: \(waiver.reason)", .alarm)
        continue
      }
      let end = until.map { "frozen until \($0)" } ?? "frozen, and no end is known"
      let also = if case .rollBack = plan.request { "; a rollback is frozen as well" } else { "" }
      guard verdict.refusal == nil else { continue }
      verdict.refuse(policy, "\(end) (\(rule))\(also)")
      verdict.isWaivable = true
      verdict.remark(
        "freeze", policy,
        "F, or --override-freeze \"REASON\", sets it aside; the journal keeps why",
        .plain)
    }
    if waiver != nil, !isFrozen { verdict.remarks.append(Self.needless) }
  }
}

extension PolicyJudge.Verdict {
  /// The first refusal is the one that is told.
  fileprivate mutating func refuse(_ policy: Policy, _ sentence: String) {
    guard refusal == nil else { return }
    refusal = "policy '\(policy.name)': \(sentence)"
    refusedBy = policy.name
  }

  fileprivate mutating func remark(
    _ label: String, _ policy: Policy, _ text: String, _ weight: ActionPlan.Remark.Weight
  ) {
    remarks.append(
      ActionPlan.Remark(label: label, text: "policy '\(policy.name)': \(text)", weight: weight))
  }
}
