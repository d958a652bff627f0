/// Plans what the autoscaler aims at: a new revision.
struct TargetsPlan {
  let subject: PlanSubject
  let facts: FleetFacts

  func fill(_ plan: inout ActionPlan, targets: [Definition.Scaling.Target]) {
    guard let definition = subject.active?.definition else {
      plan.refusal = "the definition that serves is not known yet"
      return
    }
    plan.regions = subject.unchanged(by: definition)
    plan.costBefore = subject.cost(definition, catalogue: facts.catalogue) { subject.asked(in: $0) }
    plan.costAfter = plan.costBefore
    var next = definition
    next.scalings = definition.scalings.map { scaling in
      Definition.Scaling(
        regions: scaling.regions, minimum: scaling.minimum, maximum: scaling.maximum,
        targets: scaling.minimum < scaling.maximum
          ? Self.replacing(scaling.targets, with: targets) : scaling.targets)
    }
    plan.definitionChanges = DefinitionDiff.changes(from: definition, to: next)
    plan.calls = [
      ActionCall(
        method: "PUT", path: "/v1/services/\(subject.workload.id)",
        summary: "definition with targets " + targets.map(\.text).joined(separator: ", "))
    ]
    plan.remarks = [
      ActionPlan.Remark(
        label: "takes effect", text: "a new revision rolls out; the old one serves meanwhile")
    ]
    if !subject.overrides.isEmpty {
      plan.remarks.append(
        ActionPlan.Remark(
          label: "who else", text: "an override is set: targets mean nothing until release",
          weight: .warning))
    }
    plan.refusal = refusal(definition, next, targets)
  }

  /// New targets in the place of old ones; when it sleeps stays as it is, unless it is told too.
  static func replacing(
    _ old: [Definition.Scaling.Target], with new: [Definition.Scaling.Target]
  ) -> [Definition.Scaling.Target] {
    let sleeps = new.contains { if case .idle = $0 { true } else { false } }
    return new + (sleeps ? [] : old.filter { if case .idle = $0 { true } else { false } })
  }

  private func refusal(
    _ definition: Definition, _ next: Definition, _ targets: [Definition.Scaling.Target]
  ) -> String? {
    if targets.isEmpty { return "no target was named" }
    if let wrong = targets.first(where: { !$0.isPossible }) {
      return "the target '\(wrong.text)' is out of range"
    }
    guard definition.scalings.contains(where: { $0.minimum < $0.maximum }) else {
      return "min equals max: there is nothing for a target to decide"
    }
    return next == definition ? "nothing would change" : nil
  }
}

extension Definition.Scaling.Target {
  /// Percent up to a hundred, everything else above nothing.
  var isPossible: Bool {
    switch self {
    case .processor(let percent), .memory(let percent): (1...100).contains(percent)
    case .requestsPerSecond(let count), .concurrentRequests(let count):
      (1...1_000_000).contains(count)
    case .responseTime(let milliseconds, let quantile):
      (1...3_600_000).contains(milliseconds) && (1...99).contains(quantile)
    case .idle(let deep, let light):
      (deep ?? light) != nil && (deep ?? 1) > 0 && (light ?? 1) > 0
    }
  }
}
