package import Domain

/// What there is of policies as one object; the keys are part of the program's interface and stay.
package struct PolicyExport {
  private typealias Member = ExportValue.Member

  private let report: PolicyReport

  package init(_ report: PolicyReport) {
    self.report = report
  }

  package var value: ExportValue {
    .object([
      Member("at", .time(report.at)),
      Member("workload", .optional(report.subject, subject)),
      Member("defect", .optional(report.defect) { .text($0) }),
      Member("policies", .list(report.rules.map(rule))),
      Member(
        "residency",
        .optional(report.residency) { residency in
          .object([
            Member("required", .list(residency.required.map { .text($0) })),
            Member("outside", .list(residency.outside.map { .text($0.rawValue) })),
            Member("policy", .text(residency.policy)),
          ])
        }),
      Member("regions", .list(report.places.map(place))),
    ])
  }

  private func subject(_ subject: WorkloadSubject) -> ExportValue {
    .object([
      Member("context", .text(subject.context)), Member("app", .text(subject.app)),
      Member("name", .text(subject.workload)),
    ])
  }

  private func rule(_ rule: PolicyReport.Rule) -> ExportValue {
    .object([
      Member("name", .text(rule.name)), Member("match", .text(rule.match)),
      Member("holds", .optional(rule.holds) { .bool($0) }),
      Member("why_not", .optional(rule.obstacle) { .text($0) }),
      Member("effects", .list(rule.effects.map { .text($0) })),
      Member("frozen", .optional(rule.freeze) { .bool($0 != .open) }),
      Member("frozen_until", .optional(rule.freeze?.end) { .text($0) }),
    ])
  }

  private func place(_ place: PolicyReport.Place) -> ExportValue {
    .object([
      Member("region", .text(place.region.rawValue)),
      Member("jurisdiction", .optional(place.jurisdiction) { .text($0) }),
      Member("outside", .bool(place.isOutside)),
    ])
  }
}

extension FreezeCalendar.State {
  fileprivate var end: String? {
    if case .frozen(let until, _) = self { until } else { nil }
  }
}
