/// One thing that is not as it was.
package struct FleetChange: Equatable, Sendable, Codable {
  package let workloadID: WorkloadID?
  package let subject: String
  /// `status`, `replicas fra`, `image`, `price`, `finding`.
  package let what: String
  /// Nil: it was not there.
  package let old: String?
  package let new: String?

  package init(
    workloadID: WorkloadID?, subject: String, what: String, old: String?, new: String?
  ) {
    self.workloadID = workloadID
    self.subject = subject
    self.what = what
    self.old = old
    self.new = new
  }

  package var text: String { "\(what): \(old ?? "none") > \(new ?? "none")" }
}

/// Tells two instants apart.
package struct FleetComparison: Sendable {
  private let assembler: FleetAssembler

  package init(rules: Rulebook = Rulebook()) {
    assembler = FleetAssembler(rules: rules)
  }

  /// What differs, by workload, those that came or went first; of one workload, or of all.
  package func changes(
    from old: FleetFacts, to new: FleetFacts, of wanted: WorkloadID? = nil
  ) -> [FleetChange] {
    changes(
      from: (old, assembler.snapshot(from: old, now: old.asOf)),
      to: (new, assembler.snapshot(from: new, now: new.asOf)), of: wanted)
  }

  /// What differs between two instants of which the pictures are made.
  package func changes(
    from start: (facts: FleetFacts, snapshot: FleetSnapshot),
    to end: (facts: FleetFacts, snapshot: FleetSnapshot), of wanted: WorkloadID? = nil
  ) -> [FleetChange] {
    let old = PricedFacts(start.facts, rates: assembler.rules.money.rates).facts
    let new = PricedFacts(end.facts, rates: assembler.rules.money.rates).facts
    let (before, after) = (start.snapshot, end.snapshot)
    guard !before.recording.isGap, !after.recording.isGap else { return [] }
    let rows = Dictionary(before.workloads.map { ($0.id, $0) }, uniquingKeysWith: { $1 })
    var changes: [FleetChange] = []
    var seen: Set<WorkloadID> = []
    for row in after.workloads where wanted == nil || row.id == wanted {
      seen.insert(row.id)
      guard let was = rows[row.id] else {
        changes.append(change(row, "deployment", nil, row.statusText))
        continue
      }
      changes += rowChanges(was, row)
      changes += definitionChanges(was, row, old, new)
    }
    for row in before.workloads where wanted == nil || row.id == wanted {
      if !seen.contains(row.id) { changes.append(change(row, "deployment", row.statusText, nil)) }
    }
    changes += findingChanges(before, after, wanted)
    if wanted == nil { changes += priceChanges(old.catalogue, new.catalogue) }
    changes += acceleratorChanges(before, after, wanted)
    return changes
  }

  private func change(
    _ row: WorkloadRow, _ what: String, _ old: String?, _ new: String?
  ) -> FleetChange {
    FleetChange(workloadID: row.id, subject: row.name, what: what, old: old, new: new)
  }

  private func rowChanges(_ old: WorkloadRow, _ new: WorkloadRow) -> [FleetChange] {
    var changes: [FleetChange] = []
    func compare(_ what: String, _ before: String?, _ after: String?) {
      if before != after { changes.append(change(new, what, before, after)) }
    }
    compare("status", old.statusText, new.statusText)
    compare("revision", old.revisionID?.short, new.revisionID?.short)
    compare("rollout", old.rollout?.statusText, new.rollout?.statusText)
    let before = Dictionary(old.regions.map { ($0.region, $0) }, uniquingKeysWith: { $1 })
    let after = Dictionary(new.regions.map { ($0.region, $0) }, uniquingKeysWith: { $1 })
    for region in Set(before.keys).union(after.keys).sorted() {
      let was = before[region]
      let now = after[region]
      compare(
        "replicas \(region)", was.map { Formatting.replicas($0.replicas) },
        now.map { Formatting.replicas($0.replicas) })
      compare("bounds \(region)", was.flatMap(bounds), now.flatMap(bounds))
      compare("override \(region)", was?.override.map(String.init), now?.override.map(String.init))
    }
    compare("machine", old.machine, new.machine)
    return changes
  }

  private func bounds(_ state: RegionState) -> String? {
    guard let minimum = state.minimum, let maximum = state.maximum else { return nil }
    return "\(minimum)..\(maximum)"
  }

  private func definitionChanges(
    _ was: WorkloadRow, _ row: WorkloadRow, _ old: FleetFacts, _ new: FleetFacts
  ) -> [FleetChange] {
    guard was.revisionID != row.revisionID || was.rollout?.revisionID != row.rollout?.revisionID,
      let before = (was.rollout?.revisionID ?? was.revisionID).flatMap({ old.revisions[$0] }),
      let after = (row.rollout?.revisionID ?? row.revisionID).flatMap({ new.revisions[$0] })
    else { return [] }
    return DefinitionDiff.changes(from: before.definition, to: after.definition).map {
      change(row, $0.field, $0.old, $0.new)
    }
  }

  private func findingChanges(
    _ old: FleetSnapshot, _ new: FleetSnapshot, _ wanted: WorkloadID?
  ) -> [FleetChange] {
    func shown(_ snapshot: FleetSnapshot) -> [String: Finding] {
      Dictionary(
        snapshot.findings.filter {
          $0.kind != .staleSource && (wanted == nil || $0.workloadID == wanted)
        }.map { ($0.id, $0) }, uniquingKeysWith: { $1 })
    }
    let before = shown(old)
    let after = shown(new)
    let opened = after.filter { before[$0.key] == nil }.values.sorted { $0.id < $1.id }
    let closed = before.filter { after[$0.key] == nil }.values.sorted { $0.id < $1.id }
    return opened.map {
      FleetChange(
        workloadID: $0.workloadID, subject: $0.subject, what: "finding", old: nil, new: $0.summary)
    }
      + closed.map {
        FleetChange(
          workloadID: $0.workloadID, subject: $0.subject, what: "finding", old: $0.summary, new: nil
        )
      }
  }

  private func priceChanges(_ old: Catalogue, _ new: Catalogue) -> [FleetChange] {
    new.types.keys.sorted().compactMap { type in
      let before = old.types[type]?.pricePerHour
      let after = new.types[type]?.pricePerHour
      guard before != after, old.readAt != nil else { return nil }
      return FleetChange(
        workloadID: nil, subject: type.rawValue, what: "price an hour",
        old: before?.formatted(), new: after?.formatted())
    }
  }

  private func acceleratorChanges(
    _ old: FleetSnapshot, _ new: FleetSnapshot, _ wanted: WorkloadID?
  ) -> [FleetChange] {
    let before = Dictionary(
      old.accelerators.rows.map { ($0.sample.id, $0.sample.errorCode) }, uniquingKeysWith: { $1 })
    return new.accelerators.rows.compactMap { row in
      guard wanted == nil || row.workloadID == wanted, let was = before[row.sample.id],
        was != row.sample.errorCode
      else { return nil }
      return FleetChange(
        workloadID: row.workloadID, subject: row.workloadName ?? row.sample.host ?? "GPU",
        what: "GPU \(row.sample.host ?? "-")/\(row.sample.index ?? "-") XID",
        old: was.map(String.init), new: row.sample.errorCode.map(String.init))
    }
  }
}
