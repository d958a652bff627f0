import FoundationEssentials

/// Plans a manual override: it holds at once, and until it is released.
struct ScalePlan {
  let subject: PlanSubject
  let facts: FleetFacts
  let now: Date

  /// Koyeb's own dashboard offers 1…20; more may be refused by the platform.
  static let usualLimit = 20

  func fill(_ plan: inout ActionPlan, replicas: [RegionID: Int]) {
    fill(
      &plan, after: Self.merged(subject.overrides, with: replicas, regions: subject.regions),
      chosen: replicas)
  }

  /// The whole list at once, as it was before or as it shall be.
  func fill(_ plan: inout ActionPlan, overrides: [ScalingOverride]) {
    var chosen: [RegionID: Int] = [:]
    for entry in overrides {
      for region in entry.regions.isEmpty ? subject.regions : entry.regions
      where chosen[region] == nil { chosen[region] = entry.replicas }
    }
    fill(&plan, after: overrides, chosen: chosen)
  }

  private func fill(
    _ plan: inout ActionPlan, after: [ScalingOverride], chosen replicas: [RegionID: Int]
  ) {
    plan.regions = subject.regions.map { region in
      let from = subject.asked(in: region)
      let count = ScalingOverride.value(for: region, in: after)
      return ActionPlan.RegionChange(
        region: region, ready: subject.ready(in: region), from: from,
        to: count.map { $0...$0 } ?? from ?? 0...0)
    }
    let definition = subject.active?.definition
    plan.costBefore = subject.cost(definition, catalogue: facts.catalogue) { subject.asked(in: $0) }
    plan.costAfter = subject.cost(definition, catalogue: facts.catalogue) { region in
      ScalingOverride.value(for: region, in: after).map { $0...$0 } ?? subject.bounds(in: region)
    }
    let body = after.map { entry in
      let scope =
        entry.regions.isEmpty ? "all" : entry.regions.map(\.rawValue).joined(separator: "+")
      return "\(scope)=\(entry.replicas)"
    }.joined(separator: " ")
    plan.calls = [
      ActionCall(
        method: "PUT", path: "/v1/services/\(subject.workload.id)/scale",
        summary: "instances " + body)
    ]
    plan.remarks = remarks(plan, replicas: replicas)
    plan.tier = tier(plan)
    plan.refusal = refusal(replicas, after: after)
  }

  /// The whole list that is to be sent: named regions first, the entry for all others last.
  static func merged(
    _ current: [ScalingOverride], with replicas: [RegionID: Int], regions: [RegionID]
  ) -> [ScalingOverride] {
    var scoped: [RegionID: Int] = [:]
    for entry in current { for region in entry.regions { scoped[region] = entry.replicas } }
    for (region, count) in replicas { scoped[region] = count }
    let known = regions.filter { scoped[$0] != nil }
    let others = scoped.keys.filter { !regions.contains($0) }.sorted()
    let global = current.first { $0.regions.isEmpty }
    return (known + others).compactMap { region in
      scoped[region].map { ScalingOverride(regions: [region], replicas: $0) }
    } + [global].compactMap { $0 }
  }

  private func refusal(_ replicas: [RegionID: Int], after: [ScalingOverride]) -> String? {
    guard !replicas.isEmpty else { return "no region was chosen" }
    for (region, count) in replicas {
      guard subject.regions.contains(region) else {
        return "\(region) is not a region of this deployment"
      }
      if count < 0 || count > 10_000 { return "\(count) replicas is out of range" }
      if count == 0 {
        return "a manual count of 0 is not documented by the platform: pause it, or set min 0"
      }
    }
    if let limit = quotaExceeded(after) { return limit }
    return Set(after) == Set(subject.overrides) ? "nothing would change" : nil
  }

  private func quotaExceeded(_ after: [ScalingOverride]) -> String? {
    guard let quotas = facts.quotas, let definition = subject.active?.definition else { return nil }
    var wanted: [InstanceTypeID: Int] = [:]
    for region in subject.regions {
      guard let type = definition.type(in: region) else { continue }
      wanted[type, default: 0] +=
        ScalingOverride.value(for: region, in: after) ?? subject.bounds(in: region)?.lowerBound ?? 0
    }
    for (type, count) in wanted {
      guard let limit = quotas.maximumInstances[type] else { continue }
      let others = facts.replicas.count {
        $0.type == type && $0.status.isRunning && $0.workloadID != subject.workload.id
      }
      if others + count > limit {
        return "the quota is \(limit) of \(type); \(others) are used by others, \(count) are asked"
      }
    }
    return nil
  }

  private func remarks(
    _ plan: ActionPlan, replicas: [RegionID: Int]
  ) -> [ActionPlan.Remark] {
    var remarks: [ActionPlan.Remark] = []
    let definition = subject.active?.definition
    for region in replicas.keys.sorted() {
      guard let type = definition?.type(in: region) else { continue }
      let left = facts.catalogue.availability(of: type, in: region)
      guard left != .unknown else { continue }
      let name = facts.catalogue.types[type]?.shortName ?? type.rawValue
      remarks.append(
        ActionPlan.Remark(
          label: "capacity",
          text: "\(name) \(region): catalogue says \(left.rawValue.uppercased())"
            + (left == .low ? ", may queue" : ""),
          weight: left == .low ? .warning : .plain))
    }
    if let quota = quotaUse() { remarks.append(quota) }
    remarks.append(whoElse())
    if let type = definition?.type(in: subject.regions.first ?? RegionID("")),
      replicas.values.contains(where: { $0 > Self.usualLimit }),
      facts.quotas?.maximumInstances[type] == nil
    {
      remarks.append(
        ActionPlan.Remark(
          label: "limit", text: "above \(Self.usualLimit): the platform may refuse",
          weight: .warning))
    }
    remarks.append(ActionPlan.Remark(label: "takes effect", text: effect()))
    return remarks
  }

  private func quotaUse() -> ActionPlan.Remark? {
    guard let quotas = facts.quotas,
      let type = subject.active?.definition.types.first?.type,
      let limit = quotas.maximumInstances[type]
    else { return nil }
    let used = facts.replicas.count { $0.type == type && $0.status.isRunning }
    return ActionPlan.Remark(label: "quota", text: "\(used) of \(limit) \(type) running")
  }

  private func whoElse() -> ActionPlan.Remark {
    if !subject.overrides.isEmpty {
      return ActionPlan.Remark(
        label: "who else", text: "an override is set: autoscaling stays OFF until release",
        weight: .warning)
    }
    let isScaled = subject.regions.contains { region in
      subject.bounds(in: region).map { $0.lowerBound < $0.upperBound } ?? false
    }
    return isScaled
      ? ActionPlan.Remark(
        label: "who else", text: "autoscaler: OFF from now until the override is released",
        weight: .warning)
      : ActionPlan.Remark(
        label: "who else", text: "fixed count; the override beats it until release")
  }

  private func effect() -> String {
    switch subject.workload.status {
    case .healthy, .degraded, .unhealthy, .starting:
      subject.active?.status == .sleeping
        ? "on wake-up from deep sleep" : "at once, no new revision"
    case .pausing, .paused, .resuming: "at the next deployment"
    case .deleting, .deleted, .unknown: "not known"
    }
  }

  /// Dropping more than half of what is ready in a region asks for the name.
  private func tier(_ plan: ActionPlan) -> ConfirmationTier {
    let drops = plan.regions.contains { change in
      change.ready > 1 && change.to.upperBound * 2 < change.ready
    }
    return drops ? .dangerous : .costly
  }
}

/// What the sender of a scale needs of its plan.
package enum ScalePlanning {
  /// The whole list that is to be sent: named regions first, the entry for all others last.
  package static func merged(
    _ current: [ScalingOverride], with replicas: [RegionID: Int], regions: [RegionID]
  ) -> [ScalingOverride] {
    ScalePlan.merged(current, with: replicas, regions: regions)
  }
}

extension ActionPlan {
  /// In few words, for the journal: `fra 4>8`, `to dep-9f31`.
  package var summary: String {
    switch request {
    case .scale(_, let replicas):
      regions.filter { replicas[$0.region] != nil }.map { change in
        "\(change.region) \(change.from.map(Self.text) ?? "-")>\(Self.text(change.to))"
      }.joined(separator: " ")
    case .bounds(_, let minimum, let maximum): "min \(minimum) max \(maximum)"
    case .setOverrides(_, let entries):
      entries.map { entry in
        let place = entry.regions.map(\.rawValue).joined(separator: "+")
        return "\(place.isEmpty ? "all" : place) \(entry.replicas)"
      }.joined(separator: " ")
    case .targets(_, let targets): targets.map(\.text).joined(separator: ", ")
    case .releaseOverride: "override released"
    case .rollBack(_, let id): "to \(id.short)"
    case .cancelRollout(_, let id): "rollout of \(id.short)"
    case .restart: "latest definition again"
    case .pause: "all replicas stopped"
    case .resume: "replicas started again"
    }
  }

  package static func text(_ range: ClosedRange<Int>) -> String {
    range.lowerBound == range.upperBound
      ? "\(range.lowerBound)" : "\(range.lowerBound)..\(range.upperBound)"
  }
}
