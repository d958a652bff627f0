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
    return assemble(facts, now: now).snapshot
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
    let picture = assemble(facts, now: now)
    guard let row = picture.snapshot.workloads.first(where: { $0.id == id }) else { return nil }
    let workload = facts.workloads.first { $0.id == id }
    var detail = WorkloadDetail(row: row)
    detail.revisions = more.revisions.map { revision in
      RevisionRow(
        revision: revision, healthyFor: more.healthyFor[revision.id],
        isActive: revision.id == workload?.activeRevisionID,
        isLatest: revision.id == workload?.latestRevisionID)
    }
    detail.replicas = (picture.replicas[id] ?? []).sorted {
      $0.region != $1.region ? $0.region < $1.region : ($0.index ?? 0) < ($1.index ?? 0)
    }
    detail.accelerators = picture.snapshot.accelerators.rows.filter { $0.workloadID == id }
    detail.scalingEvents = more.scalingEvents
    detail.activities = more.activities
    detail.journal = more.journal
    let active = workload?.activeRevisionID.flatMap { facts.revisions[$0] }
    detail.definition = (active ?? more.revisions.first { $0.status != .stashed })?.definition
    detail.overrides = facts.overrides[id] ?? []
    detail.costs = picture.snapshot.costs.workloads[id] ?? CostFigures()
    detail.observedAt = row.observedAt
    return detail
  }

  private struct Picture {
    var snapshot: FleetSnapshot
    var replicas: [WorkloadID: [Replica]]
  }

  private func assemble(_ facts: FleetFacts, now: Date) -> Picture {
    let apps = Dictionary(facts.apps.map { ($0.id, $0.name) }, uniquingKeysWith: { $1 })
    let workloads = Dictionary(facts.workloads.map { ($0.id, $0) }, uniquingKeysWith: { $1 })
    let byName = Dictionary(
      facts.workloads.map { ($0.name, $0.id) }, uniquingKeysWith: { first, _ in first })
    let replicas = Dictionary(grouping: facts.replicas, by: \.workloadID)
    let events = Dictionary(grouping: explained(facts, workloads)) { $0.workloadID }
    let accelerators = AcceleratorClassifier(facts: facts, now: now)
      .overview(workloads: workloads, byName: byName)
    let owned = Dictionary(grouping: accelerators.rows) { $0.workloadID }
    let costs = CostModel(catalogue: facts.catalogue)
    let rules = WorkloadRules(facts: facts, now: now, costs: costs)
    var subjects: [FindingRules.Subject] = []
    subjects.reserveCapacity(facts.workloads.count)
    for workload in facts.workloads where workload.status != .deleted {
      let input = WorkloadRules.Input(
        workload: workload, appName: apps[workload.appID] ?? "",
        replicas: replicas[workload.id] ?? [],
        accelerators: owned[workload.id] ?? [], events: events[workload.id] ?? [])
      let row = rules.row(input)
      subjects.append(
        FindingRules.Subject(
          row: row, accelerators: input.accelerators, replicas: input.replicas,
          reversals: ScalingAnalysis.reversals(in: input.events, now: now),
          pinnedSince: rules.pinnedSince(row, events: input.events),
          idleSince: rules.idleSince(input.accelerators)))
    }
    var snapshot = FleetSnapshot(
      contextName: facts.contextName, platformName: facts.platformName, asOf: facts.asOf)
    snapshot.recording = facts.recording
    snapshot.incident = facts.incident
    snapshot.workloads = Self.ranked(subjects)
    snapshot.workloadCount = snapshot.workloads.count
    for row in snapshot.workloads { snapshot.counts[row.condition, default: 0] += 1 }
    snapshot.accelerators = accelerators
    snapshot.costs = costs.overview(
      facts: facts, rows: snapshot.workloads, idle: idleByRegion(accelerators.rows),
      idleTotal: accelerators.idlePerHour, now: now)
    snapshot.scalingEvents = explained(facts, workloads)
    snapshot.activities = facts.activities
    snapshot.findings = FindingRules(facts: facts, now: now).findings(subjects)
    snapshot.sync = facts.sync
    snapshot.journal = facts.journal
    return Picture(snapshot: snapshot, replicas: replicas)
  }

  /// Worst first; among equals what costs more, then by name.
  ///
  /// Small keys are sorted instead of the rows: these are dear to move.
  private static func ranked(_ subjects: [FindingRules.Subject]) -> [WorkloadRow] {
    struct Rank {
      var condition: Condition
      var cost: Decimal
      var index: Int
    }
    var ranks = subjects.indices.map { index in
      Rank(
        condition: subjects[index].row.condition, cost: subjects[index].row.hourlyCost?.amount ?? 0,
        index: index)
    }
    ranks.sort { left, right in
      if left.condition != right.condition { return left.condition < right.condition }
      if left.cost != right.cost { return left.cost > right.cost }
      let name = subjects[left.index].row.name
      let other = subjects[right.index].row.name
      return name != other
        ? name < other : subjects[left.index].row.id < subjects[right.index].row.id
    }
    return ranks.map { subjects[$0.index].row }
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
    _ facts: FleetFacts, _ workloads: [WorkloadID: Workload]
  ) -> [ScalingEvent] {
    facts.scalingEvents.map { event in
      guard event.actor == .autoscaler, event.inferredReason == nil, let id = event.workloadID,
        let revision = workloads[id]?.activeRevisionID.flatMap({ facts.revisions[$0] })
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
