/// Plans the latest definition again: a new revision.
struct RestartPlan {
  let subject: PlanSubject
  let facts: FleetFacts

  func fill(_ plan: inout ActionPlan) {
    let latest = subject.workload.latestRevisionID.flatMap { facts.revisions[$0] }
    let definition = latest?.definition ?? subject.active?.definition
    plan.regions = subject.unchanged(by: definition)
    plan.costBefore = subject.cost(subject.active?.definition, catalogue: facts.catalogue) {
      subject.asked(in: $0)
    }
    plan.costAfter = subject.cost(definition, catalogue: facts.catalogue) { region in
      plan.regions.first { $0.region == region }?.to
    }
    if let active = subject.active?.definition, let definition {
      plan.definitionChanges = DefinitionDiff.changes(from: active, to: definition)
    }
    plan.calls = [
      ActionCall(
        method: "POST", path: "/v1/services/\(subject.workload.id)/redeploy", summary: "")
    ]
    plan.remarks = [
      ActionPlan.Remark(
        label: "takes effect",
        text: "a NEW revision of the latest definition rolls out, then serves")
    ]
    if latest?.status == .stashed {
      plan.remarks.append(
        ActionPlan.Remark(
          label: "draft", text: "the latest definition is a saved draft: it is deployed by this",
          weight: .alarm))
    } else if let latest, latest.status.isFailed {
      plan.remarks.append(
        ActionPlan.Remark(
          label: "latest", text: "revision \(latest.id.short) failed, and is tried again",
          weight: .warning))
    }
    if latest?.status.isRollingOut == true {
      plan.remarks.append(
        ActionPlan.Remark(
          label: "in progress", text: "a rollout is under way and is replaced", weight: .warning))
    }
    if case .git = definition?.source {
      plan.remarks.append(
        ActionPlan.Remark(label: "build", text: "built again from git: minutes", weight: .warning))
    }
    switch subject.workload.status {
    case .pausing, .paused: plan.refusal = "it is paused: resume it"
    case .starting, .healthy, .degraded, .unhealthy, .resuming, .deleting, .deleted, .unknown: break
    }
  }
}

/// Plans to stop every replica until it is resumed.
struct PausePlan {
  let subject: PlanSubject
  let facts: FleetFacts

  func fill(_ plan: inout ActionPlan) {
    plan.regions = subject.regions.map { region in
      ActionPlan.RegionChange(
        region: region, ready: subject.ready(in: region), from: subject.asked(in: region),
        to: 0...0)
    }
    let definition = subject.active?.definition
    plan.costBefore = subject.cost(definition, catalogue: facts.catalogue) { subject.asked(in: $0) }
    plan.costAfter = subject.cost(definition, catalogue: facts.catalogue) { _ in 0...0 }
    plan.calls = [
      ActionCall(method: "POST", path: "/v1/services/\(subject.workload.id)/pause", summary: "")
    ]
    plan.remarks = [
      ActionPlan.Remark(
        label: "takes effect", text: "nothing serves from then on, until it is resumed",
        weight: .warning)
    ]
    plan.tier = subject.replicas.contains { $0.status == .healthy } ? .dangerous : .costly
    plan.refusal = refusal
  }

  /// Koyeb allows it while starting, healthy, degraded, unhealthy and resuming.
  private var refusal: String? {
    switch subject.workload.status {
    case .starting, .healthy, .degraded, .unhealthy, .resuming: nil
    case .pausing, .paused: "it is paused already"
    case .deleting, .deleted: nil
    case .unknown: "its status '\(subject.workload.statusText)' is not one that can be paused"
    }
  }
}

/// Plans the end of a pause: a new revision.
struct ResumePlan {
  let subject: PlanSubject
  let facts: FleetFacts

  func fill(_ plan: inout ActionPlan) {
    let definition = subject.active?.definition
    plan.regions = subject.unchanged(by: definition).map { change in
      ActionPlan.RegionChange(
        region: change.region, ready: change.ready, from: 0...0, to: change.to)
    }
    plan.costBefore = subject.cost(definition, catalogue: facts.catalogue) { _ in 0...0 }
    plan.costAfter = subject.cost(definition, catalogue: facts.catalogue) { subject.asked(in: $0) }
    plan.calls = [
      ActionCall(method: "POST", path: "/v1/services/\(subject.workload.id)/resume", summary: "")
    ]
    plan.remarks = [
      ActionPlan.Remark(
        label: "takes effect", text: "a new revision rolls out; models are loaded from cold")
    ]
    plan.refusal = subject.workload.status == .paused ? nil : "it is not paused"
  }
}

/// Plans the end of a rollout that does not serve yet.
struct CancelPlan {
  let subject: PlanSubject
  let facts: FleetFacts

  func fill(_ plan: inout ActionPlan, id: RevisionID) {
    let definition = subject.active?.definition
    plan.regions = subject.unchanged(by: definition)
    plan.costBefore = subject.cost(definition, catalogue: facts.catalogue) { subject.asked(in: $0) }
    plan.costAfter = plan.costBefore
    plan.calls = [
      ActionCall(method: "POST", path: "/v1/deployments/\(id)/cancel", summary: "")
    ]
    let serving = subject.workload.activeRevisionID.flatMap { facts.revisions[$0] }
    let stays = serving.flatMap { $0.id != id && $0.status.isServing ? $0.id : nil }
    plan.remarks = [
      ActionPlan.Remark(
        label: "takes effect",
        text: stays.map { "revision \($0.short) goes on serving" } ?? "nothing else serves",
        weight: stays == nil ? .alarm : .good)
    ]
    plan.tier = stays == nil ? .dangerous : .costly
    guard let revision = facts.revisions[id] else {
      plan.refusal = "revision \(id.short) is not known"
      return
    }
    // Koyeb's document allows the first three; its own dashboard offers all five.
    guard revision.status.isRollingOut else {
      plan.refusal =
        "revision \(id.short) is not on its way: it is \(revision.statusText.lowercased())"
      return
    }
  }
}

extension PlanSubject {
  /// Every region as it is asked for now.
  func unchanged(by definition: Definition?) -> [ActionPlan.RegionChange] {
    (definition?.regions ?? regions).map { region in
      let from = asked(in: region)
      let scaling = definition?.scaling(in: region)
      let bounds = scaling.flatMap { $0.minimum <= $0.maximum ? $0.minimum...$0.maximum : nil }
      let held = ScalingOverride.value(for: region, in: overrides).map { $0...$0 }
      return ActionPlan.RegionChange(
        region: region, ready: ready(in: region), from: from, to: held ?? bounds ?? from ?? 0...0)
    }
  }
}
