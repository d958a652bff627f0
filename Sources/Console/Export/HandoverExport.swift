package import Domain
package import FoundationEssentials
import Terminal

/// What whoever comes next must know: what is wrong, what was done, what is not over.
package struct HandoverExport {
  private typealias Member = ExportValue.Member

  private let snapshot: FleetSnapshot
  private let actions: [JournalEntry]
  private let start: Date

  /// `actions` are those since `start`, newest first.
  package init(_ snapshot: FleetSnapshot, actions: [JournalEntry], since start: Date) {
    self.snapshot = snapshot
    self.actions = actions
    self.start = start
  }

  private struct Override {
    var row: WorkloadRow
    var region: RegionState
    var replicas: Int
  }

  private var overrides: [Override] {
    snapshot.workloads.flatMap { row in
      row.regions.compactMap { region in
        region.override.map { Override(row: row, region: region, replicas: $0) }
      }
    }
  }

  private var rollouts: [(row: WorkloadRow, rollout: Rollout)] {
    snapshot.workloads.compactMap { row in row.rollout.map { (row, $0) } }
  }

  package var value: ExportValue {
    .object([
      Member("context", .text(snapshot.contextName)), Member("since", .time(start)),
      Member("as_of", .time(snapshot.asOf)),
      Member("findings", .list(FleetExport(snapshot).records(.findings))),
      Member("actions", .list(JournalExport(actions).records)),
      Member("rollouts", .list(rollouts.map { rollout($0.row, $0.rollout) })),
      Member("overrides", .list(overrides.map(override))),
    ])
  }

  private func rollout(_ row: WorkloadRow, _ rollout: Rollout) -> ExportValue {
    .object([
      Member("deployment_id", .text(row.id.rawValue)), Member("deployment", .text(row.name)),
      Member("revision", .text(rollout.revisionID.rawValue)),
      Member("status", .text(rollout.statusText)), Member("since", .time(rollout.since)),
      Member("ready", .integer(rollout.ready)),
      Member("desired", .optional(rollout.desired) { .integer($0) }),
      Member("is_failing", .bool(rollout.isFailing)),
    ])
  }

  private func override(_ override: Override) -> ExportValue {
    .object([
      Member("deployment_id", .text(override.row.id.rawValue)),
      Member("deployment", .text(override.row.name)),
      Member("region", .text(override.region.region.rawValue)),
      Member("replicas", .integer(override.replicas)),
      Member("ready", .integer(override.region.replicas.ready)),
    ])
  }

  package var text: String {
    let age = Formatting.age(from: start, to: snapshot.asOf)
    var lines = [
      "HANDOVER  context \(snapshot.contextName)  \(WireClock.text(snapshot.asOf))  last \(age)"
    ]
    func section(_ title: String, _ rows: [String]) {
      lines.append("")
      lines.append("\(title): " + (rows.isEmpty ? "none" : String(rows.count)))
      lines += rows.map { "  \($0)" }
    }
    section("open findings", snapshot.findings.map(StatusExport.line))
    section(
      "actions",
      actions.map { entry in
        "\(WireClock.text(entry.at)) \(entry.actor) \(entry.request.verb) \(entry.workloadName) "
          + "\(entry.summary): \(entry.outcomeWords)"
      })
    section(
      "rolling out",
      rollouts.map { row, rollout in
        "\(row.name)  revision \(rollout.revisionID.short) \(rollout.statusText) for "
          + "\(Formatting.age(from: rollout.since, to: snapshot.asOf)), \(rollout.ready)/"
          + "\(rollout.desired.map(String.init) ?? Formatting.unknown) ready"
      })
    section(
      "overrides in force",
      overrides.map { override in
        "\(override.row.name) \(override.region.region)=\(override.replicas), autoscaling OFF "
          + "until 'vigie release \(override.row.name)'"
      })
    return lines.map { Sanitizer.clean($0) }.joined(separator: "\n")
  }
}
