package import Domain
package import Foundation
import GRDB
import Synchronization

extension Store {
  /// What was known at an instant of all that a comparison looks at: metered runs, of which there
  /// are tens of thousands, are left out.
  package func comparableFacts(at instant: Date) throws(StoreError) -> FleetFacts {
    try pastFacts(at: instant, isMetered: false)
  }

  /// Everything that was known at an instant, from the cache alone.
  func pastFacts(at instant: Date, isMetered: Bool = true) throws(StoreError) -> FleetFacts {
    let entries = try journal(limit: 200).filter { $0.at <= instant }.map { entry in
      // What came of it later was not known then.
      guard let settled = entry.settledAt, settled > instant else { return entry }
      var entry = entry
      entry.outcome = nil
      entry.settledAt = nil
      return entry
    }
    let watch = model.withLock { $0.coverage }
    let (states, found) = try look(at: instant, isMetered: isMetered)
    var measures = found
    var facts = states.facts(
      asOf: instant, measures: &measures, journal: Array(entries.prefix(50)))
    facts.recording = try read {
      try Coverage.recording($0, at: instant, underWay: watch)
    }
    past.withLock { [states, measures] in $0.put(states, measures) }
    return facts
  }

  /// Moves what the last look found to another instant: states beside everything else.
  ///
  /// Whoever looks at the same time begins anew: a look never waits for another.
  private func look(
    at instant: Date, isMetered: Bool
  ) throws(StoreError) -> (PastModel, PastMeasures) {
    let (name, usageNumber) = model.withLock { ($0.contextName, isMetered ? $0.usageNumber : nil) }
    // Handed over whole: of what another still holds, a change would make a copy.
    var taken = past.withLock { $0.take() }
    let known = Mutex(taken.model.take())
    let knownMeasures = Mutex(taken.measures.take())
    return try together { () throws(StoreError) in
      var past = known.withLock { $0.take() } ?? PastModel(contextName: name)
      try read { try past.move(to: instant, in: $0) }
      return past
    } and: { () throws(StoreError) in
      var measures = knownMeasures.withLock { $0.take() } ?? PastMeasures()
      try read { try measures.move(to: instant, in: $0, usageNumber: usageNumber) }
      return measures
    }
  }

  /// Whether nothing that is still on its way to the disk can be about an instant.
  package func isSettled(_ instant: Date) -> Bool {
    guard let end = model.withLock({ $0.coverage?.ended }) else { return true }
    return end.timeIntervalSince(instant) > 120
  }

  /// The instants between which anything is recorded; nil when nothing is.
  package func recordedSpan() throws(StoreError) -> ClosedRange<Date>? {
    try writeCoverage()
    return try read { database in
      guard
        let row = try Row.fetchOne(
          database, sql: "SELECT min(began) AS first, max(ended) AS last FROM coverage"),
        let first = row["first"] as Int64?, let last = row["last"] as Int64?
      else { return nil }
      return date(first)...date(last)
    }
  }

  /// Remembers which findings are open: those that are new begin, those that are gone end.
  ///
  /// Findings about the sync itself are left out: gaps tell of it.
  package func record(findings: [Finding], at: Date) throws(StoreError) {
    try load()
    let current = Dictionary(
      findings.filter { $0.kind != .staleSource }.map { ($0.id, $0) }, uniquingKeysWith: { $1 })
    let known = model.withLock { $0.findings }
    let opened = current.values.filter { known[$0.id]?.severity != $0.severity }
    let closed = known.keys.filter { current[$0] == nil }
    guard !opened.isEmpty || !closed.isEmpty else { return }
    try write(ChangeNote(states: stamp(at))) { database in
      let writer = StateWriter(database: database, at: stamp(at))
      for finding in opened {
        try writer.replace(
          .finding, id: finding.id, owner: finding.workloadID?.rawValue, with: finding)
      }
      for id in closed { try writer.end(.finding, id: id) }
    }
    model.withLock { model in
      for finding in opened { model.findings[finding.id] = finding }
      for id in closed { model.findings[id] = nil }
    }
  }

  /// What happened in a span, oldest first, from everything that was kept.
  ///
  /// Cut to the newest when there is more than `limit`.
  package func timeline(
    in span: ClosedRange<Date>, of workload: WorkloadID? = nil, limit: Int = 4000
  ) throws(StoreError) -> Timeline {
    try flush()
    try writeCoverage()
    let actions = try journal(limit: 500).filter { span.contains($0.at) }
      .map(TimelineEntry.init(action:))
    var timeline = try read { database in
      var timeline = try TimelineReader(database, span: span, limit: limit).timeline()
      timeline.entries = try SoleRegions(database).completing(timeline.entries + actions)
      return timeline
    }
    timeline.entries += try notes(in: span)
    if let workload {
      timeline.entries = timeline.entries.filter {
        $0.workloadID == workload || $0.kind == .gap || $0.kind == .note
      }
    }
    timeline.entries.sort { $0.at != $1.at ? $0.at < $1.at : $0.id < $1.id }
    return timeline
  }
}

extension TimelineEntry {
  /// An action of this console, with what came of it.
  init(action entry: JournalEntry) {
    let outcome: String
    var severity = Finding.Severity.information
    switch entry.outcome {
    case nil: outcome = "outcome not known yet"
    case .accepted: outcome = "accepted"
    case .done: outcome = "done"
    case .failed(let reason):
      outcome = "failed: \(reason)"
      severity = .critical
    case .refused(let reason): outcome = "refused: \(reason)"
    case .stale(let reason): outcome = "nothing was sent: \(reason)"
    case .unknown(let reason):
      outcome = "outcome not known: \(reason)"
      severity = .warning
    }
    self.init(
      id: "action/\(entry.id)", at: entry.at, kind: .action, severity: severity,
      workloadID: entry.workloadID, workloadName: entry.workloadName,
      region: Self.soleRegion(of: entry.request), actor: entry.actor,
      text: "\(entry.request.verb) \(entry.summary), \(outcome)"
        + (entry.waiver.map { "; \($0.words)" } ?? ""), calls: entry.calls.map(\.text))
  }

  /// Of all but manual counts the request does not say it.
  private static func soleRegion(of request: ActionRequest) -> RegionID? {
    switch request {
    case .scale(_, let replicas): replicas.count == 1 ? replicas.keys.first : nil
    case .setOverrides(_, let entries):
      entries.count == 1 && entries[0].regions.count == 1 ? entries[0].regions.first : nil
    case .bounds, .targets, .releaseOverride, .rollBack, .restart, .pause, .resume, .cancelRollout:
      nil
    }
  }
}
