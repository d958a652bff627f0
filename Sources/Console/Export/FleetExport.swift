package import Domain
import FoundationEssentials

/// What `vigie get` can print; the keys are part of the program's interface and stay.
package enum ExportKind: String, Sendable, CaseIterable {
  case deployments, gpus, costs, budgets, events, findings
}

/// A snapshot as records: the same facts that the panes show.
package struct FleetExport: Sendable {
  private let snapshot: FleetSnapshot

  package init(_ snapshot: FleetSnapshot) {
    self.snapshot = snapshot
  }

  /// One object per thing, in the order of its pane.
  package func records(_ kind: ExportKind) -> [ExportValue] {
    switch kind {
    case .deployments: snapshot.workloads.map(deployment)
    case .gpus: snapshot.accelerators.rows.map(accelerator)
    case .costs: snapshot.costs.regions.map(cost)
    case .budgets: snapshot.costs.budgets.map(budget)
    case .events: snapshot.scalingEvents.map(event)
    case .findings: snapshot.findings.map(Self.record)
    }
  }

  private typealias Member = ExportValue.Member

  private func text(_ value: String?) -> ExportValue { .optional(value) { .text($0) } }
  private func integer(_ value: Int?) -> ExportValue { .optional(value) { .integer($0) } }

  private func deployment(_ row: WorkloadRow) -> ExportValue {
    .object([
      Member("id", .text(row.id.rawValue)),
      Member("name", .text(row.name)),
      Member("app", .text(row.appName)),
      Member("context", .text(snapshot.contextName)),
      Member("kind", .text(row.kind.rawValue)),
      Member("status", .text(row.statusText)),
      Member("health", .text(row.condition.exportName)),
      Member("note", .text(row.note)),
      Member("regions", .list(row.regions.map { .text($0.region.rawValue) })),
      Member(
        "replicas",
        .object([
          Member("ready", .integer(row.replicas.ready)),
          Member("desired", integer(row.replicas.desired)),
        ])),
      Member("machine", text(row.machine)),
      Member("gpu_utilization", .optional(row.utilization) { .real($0.value) }),
      Member("requests_per_second", .optional(row.requestsPerSecond) { .real($0) }),
      Member("latency_p99_ms", .optional(row.latencyP99) { .real($0.value) }),
      Member("residency", .optional(row.residency, residency)),
      Member("revision", text(row.revisionID?.rawValue)),
      Member("hourly_cost", .money(row.hourlyCost)),
      Member("observed_at", .time(row.observedAt)),
    ])
  }

  private func residency(_ residency: Residency) -> ExportValue {
    .object([
      Member("required", .list(residency.required.map { .text($0) })),
      Member("outside", .list(residency.outside.map { .text($0.rawValue) })),
    ])
  }

  private func accelerator(_ row: AcceleratorRow) -> ExportValue {
    let sample = row.sample
    return .object([
      Member("id", .text(sample.id.rawValue)),
      Member("model", .text(sample.model)),
      Member("host", text(sample.host)),
      Member("index", text(sample.index)),
      Member("deployment_id", text(row.workloadID?.rawValue)),
      Member("deployment", text(row.workloadName)),
      Member("region", text(row.region?.rawValue)),
      Member("use", .text(row.use.exportName)),
      Member("utilization", .optional(sample.utilization) { .real($0.value) }),
      Member("signal", text(sample.signal?.rawValue)),
      Member("memory_used_bytes", .optional(sample.memoryUsed) { .integer(Int($0.count)) }),
      Member("memory_total_bytes", .optional(sample.memoryTotal) { .integer(Int($0.count)) }),
      Member("power_watts", .optional(sample.power) { .real($0.value) }),
      Member("temperature_celsius", .optional(sample.temperature) { .real($0.value) }),
      Member("xid", integer(sample.errorCode)),
      Member("idle_since", .time(row.idleSince)),
      Member("hourly_cost", .money(row.hourlyCost)),
      Member("observed_at", .time(sample.sampledAt)),
    ])
  }

  private func cost(_ region: RegionCost) -> ExportValue {
    .object([
      Member("region", .text(region.region.rawValue)),
      Member("jurisdiction", text(region.jurisdiction)),
      Member("running_replicas", .integer(region.runningReplicas)),
      Member("per_hour", .money(region.figures.perHour)),
      Member("today", .money(region.figures.today)),
      Member("month_to_date", .money(region.figures.monthToDate)),
      Member("month_forecast", .money(region.figures.forecast)),
      Member("idle_per_hour", .money(region.idlePerHour)),
      Member("priced_at", .time(snapshot.costs.pricedAt)),
      Member("fixed_rate", text(snapshot.costs.fixedRate?.text)),
    ])
  }

  private func budget(_ budget: BudgetState) -> ExportValue {
    .object([
      Member("name", .text(budget.name)),
      Member("context", .text(snapshot.contextName)),
      Member("state", .text(budget.standing.rawValue)),
      Member("limit", .amount(budget.limit)),
      Member("per_hour", .money(budget.figures.perHour)),
      Member("month_to_date", .money(budget.figures.monthToDate)),
      Member("month_forecast", .money(budget.figures.forecast)),
      Member("passes_at", .time(budget.passesAt)),
      Member("deployments", .integer(budget.workloadCount)),
      Member("reason", text(budget.problem)),
      Member("omission", text(budget.omission)),
      Member("priced_at", .time(snapshot.costs.pricedAt)),
      Member("fixed_rate", text(snapshot.costs.fixedRate?.text)),
    ])
  }

  private func event(_ event: ScalingEvent) -> ExportValue {
    .object([
      Member("id", .text(event.id)),
      Member("at", .time(event.at)),
      Member("deployment_id", text(event.workloadID?.rawValue)),
      Member("deployment", .text(event.workloadName)),
      Member("region", text(event.region?.rawValue)),
      Member("kind", .text(event.kind.exportName)),
      Member("actor", .text(event.actor.rawValue)),
      Member("from", integer(event.from)),
      Member("to", integer(event.to)),
      Member("inferred_reason", text(event.inferredReason)),
    ])
  }

  package static func record(_ finding: Finding) -> ExportValue {
    .object([
      Member("id", .text(finding.id)),
      Member("severity", .text(finding.severity.exportName)),
      Member("kind", .text(finding.kind.rawValue)),
      Member("deployment_id", .optional(finding.workloadID) { .text($0.rawValue) }),
      Member("subject", .text(finding.subject)),
      Member("region", .optional(finding.region) { .text($0.rawValue) }),
      Member("summary", .text(finding.summary)),
      Member("since", .time(finding.since)),
      Member("burnt", .money(finding.burnt)),
      Member("remedy", .text(finding.remedy.rawValue)),
    ])
  }
}

extension Condition {
  var exportName: String {
    switch self {
    case .critical: "critical"
    case .warning: "warning"
    case .unknown: "unknown"
    case .idle: "idle"
    case .healthy: "healthy"
    case .asleep: "asleep"
    case .paused: "paused"
    }
  }
}

extension AcceleratorUse {
  var exportName: String { self == .loadedIdle ? "loaded_idle" : rawValue }
}

extension ScalingEvent.Kind {
  var exportName: String {
    switch self {
    case .overrideSet: "override_set"
    case .overrideReleased: "override_released"
    case .up, .down, .slept, .woke: rawValue
    }
  }
}

extension Finding.Severity {
  var exportName: String {
    switch self {
    case .critical: "critical"
    case .warning: "warning"
    case .information: "information"
    }
  }
}
