import Domain
import Foundation
import GRDB

/// Makes one line of everything that changed in a span.
struct TimelineReader {
  private let database: Database
  private let span: ClosedRange<Date>
  private let limit: Int
  private let pools = PackedPools()

  /// An object that is older than this when it is first seen did not come about just then.
  private static let newness: Double = 120

  init(_ database: Database, span: ClosedRange<Date>, limit: Int) {
    self.database = database
    self.span = span
    self.limit = limit
  }

  func timeline() throws -> Timeline {
    let gaps = try Coverage.gaps(database, in: span)
    var entries = try feed()
    let deployed = entries.filter { $0.kind == .deploy }
    let changed = try changes(StateKind.revision, StateKind.workload, StateKind.replica)
    let names = try names(changed)
    for change in changed {
      if let birth = birth(of: change, names) { entries.append(birth) }
      guard let entry = entry(of: change, names: names) else { continue }
      // The platform's own words about how a deployment ended say the same at a better time. How it
      // began they do not say, and that may be the cause of all the rest.
      let isTold =
        entry.kind == .deploy
        && deployed.contains {
          $0.workloadID == entry.workloadID && abs($0.at.timeIntervalSince(entry.at)) < 90
        }
      if !isTold { entries.append(entry) }
    }
    entries += try findings()
    entries += gaps.map { gap in
      TimelineEntry(
        id: "gap/\(stamp(gap.lowerBound))", at: gap.lowerBound, kind: .gap, severity: .warning,
        text: "nothing was read until \(Formatting.clock(gap.upperBound))Z")
    }
    let isCut = entries.count > limit
    if isCut { entries = Array(entries.sorted { $0.at < $1.at }.suffix(limit)) }
    return Timeline(span: span, entries: entries, gaps: gaps, isCut: isCut)
  }

  // MARK: - States

  private struct Change {
    var kind: StateKind
    var id: String
    var at: Date
    var new: Data
    var old: Data?
  }

  /// States that began in the span, each with the one before it.
  private func changes(_ kinds: StateKind...) throws -> [Change] {
    let list = kinds.map { String($0.rawValue) }.joined(separator: ",")
    let rows = try Row.fetchCursor(
      database,
      sql: """
        SELECT new.kind, new.id, new.valid_from, new.payload,
          (SELECT old.payload FROM state AS old
           WHERE old.kind = new.kind AND old.id = new.id AND old.valid_from < new.valid_from
           ORDER BY old.valid_from DESC LIMIT 1) AS old
        FROM state AS new INDEXED BY state_began
        WHERE new.valid_from > ? AND new.valid_from <= ? AND new.kind IN (\(list))
        ORDER BY new.valid_from DESC LIMIT ?
        """, arguments: [stamp(span.lowerBound), stamp(span.upperBound), limit * 4])
    var changes: [Change] = []
    while let row = try rows.next() {
      guard let kind = StateKind(rawValue: row["kind"]) else { continue }
      changes.append(
        Change(
          kind: kind, id: row["id"], at: date(row["valid_from"]), new: row["payload"],
          old: row["old"]))
    }
    return changes
  }

  /// The last names of workloads that were there in the span or after it.
  private func names(_ changes: [Change]) throws -> [WorkloadID: String] {
    guard !changes.isEmpty else { return [:] }
    var names: [WorkloadID: String] = [:]
    let rows = try Row.fetchCursor(
      database,
      sql: """
        SELECT (SELECT payload FROM state
          WHERE kind = known.kind AND id = known.id
            AND (valid_until IS NULL OR valid_until > ?)
          ORDER BY valid_from DESC LIMIT 1)
        FROM (SELECT DISTINCT kind, id FROM state WHERE kind = ?) AS known
        """, arguments: [stamp(span.lowerBound), StateKind.workload.rawValue])
    while let row = try rows.next() {
      guard let workload = decode(Workload.self, row[0]) else { continue }
      names[workload.id] = workload.name
    }
    return names
  }

  private func entry(of change: Change, names: [WorkloadID: String]) -> TimelineEntry? {
    switch change.kind {
    case .revision: revision(change, names)
    case .workload: workload(change)
    case .replica: replica(change, names)
    case .app, .overrides, .catalogue, .quotas, .accelerator, .metricsSource, .finding: nil
    }
  }

  private func decode<Value: Payload>(_ type: Value.Type, _ data: Data?) -> Value? {
    data.flatMap { try? Value(payload: $0, pools: pools) }
  }

  /// That a revision came about, when the platform says so; nil of one that is merely seen first.
  private func birth(of change: Change, _ names: [WorkloadID: String]) -> TimelineEntry? {
    guard change.kind == .revision, change.old == nil,
      let new = decode(Revision.self, change.new),
      change.at.timeIntervalSince(new.createdAt) < Self.newness
    else { return nil }
    let what = new.status == .stashed ? "saved as a draft" : "created"
    return TimelineEntry(
      id: "revision/\(new.id)/created", at: max(new.createdAt, span.lowerBound), kind: .deploy,
      severity: .information, workloadID: new.workloadID,
      workloadName: names[new.workloadID] ?? new.workloadID.short, actor: new.author,
      text: "revision \(new.id.short) \(what): \(new.definition.source.brief)")
  }

  /// What became of a revision, and of one that is seen first only whether it failed.
  private func revision(_ change: Change, _ names: [WorkloadID: String]) -> TimelineEntry? {
    guard let new = decode(Revision.self, change.new) else { return nil }
    let old = decode(Revision.self, change.old)
    guard old?.status != new.status else { return nil }
    guard
      old != nil
        || new.status.isFailed && change.at.timeIntervalSince(new.createdAt) < Self.newness
    else { return nil }
    let before = old.map { "\($0.statusText) > " } ?? ""
    let said = new.status.isFailed ? new.messages.last.map { ": \($0)" } ?? "" : ""
    return TimelineEntry(
      id: "revision/\(new.id)/\(stamp(change.at))", at: change.at, kind: .deploy,
      severity: new.status.isFailed ? .critical : .information, workloadID: new.workloadID,
      workloadName: names[new.workloadID] ?? new.workloadID.short, actor: new.author,
      text: "revision \(new.id.short) \(before)\(new.statusText)\(said)")
  }

  private func workload(_ change: Change) -> TimelineEntry? {
    guard let new = decode(Workload.self, change.new), let old = decode(Workload.self, change.old),
      old.status != new.status
    else { return nil }
    let isBad = new.status == .unhealthy || new.status == .degraded
    return TimelineEntry(
      id: "workload/\(new.id)/\(stamp(change.at))", at: change.at, kind: .status,
      severity: isBad ? .warning : .information, workloadID: new.id, workloadName: new.name,
      text: "\(old.statusText) > \(new.statusText)")
  }

  /// Only of replicas in trouble: that they come and go is the autoscaler's story.
  private func replica(_ change: Change, _ names: [WorkloadID: String]) -> TimelineEntry? {
    guard let new = decode(Replica.self, change.new),
      new.status == .unhealthy || new.status == .error
    else { return nil }
    let old = decode(Replica.self, change.old)
    guard old?.status != new.status else { return nil }
    let number = new.index.map(String.init) ?? new.id.short
    let said = new.messages.last.map { ": \($0)" } ?? ""
    return TimelineEntry(
      id: "replica/\(new.id)/\(stamp(change.at))", at: change.at, kind: .status,
      severity: .warning, workloadID: new.workloadID,
      workloadName: names[new.workloadID] ?? new.workloadID.short, region: new.region,
      text: "replica \(number) in \(new.region) \(new.statusText)\(said)")
  }

  // MARK: - Feed and findings

  private func feed() throws -> [TimelineEntry] {
    let rows = try Row.fetchAll(
      database,
      sql: """
        SELECT is_scaling, payload FROM feed WHERE at > ? AND at <= ? ORDER BY at DESC LIMIT ?
        """, arguments: [stamp(span.lowerBound), stamp(span.upperBound), limit])
    return rows.compactMap { row in
      let payload: Data = row["payload"]
      return row["is_scaling"] as Int == 1
        ? decode(ScalingEvent.self, payload).map(scaling)
        : decode(Activity.self, payload).map(activity)
    }
  }

  private func scaling(_ event: ScalingEvent) -> TimelineEntry {
    let count =
      switch (event.from, event.to) {
      case (let from?, let to?): "\(from) > \(to)"
      case (nil, let to?): "to \(to)"
      default: event.kind.rawValue
      }
    let reason = event.inferredReason.map { ", ~\($0)" } ?? ""
    return TimelineEntry(
      id: "feed/\(event.id)", at: event.at, kind: .scaling, workloadID: event.workloadID,
      workloadName: event.workloadName, region: event.region, actor: event.actor.rawValue,
      text: "replicas \(count)" + (event.region.map { " in \($0)" } ?? "") + reason)
  }

  private func activity(_ activity: Activity) -> TimelineEntry {
    let isBad = activity.verb.contains("fail") || activity.verb.contains("error")
    let said = activity.messages.last.map { ": \($0)" } ?? ""
    return TimelineEntry(
      id: "feed/\(activity.id)", at: activity.at,
      kind: activity.objectType == "deployment" ? .deploy : .status,
      severity: isBad ? .critical : .information, workloadID: activity.workloadID,
      workloadName: activity.workloadName ?? activity.objectName, actor: activity.actor,
      text: "\(activity.objectType) \(activity.verb)\(said)")
  }

  private func findings() throws -> [TimelineEntry] {
    let rows = try Row.fetchAll(
      database,
      sql: """
        SELECT id, valid_from, valid_until, payload FROM state
        WHERE kind = ? AND valid_from <= ? AND (valid_until IS NULL OR valid_until > ?)
        """,
      arguments: [
        StateKind.finding.rawValue, stamp(span.upperBound), stamp(span.lowerBound),
      ])
    var entries: [TimelineEntry] = []
    for row in rows {
      guard let finding = decode(Finding.self, row["payload"]) else { continue }
      let opened = date(row["valid_from"])
      if opened > span.lowerBound {
        entries.append(entry(of: finding, at: opened, isOpening: true))
      }
      if let ended = (row["valid_until"] as Int64?).map(date), span.contains(ended) {
        entries.append(entry(of: finding, at: ended, isOpening: false))
      }
    }
    return entries
  }

  private func entry(of finding: Finding, at: Date, isOpening: Bool) -> TimelineEntry {
    TimelineEntry(
      id: "finding/\(finding.id)/\(stamp(at))", at: at, kind: .finding,
      severity: isOpening ? finding.severity : .information, workloadID: finding.workloadID,
      workloadName: finding.subject, region: finding.region,
      text: (isOpening ? "finding: " : "no longer: ") + finding.summary)
  }
}
