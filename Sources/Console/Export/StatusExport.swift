package import Domain
import FoundationEssentials
import Terminal

/// The state of the fleet in a few lines: how bad, how many, what is wrong, how old.
package struct StatusExport {
  private typealias Member = ExportValue.Member

  private let snapshot: FleetSnapshot

  package init(_ snapshot: FleetSnapshot) {
    self.snapshot = snapshot
  }

  /// The worst condition of all; nil when no deployment is known.
  package var worst: Condition? { snapshot.workloads.map(\.condition).min() }

  /// Whether a deployment or a finding is critical or a warning.
  package var isTroubled: Bool {
    snapshot.workloads.contains { $0.condition <= .warning }
      || snapshot.findings.contains { $0.severity <= .warning }
  }

  package var value: ExportValue {
    let counts = Condition.allCases.map { condition in
      Member(condition.exportName, .integer(snapshot.counts[condition] ?? 0))
    }
    return .object([
      Member("context", .text(snapshot.contextName)), Member("as_of", .time(snapshot.asOf)),
      Member("worst", .optional(worst) { .text($0.exportName) }),
      Member("is_troubled", .bool(isTroubled)),
      Member(
        "deployments", .object([Member("total", .integer(snapshot.workloadCount))] + counts)),
      Member("findings", .list(FleetExport(snapshot).records(.findings))),
      Member("cost_per_hour", .money(snapshot.costs.total.perHour)),
      Member("idle_cost_per_hour", .money(snapshot.costs.idlePerHour)),
      Member("fixed_rate", .optional(snapshot.costs.fixedRate) { .text($0.text) }),
      Member("lists", .list(snapshot.sync.map(list))),
    ])
  }

  private func list(_ state: SyncState) -> ExportValue {
    .object([
      Member("list", .text(state.resource.rawValue)),
      Member("completed_at", .time(state.completedAt)),
      Member(
        "age_seconds",
        .optional(state.completedAt) {
          .integer(max(0, Int(snapshot.asOf.timeIntervalSince($0))))
        }),
      Member("is_stale", .bool(state.isStale(at: snapshot.asOf))),
      Member("failure", .optional(state.failure) { .text($0) }),
    ])
  }

  /// One line for the whole, one for each finding, one for the ages.
  package var text: String {
    let counts = Condition.allCases.compactMap { condition in
      snapshot.counts[condition].map { "\($0) \(condition.exportName)" }
    }
    let cost = snapshot.costs.total.perHour.map { "  \($0.currency.code) ~\($0.formatted())/h" }
    var lines = [
      "\(worst?.word ?? Formatting.unknown)  \(snapshot.workloadCount) deployments: "
        + (counts.isEmpty ? "none known" : counts.joined(separator: ", ")) + (cost ?? "")
    ]
    lines += snapshot.findings.map(Self.line)
    let ages = snapshot.sync.map { state in
      "\(state.resource.rawValue) \(Formatting.age(from: state.completedAt, to: snapshot.asOf))"
    }
    lines.append("age  " + (ages.isEmpty ? "nothing was read yet" : ages.joined(separator: ", ")))
    return lines.map { Sanitizer.clean($0) }.joined(separator: "\n")
  }

  /// A finding as one line, as the pane of findings writes it.
  package static func line(_ finding: Finding) -> String {
    let symbol =
      switch finding.severity {
      case .critical: "x"
      case .warning: "!"
      case .information: "i"
      }
    let region = finding.region.map { " \($0)" } ?? ""
    return Sanitizer.clean("\(symbol) \(finding.subject)\(region)  \(finding.summary)")
  }
}
