package import FoundationEssentials

/// Turns what is known into what is shown: joined, judged, ranked and priced; a pure function.
package struct FleetAssembler: Sendable {
  package init() {}

  package func snapshot(from facts: FleetFacts, now: Date) -> FleetSnapshot {
    guard !facts.recording.isGap else {
      // What was last known is not what was so then: nothing is shown in its place.
      var empty = FleetSnapshot(
        contextName: facts.contextName, platformName: facts.platformName, asOf: facts.asOf)
      empty.recording = facts.recording
      empty.journal = facts.journal
      return empty
    }
    return assemble(facts, now: now)
  }

  /// The same fleet a little later, when nothing but the sync itself went on.
  package func refreshed(
    _ snapshot: FleetSnapshot, sync: [SyncState], source: MetricsSourceState, now: Date
  ) -> FleetSnapshot {
    var snapshot = snapshot
    snapshot.asOf = now
    snapshot.sync = sync
    snapshot.accelerators.source = source
    snapshot.findings = FindingRules.ranked(
      snapshot.findings.filter { $0.kind != .staleSource } + FindingRules.stale(sync, now: now))
    return snapshot
  }

  /// Nil when the workload is not known.
  package func detail(
    of id: WorkloadID, from facts: FleetFacts, more: WorkloadFacts, now: Date
  ) -> WorkloadDetail? {
    let facts = facts.narrowed(to: id)
    guard let workload = facts.workloads.first else { return nil }
    let snapshot = assemble(facts, now: now)
    guard let row = snapshot.workloads.first else { return nil }
    var detail = WorkloadDetail(row: row)
    detail.revisions = more.revisions.map { revision in
      RevisionRow(
        revision: revision, healthyFor: more.healthyFor[revision.id],
        isActive: revision.id == workload.activeRevisionID,
        isLatest: revision.id == workload.latestRevisionID)
    }
    detail.replicas = facts.replicas.sorted {
      $0.region != $1.region ? $0.region < $1.region : ($0.index ?? 0) < ($1.index ?? 0)
    }
    detail.accelerators = snapshot.accelerators.rows
    detail.scalingEvents = more.scalingEvents
    detail.activities = more.activities
    detail.journal = more.journal
    let active = workload.activeRevisionID.flatMap { facts.revisions[$0] }
    detail.definition = (active ?? more.revisions.first { $0.status != .stashed })?.definition
    detail.overrides = facts.overrides[id] ?? []
    detail.costs = snapshot.costs.figures(of: row)
    detail.observedAt = row.observedAt
    return detail
  }

  private func assemble(_ facts: FleetFacts, now: Date) -> FleetSnapshot {
    let apps = Dictionary(facts.apps.map { ($0.id, $0.name) }, uniquingKeysWith: { $1 })
    let living = facts.workloads.filter { $0.status != .deleted }
    let numbers = Dictionary(
      living.enumerated().map { ($1.id, Int32($0)) }, uniquingKeysWith: { $1 })
    let explained = explained(facts, living, numbers)
    let accelerators = AcceleratorClassifier(facts: facts, now: now)
      .overview(workloads: living, numbers: numbers)
    let replicas = WorkloadPlaces(count: facts.replicas.count, numbers: numbers) {
      facts.replicas[$0].workloadID
    }
    let owned = WorkloadPlaces(count: accelerators.rows.count, numbers: numbers) {
      accelerators.rows[$0].workloadID
    }
    let events = WorkloadPlaces(count: explained.count, numbers: numbers) {
      explained[$0].workloadID
    }
    let costs = CostModel(catalogue: facts.catalogue)
    let rules = WorkloadRules(facts: facts, now: now, costs: costs)
    let findingRules = FindingRules(facts: facts, now: now)
    var rows: [WorkloadRow] = []
    rows.reserveCapacity(living.count)
    var findings: [Finding] = []
    for (number, workload) in living.enumerated() {
      let input = WorkloadRules.Input(
        workload: workload, appName: apps[workload.appID] ?? "",
        replicas: replicas.items(number, of: facts.replicas),
        accelerators: owned.items(number, of: accelerators.rows),
        events: events.items(number, of: explained))
      let row = rules.row(input)
      findings += findingRules.findings(
        of: FindingRules.Subject(
          row: row, accelerators: input.accelerators, replicas: input.replicas,
          reversals: ScalingAnalysis.reversals(in: input.events, now: now),
          pinnedSince: rules.pinnedSince(row, events: input.events),
          idleSince: rules.idleSince(input.accelerators)))
      rows.append(row)
    }
    var snapshot = FleetSnapshot(
      contextName: facts.contextName, platformName: facts.platformName, asOf: facts.asOf)
    snapshot.recording = facts.recording
    snapshot.incident = facts.incident
    Self.permute(&rows, into: Self.ranked(rows))
    snapshot.workloads = rows
    snapshot.workloadCount = rows.count
    for row in rows { snapshot.counts[row.condition, default: 0] += 1 }
    snapshot.accelerators = accelerators
    snapshot.costs = costs.overview(
      facts: facts, idle: idleByRegion(accelerators.rows), idleTotal: accelerators.idlePerHour,
      now: now)
    snapshot.scalingEvents = explained
    snapshot.activities = facts.activities
    snapshot.findings = FindingRules.ranked(findings + findingRules.ofTheWhole())
    snapshot.day = DayTrendRules(facts: facts, now: now)
      .trend(events: explained, findings: snapshot.findings)
    snapshot.sync = facts.sync
    snapshot.journal = facts.journal
    return snapshot
  }

  /// Worst first; among equals what costs more, then by name.
  ///
  /// Small keys are sorted instead of the rows: these are dear to move.
  private static func ranked(_ rows: [WorkloadRow]) -> [Int32] {
    struct Rank {
      var condition: Condition
      var cost: Int64
      var index: Int32
    }
    var ranks = rows.indices.map { index in
      Rank(
        condition: rows[index].condition, cost: rows[index].hourlyCost?.rank ?? 0,
        index: Int32(index))
    }
    ranks.sort { left, right in
      if left.condition != right.condition { return left.condition < right.condition }
      if left.cost != right.cost { return left.cost > right.cost }
      let (one, other) = (Int(left.index), Int(right.index))
      let (name, otherName) = (rows[one].name, rows[other].name)
      return name != otherName ? name < otherName : rows[one].id < rows[other].id
    }
    return ranks.map(\.index)
  }

  /// Puts rows into an order in their own place: of a large fleet a second copy is megabytes.
  private static func permute(_ rows: inout [WorkloadRow], into order: [Int32]) {
    var order = order
    for start in order.indices where Int(order[start]) != start {
      var place = start
      while Int(order[place]) != start {
        let source = Int(order[place])
        rows.swapAt(place, source)
        order[place] = Int32(place)
        place = source
      }
      order[place] = Int32(place)
    }
  }

  private func idleByRegion(_ rows: [AcceleratorRow]) -> [RegionID: Money] {
    var sums: [RegionID: Money] = [:]
    for row in rows where row.use == .idle || row.use == .loadedIdle {
      guard let region = row.region, let cost = row.hourlyCost else { continue }
      sums[region] = sums[region]?.adding(cost) ?? cost
    }
    return sums
  }

  /// Adds a likely reason to the autoscaler's own events; the platform gives none.
  private func explained(
    _ facts: FleetFacts, _ workloads: [Workload], _ numbers: [WorkloadID: Int32]
  ) -> [ScalingEvent] {
    facts.scalingEvents.map { event in
      guard event.actor == .autoscaler, event.inferredReason == nil, let id = event.workloadID,
        let number = numbers[id],
        let revision = workloads[Int(number)].activeRevisionID.flatMap({ facts.revisions[$0] })
      else { return event }
      let scaling = event.region.flatMap { revision.definition.scaling(in: $0) }
      let traffic = facts.traffic[id]?.latest
      // Traffic of another time explains nothing.
      let isNear = traffic.map { abs($0.sampledAt.timeIntervalSince(event.at)) < 180 } ?? false
      let reason = ScalingAnalysis.inferredReason(
        kind: event.kind, from: event.from, to: event.to,
        scaling: scaling ?? revision.definition.scalings.first, traffic: isNear ? traffic : nil)
      guard let reason else { return event }
      return ScalingEvent(
        id: event.id, at: event.at, workloadID: id, workloadName: event.workloadName,
        region: event.region, from: event.from, to: event.to, kind: event.kind,
        actor: event.actor, inferredReason: reason)
    }
  }
}
