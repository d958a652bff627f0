package import Domain
import FoundationEssentials

/// A plan and what came of it as one object; the keys are part of the program's interface and stay.
package struct ActionExport {
  private typealias Member = ExportValue.Member

  private let plan: ActionPlan
  private let outcome: ActionOutcome?
  private let entryID: Int64?
  private let undoneID: Int64?

  /// Without an outcome nothing was to be sent: a dry run.
  ///
  /// `undoes` is the journal's number of what the action takes back.
  package init(
    plan: ActionPlan, outcome: ActionOutcome?, entryID: Int64?, undoes undoneID: Int64? = nil
  ) {
    self.plan = plan
    self.outcome = outcome
    self.entryID = entryID
    self.undoneID = undoneID
  }

  /// An entry that cannot be taken back: the same keys, and no plan.
  package static func cannotUndo(_ entry: JournalEntry, _ reason: String) -> ExportValue {
    .object([
      Member("action", .text("undo")),
      Member(
        "workload",
        .object([
          Member("id", .text(entry.workloadID.rawValue)), Member("name", .text(entry.workloadName)),
          Member("app", .null), Member("context", .text(entry.contextName)),
        ])),
      Member("plan", .null), Member("outcome", outcome(.refused(reason))),
      Member("journal_id", .null), Member("undoes_journal_id", .integer(Int(entry.id))),
    ])
  }

  package var value: ExportValue {
    .object(members + (undoneID.map { [Member("undoes_journal_id", .integer(Int($0)))] } ?? []))
  }

  private var members: [Member] {
    [
      Member("action", .text(plan.request.verb)),
      Member(
        "workload",
        .object([
          Member("id", .text(plan.request.workloadID.rawValue)),
          Member("name", .text(plan.workloadName)), Member("app", .text(plan.appName)),
          Member("context", .text(plan.contextName)),
        ])),
      Member("plan", planned), Member("outcome", .optional(outcome, Self.outcome)),
      Member("journal_id", .optional(entryID) { .integer(Int($0)) }),
    ]
  }

  private var planned: ExportValue {
    .object([
      Member("summary", .text(plan.summary)), Member("tier", .text(plan.tier.exportName)),
      Member("refusal", .optional(plan.refusal) { .text($0) }),
      Member("refused_by", .optional(plan.refusedBy) { .text($0) }),
      Member("protected", .bool(plan.isProtected)),
      Member("waiver", .optional(plan.waiver, Self.waiver)),
      Member("regions", .list(plan.regions.map(region))),
      Member("cost_per_hour_before", cost(plan.costBefore)),
      Member("cost_per_hour_after", cost(plan.costAfter)),
      Member("cost_change_per_hour", .money(plan.costChange)),
      Member(
        "cost_change_per_month",
        .money(plan.costChange?.multiplied(by: ActionPlan.hoursOfMonth))),
      Member("cost_at_most_per_hour", .money(plan.costAtMost)),
      Member(
        "cost_at_most_per_month",
        .money(plan.costAtMost?.multiplied(by: ActionPlan.hoursOfMonth))),
      Member("prices_read_at", .time(plan.pricesReadAt)),
      Member("fixed_rate", .optional(plan.fixedRate) { .text($0.text) }),
      Member("remarks", .list(plan.remarks.map(remark))),
      Member("definition_changes", .list(plan.definitionChanges.map(change))),
      Member("calls", .list(plan.calls.map(Self.call))),
      Member("computed_at", .time(plan.computedAt)),
      Member("data_observed_at", .time(plan.dataObservedAt)),
    ])
  }

  private func region(_ change: ActionPlan.RegionChange) -> ExportValue {
    .object([
      Member("region", .text(change.region.rawValue)), Member("ready", .integer(change.ready)),
      Member("from", .optional(change.from, range)), Member("to", range(change.to)),
    ])
  }

  private func range(_ range: ClosedRange<Int>) -> ExportValue {
    .object([
      Member("min", .integer(range.lowerBound)), Member("max", .integer(range.upperBound)),
    ])
  }

  private func cost(_ cost: ActionPlan.CostRange?) -> ExportValue {
    .optional(cost) {
      .object([Member("low", .money($0.low)), Member("high", .money($0.high))])
    }
  }

  private func remark(_ remark: ActionPlan.Remark) -> ExportValue {
    .object([
      Member("label", .text(remark.label)), Member("text", .text(remark.text)),
      Member("weight", .text(remark.weight.rawValue)),
    ])
  }

  private func change(_ change: ActionPlan.DefinitionChange) -> ExportValue {
    .object([
      Member("field", .text(change.field)), Member("old", .optional(change.old) { .text($0) }),
      Member("new", .optional(change.new) { .text($0) }),
    ])
  }

  static func call(_ call: ActionCall) -> ExportValue {
    .object([
      Member("method", .text(call.method)), Member("path", .text(call.path)),
      Member("summary", .text(call.summary)),
    ])
  }

  static func waiver(_ waiver: Waiver) -> ExportValue {
    .object([
      Member("policy", .optional(waiver.policy) { .text($0) }),
      Member("reason", .text(waiver.reason)),
    ])
  }

  static func outcome(_ outcome: ActionOutcome) -> ExportValue {
    .object([
      Member("state", .text(outcome.exportName)),
      Member("reason", .optional(outcome.reason) { .text($0) }),
      Member("revision", .optional(outcome.revision) { .text($0.rawValue) }),
    ])
  }
}

extension ConfirmationTier {
  fileprivate var exportName: String {
    switch self {
    case .reversible: "reversible"
    case .costly: "costly"
    case .dangerous: "dangerous"
    }
  }
}

extension ActionOutcome {
  /// The word for it in JSON and in tables.
  package var exportName: String {
    switch self {
    case .accepted: "accepted"
    case .done: "done"
    case .failed: "failed"
    case .refused: "refused"
    case .stale: "stale"
    case .unknown: "unknown"
    }
  }

  /// Why, when there is something to say.
  package var reason: String? {
    switch self {
    case .accepted, .done: nil
    case .failed(let reason), .refused(let reason), .stale(let reason), .unknown(let reason): reason
    }
  }

  /// The revision that it made, as far as it is known.
  fileprivate var revision: RevisionID? {
    guard case .accepted(let revision) = self else { return nil }
    return revision
  }
}
