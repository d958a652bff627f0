import FoundationEssentials

/// Plans new bounds for the autoscaler: a new revision.
struct BoundsPlan {
  let subject: PlanSubject
  let facts: FleetFacts

  func fill(_ plan: inout ActionPlan, minimum: Int, maximum: Int) {
    guard let definition = subject.active?.definition else {
      plan.refusal = "the definition that serves is not known yet"
      return
    }
    let isOverridden = !subject.overrides.isEmpty
    plan.regions = subject.regions.map { region in
      let range = minimum <= maximum ? minimum...maximum : minimum...minimum
      let held = ScalingOverride.value(for: region, in: subject.overrides)
      return ActionPlan.RegionChange(
        region: region, ready: subject.ready(in: region), from: subject.asked(in: region),
        to: held.map { $0...$0 } ?? range)
    }
    plan.costBefore = subject.cost(definition, catalogue: facts.catalogue) { subject.asked(in: $0) }
    if minimum >= 0, minimum <= maximum {
      plan.costAfter = subject.cost(definition, catalogue: facts.catalogue) { region in
        ScalingOverride.value(for: region, in: subject.overrides).map { $0...$0 }
          ?? minimum...maximum
      }
    }
    var next = definition
    next.scalings = definition.scalings.map {
      Definition.Scaling(
        regions: $0.regions, minimum: minimum, maximum: maximum,
        targets: minimum == maximum ? [] : $0.targets)
    }
    plan.definitionChanges = DefinitionDiff.changes(from: definition, to: next)
    plan.calls = [
      ActionCall(
        method: "PUT", path: "/v1/services/\(subject.workload.id)",
        summary: "definition with min \(minimum) max \(maximum)")
    ]
    plan.remarks = [
      ActionPlan.Remark(
        label: "takes effect", text: "a new revision rolls out; the old one serves meanwhile")
    ]
    if isOverridden {
      plan.remarks.append(
        ActionPlan.Remark(
          label: "who else", text: "an override is set and beats these bounds until release",
          weight: .warning))
    }
    if minimum == maximum, definition.scalings.contains(where: { !$0.targets.isEmpty }) {
      plan.remarks.append(
        ActionPlan.Remark(label: "autoscaler", text: "min equals max: its targets are removed"))
    }
    plan.tier = minimum == 0 ? .dangerous : .costly
    plan.refusal = refusal(definition, next, minimum, maximum)
  }

  private func refusal(
    _ definition: Definition, _ next: Definition, _ minimum: Int, _ maximum: Int
  ) -> String? {
    if minimum < 0 || maximum < 1 { return "min must be 0 or more, and max 1 or more" }
    if minimum > maximum { return "min \(minimum) is more than max \(maximum)" }
    if definition.hasVolumes, minimum != maximum {
      return "a deployment with volumes cannot be autoscaled"
    }
    if let type = definition.types.first?.type,
      let limit = facts.quotas?.maximumInstances[type],
      maximum * max(1, definition.regions.count) > limit
    {
      return
        "max \(maximum) in \(definition.regions.count) regions exceeds the quota of \(limit) \(type)"
    }
    return next == definition ? "nothing would change" : nil
  }
}

/// Plans giving the replica count back to the autoscaler.
struct ReleasePlan {
  let subject: PlanSubject
  let facts: FleetFacts

  func fill(_ plan: inout ActionPlan) {
    plan.regions = subject.regions.map { region in
      let from = subject.asked(in: region)
      return ActionPlan.RegionChange(
        region: region, ready: subject.ready(in: region), from: from,
        to: subject.bounds(in: region) ?? from ?? 0...0)
    }
    let definition = subject.active?.definition
    plan.costBefore = subject.cost(definition, catalogue: facts.catalogue) { subject.asked(in: $0) }
    plan.costAfter = subject.cost(definition, catalogue: facts.catalogue) { subject.bounds(in: $0) }
    plan.calls = [
      ActionCall(
        method: "DELETE", path: "/v1/services/\(subject.workload.id)/scale", summary: "")
    ]
    plan.remarks = [
      ActionPlan.Remark(label: "takes effect", text: "at once: the definition's bounds hold again")
    ]
    plan.refusal = subject.overrides.isEmpty ? "no override is set" : nil
  }
}

/// Plans the definition of an earlier revision again: a new revision.
struct RollbackPlan {
  let subject: PlanSubject
  let facts: FleetFacts
  let now: Date

  func fill(_ plan: inout ActionPlan, id: RevisionID, target: RevisionRow?) {
    guard let target, target.revision.id == id else {
      plan.refusal = "revision \(id.short) is not known"
      return
    }
    let revision = target.revision
    let definition = revision.definition
    let current = newest()?.definition ?? subject.active?.definition
    if let current {
      plan.definitionChanges = DefinitionDiff.changes(from: current, to: definition)
    }
    plan.regions = definition.regions.map { region in
      let held = ScalingOverride.value(for: region, in: subject.overrides)
      let scaling = definition.scaling(in: region)
      let bounds = scaling.flatMap { $0.minimum <= $0.maximum ? $0.minimum...$0.maximum : nil }
      return ActionPlan.RegionChange(
        region: region, ready: subject.ready(in: region), from: subject.asked(in: region),
        to: held.map { $0...$0 } ?? bounds ?? 0...0)
    }
    plan.costBefore = subject.cost(current, catalogue: facts.catalogue) { subject.asked(in: $0) }
    plan.costAfter = subject.cost(definition, catalogue: facts.catalogue) { region in
      plan.regions.first { $0.region == region }?.to
    }
    let path = "/v1/services/\(subject.workload.id)"
    plan.calls = [
      ActionCall(method: "GET", path: "/v1/deployments/\(id)", summary: ""),
      ActionCall(
        method: "PUT", path: path + "?dry_run=true", summary: "definition of \(id.short)"),
      ActionCall(method: "PUT", path: path, summary: "definition of \(id.short)"),
    ]
    plan.remarks = remarks(target)
    plan.tier = target.healthyFor == nil ? .dangerous : .costly
    plan.refusal = refusal(target)
  }

  private func newest() -> Revision? {
    subject.workload.latestRevisionID.flatMap { facts.revisions[$0] }
      .flatMap { $0.status == .stashed ? nil : $0 }
  }

  private func refusal(_ target: RevisionRow) -> String? {
    if target.revision.status == .stashed { return "a stashed draft was never deployed" }
    if target.revision.id == newest()?.id, target.revision.status.isFailed {
      return "revision \(target.revision.id.short) is the newest, and the one that failed"
    }
    if target.revision.id == newest()?.id, target.revision.id == subject.workload.activeRevisionID {
      return "revision \(target.revision.id.short) is what serves now"
    }
    return nil
  }

  private func remarks(_ target: RevisionRow) -> [ActionPlan.Remark] {
    var remarks = [
      ActionPlan.Remark(
        label: "takes effect",
        text: "a NEW revision with the old definition; rolls out, then serves")
    ]
    let served = target.healthyFor.map { Formatting.age(seconds: Double($0.components.seconds)) }
    remarks.append(
      ActionPlan.Remark(
        label: "target",
        text: target.isActive
          ? "serves now" : served.map { "was healthy for \($0)" } ?? "was never seen healthy",
        weight: served == nil ? .alarm : .good))
    switch target.revision.definition.source {
    case .git:
      remarks.append(
        ActionPlan.Remark(
          label: "build",
          text: target.revision.commit.map {
            "rebuilds \($0.prefix(8)), minutes; pinned until the next push"
          }
            ?? "the commit is not known: the branch head would be built",
          weight: target.revision.commit == nil ? .alarm : .warning))
    case .image(let name):
      if !name.contains("@sha256:") {
        remarks.append(
          ActionPlan.Remark(
            label: "image", text: "a tag may have moved since: \(name)", weight: .warning))
      }
    case .archive:
      remarks.append(
        ActionPlan.Remark(
          label: "archive", text: "may have expired; the dry run tells", weight: .warning))
    case .database, .unknown: break
    }
    if !subject.overrides.isEmpty {
      remarks.append(
        ActionPlan.Remark(
          label: "who else", text: "the override survives and beats the old bounds",
          weight: .warning))
    }
    if target.revision.definition.variables.contains(where: { $0.secretName != nil }) {
      remarks.append(
        ActionPlan.Remark(
          label: "secrets", text: "keep their present values: they have no versions"))
    }
    if newest()?.status.isRollingOut == true {
      remarks.append(
        ActionPlan.Remark(
          label: "in progress", text: "a rollout is under way and is replaced", weight: .warning))
    }
    return remarks
  }
}
