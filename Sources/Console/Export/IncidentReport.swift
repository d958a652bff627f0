package import Domain
package import FoundationEssentials
import Terminal

/// The story of an incident, told from what was kept.
package struct IncidentReport {
  package let incident: Incident
  package let contextName: String
  /// From half an hour before it until its end.
  package let timeline: Timeline
  /// The fleet when it began, and when it ended or now.
  package let before: FleetSnapshot
  package let after: FleetSnapshot
  package let end: Date

  package init(
    incident: Incident, contextName: String, timeline: Timeline, before: FleetSnapshot,
    after: FleetSnapshot, end: Date
  ) {
    self.incident = incident
    self.contextName = contextName
    self.timeline = timeline
    self.before = before
    self.after = after
    self.end = end
  }

  /// Instants and sums that a review asks for; nil is not known.
  package struct Impact: Equatable, Sendable {
    /// The first sign: a failed revision, or the first critical finding.
    package var cause: Date?
    package var detected: Date?
    package var acted: Date?
    package var recovered: Date?
    /// Replicas that were seen to fail.
    package var failedReplicas: Int
    /// Names of the deployments with critical findings.
    package var affected: [String]
    /// What they cost in that time at the rate of its end; an estimate.
    package var cost: Money?
  }

  package var impact: Impact {
    let critical = timeline.entries.filter { $0.severity == .critical }
    let findings = critical.filter { $0.kind == .finding }
    let affected = Set(findings.map(\.workloadName)).sorted()
    let cause = critical.first?.at
    let acted = timeline.entries.first { entry in
      entry.kind == .action && cause.map { entry.at >= $0 } ?? true
    }?.at
    let closed = timeline.entries.last { $0.kind == .finding && $0.text.hasPrefix("no longer") }
    let isClear = !after.findings.contains { $0.severity == .critical }
    let rates = after.workloads.filter { affected.contains($0.name) }.compactMap(\.hourlyCost)
    let hours = Decimal(Int(end.timeIntervalSince(incident.startedAt))) / 3600
    return Impact(
      cause: cause, detected: findings.first?.at, acted: acted,
      recovered: isClear && !findings.isEmpty ? closed?.at : nil,
      failedReplicas: Set(
        timeline.entries.filter { $0.id.hasPrefix("replica/") }
          .compactMap { $0.id.split(separator: "/").dropFirst().first }
      ).count, affected: affected, cost: Money.total(rates)?.multiplied(by: hours))
  }

  /// As Markdown; every time is UTC.
  package func markdown() -> String {
    var lines = ["# Incident \(incident.id): \(Sanitizer.clean(incident.title))", ""]
    lines.append("Context `\(Sanitizer.clean(contextName))`, all times UTC.")
    lines += ["", "## Summary", ""]
    lines += summary().map { "- \($0.label): \($0.text)" }
    lines += [
      "", "## Timeline", "", "| time | kind | region | deployment | what | by |",
      "|---|---|---|---|---|---|",
    ]
    for entry in timeline.entries {
      lines.append(
        "| \(WireClock.text(entry.at)) | \(entry.kind.rawValue) "
          + "| \(cell(entry.region?.rawValue ?? "")) | \(cell(entry.workloadName)) "
          + "| \(cell(entry.text)) | \(cell(entry.actor ?? "")) |")
      for call in entry.calls { lines.append("| | call | | | `\(cell(call))` | |") }
    }
    if timeline.isCut { lines.append("| | | | | older entries are left out | |") }
    lines += ["", "## Before", "", "```", picture(before), "```"]
    lines += ["", "## After", "", "```", picture(after), "```", ""]
    return lines.joined(separator: "\n")
  }

  package func json() -> String {
    typealias M = ExportValue.Member
    let impact = impact
    func time(_ date: Date?) -> ExportValue { date.map { .text(WireClock.text($0)) } ?? .null }
    return ExportValue.object([
      M("id", .integer(Int(incident.id))), M("title", .text(Sanitizer.clean(incident.title))),
      M("context", .text(contextName)), M("started_at", time(incident.startedAt)),
      M("ended_at", time(incident.endedAt)), M("cause_at", time(impact.cause)),
      M("detected_at", time(impact.detected)), M("acted_at", time(impact.acted)),
      M("recovered_at", time(impact.recovered)),
      M("failed_replicas", .integer(impact.failedReplicas)),
      M("affected", .list(impact.affected.map { .text(Sanitizer.clean($0)) })),
      M("timeline", .list(TimelineExport(timeline.entries).records)),
    ]).json()
  }

  private func summary() -> [(label: String, text: String)] {
    let impact = impact
    func span(_ from: Date?, _ to: Date?) -> String {
      guard let from, let to, to >= from else { return "-" }
      return Formatting.age(seconds: to.timeIntervalSince(from))
    }
    let affected = impact.affected.map { Sanitizer.clean($0) }.joined(separator: ", ")
    return [
      ("started", WireClock.text(incident.startedAt)),
      ("ended", incident.endedAt.map(WireClock.text) ?? "still open"),
      ("first sign", impact.cause.map(WireClock.text) ?? "-"),
      ("time to detect", span(impact.cause, impact.detected)),
      ("time to act", span(impact.detected, impact.acted)),
      ("time to recover", span(impact.detected, impact.recovered)),
      ("affected deployments", affected.isEmpty ? "-" : affected),
      ("replicas seen to fail", String(impact.failedReplicas)),
      (
        "cost of them in that time (estimate at list price)",
        impact.cost.map { "\($0.currency.code) \($0.formatted())" } ?? "-"
      ),
    ]
  }

  /// The overview as text, as it would have been on screen.
  private func picture(_ snapshot: FleetSnapshot) -> String {
    let setting = ConsoleState.Setting(
      contextName: contextName, isReadOnly: true, theme: .monochrome, glyphs: .ascii)
    var state = ConsoleState(
      setting: setting, size: Size(width: 100, height: 30), now: snapshot.asOf)
    _ = update(&state, with: .fleet(snapshot))
    return draw(state, in: state.size).plainText().replacing("```", with: "'''")
  }

  private func cell(_ text: String) -> String {
    Sanitizer.clean(text).replacing("|", with: "\\|")
  }
}

/// Times as reports write them: `2026-08-21T03:12:05Z`.
package enum WireClock {
  package static func text(_ date: Date) -> String {
    date.formatted(.iso8601)
  }
}
