package import FoundationEssentials

/// Turns what is known into what is shown: joined, judged, ranked and priced; a pure function.
package struct FleetAssembler: Sendable {
  let rules: Rulebook

  package init(rules: Rulebook = Rulebook()) {
    self.rules = rules
  }

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

  /// A picture with what is the matter with the cache, and since when.
  ///
  /// It is not told as current any more, whatever the last reading said.
  package func troubled(
    _ snapshot: FleetSnapshot, by problem: String, since: Date, now: Date
  ) -> FleetSnapshot {
    var snapshot = snapshot
    snapshot.sync = snapshot.sync.map { state in
      var state = state
      state.failure = state.failure ?? problem
      return state
    }
    let finding = Finding(
      id: "stale_source/cache", severity: .warning, kind: .staleSource, workloadID: nil,
      subject: "cache", region: nil,
      summary: "for \(Formatting.age(from: since, to: now)): " + problem, since: since, burnt: nil,
      remedy: .refresh)
    snapshot.findings = FindingRules.ranked(
      snapshot.findings.filter { $0.id != finding.id } + [finding])
    return snapshot
  }

  /// Nil when the workload is not known.
  package func detail(
    of id: WorkloadID, from facts: FleetFacts, more: WorkloadFacts, now: Date
  ) -> WorkloadDetail? {
    let facts = facts.narrowed(to: id)
    guard let workload = facts.workloads.first else { return nil }
    // A budget is about more than one workload.
    var rules = rules
    rules.money.budgets = []
    let snapshot = FleetAssembler(rules: rules).assemble(facts, now: now)
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
    for region in row.regions.map(\.region) {
      detail.jurisdictions[region] = rules.policies.jurisdictions.of(region)
    }
    return detail
  }

  private func assemble(_ facts: FleetFacts, now: Date) -> FleetSnapshot {
    let priced = PricedFacts(facts, rates: rules.money.rates)
    let work = FleetJudgement(facts: priced.facts, rules: rules, now: now)
    var rows: [WorkloadRow] = []
    rows.reserveCapacity(work.living.count)
    var findings: [Finding] = []
    for number in work.living.indices {
      let (row, found) = work.judge(number)
      rows.append(row)
      findings += found
    }
    rows.permute(into: Self.ranked(rows))
    var snapshot = FleetSnapshot(
      contextName: facts.contextName, platformName: facts.platformName, asOf: facts.asOf)
    snapshot.recording = facts.recording
    snapshot.incident = facts.incident
    snapshot.workloads = rows
    snapshot.workloadCount = rows.count
    snapshot.scalingEvents = work.events
    snapshot.activities = facts.activities
    finish(&snapshot, work, findings, priced)
    return snapshot
  }

  /// The fleet a while later: only what time can change, or what was touched, is judged anew.
  ///
  /// `madeAt` is when the snapshot was judged. The result equals `snapshot(from:now:)`; of a large
  /// fleet at rest it costs a small part of it.
  package func rejudged(
    _ snapshot: FleetSnapshot, madeAt: Date, touched: Touched, from facts: FleetFacts, now: Date
  ) -> FleetSnapshot {
    guard !facts.recording.isGap, !touched.everything else {
      return self.snapshot(from: facts, now: now)
    }
    let priced = PricedFacts(facts, rates: rules.money.rates)
    let work = FleetJudgement(
      facts: priced.facts, rules: rules, now: now,
      known: touched.accelerators ? nil : (snapshot.accelerators, madeAt))
    guard work.living.count == snapshot.workloads.count else {
      return self.snapshot(from: facts, now: now)
    }
    var snapshot = snapshot
    var findings: [Finding] = []
    var isReordered = false
    let observedAt = work.observedAt
    for index in snapshot.workloads.indices {
      let id = snapshot.workloads[index].id
      guard let number = work.numbers[id] else { return self.snapshot(from: facts, now: now) }
      guard
        touched.workloads.contains(id)
          || work.isBoundToTime(snapshot.workloads[index], number: Int(number))
      else {
        snapshot.workloads[index].observedAt = observedAt
        continue
      }
      let (row, found) = work.judge(Int(number))
      let before = snapshot.workloads[index]
      isReordered =
        isReordered || row.condition != before.condition || row.hourlyCost != before.hourlyCost
        || row.name != before.name
      snapshot.workloads[index] = row
      findings += found
    }
    if isReordered {
      snapshot.workloads.permute(into: Self.ranked(snapshot.workloads))
    }
    snapshot.asOf = facts.asOf
    snapshot.incident = facts.incident
    snapshot.scalingEvents = work.events
    snapshot.activities = facts.activities
    finish(&snapshot, work, findings, priced)
    return snapshot
  }

  private func finish(
    _ snapshot: inout FleetSnapshot, _ work: FleetJudgement, _ findings: [Finding],
    _ priced: PricedFacts
  ) {
    let facts = work.facts
    snapshot.counts = [:]
    for row in snapshot.workloads { snapshot.counts[row.condition, default: 0] += 1 }
    snapshot.accelerators = work.accelerators
    snapshot.costs = work.costs.overview(
      facts: facts, idle: idleByRegion(work.accelerators.rows),
      idleTotal: work.accelerators.idlePerHour, now: work.now)
    snapshot.costs.fixedRate = priced.rate
    snapshot.costs.budgets =
      BudgetRules(
        priced: priced, budgets: rules.money.budgets, meter: snapshot.costs.meter, now: work.now
      ).states
    let ofTheWhole =
      FindingRules(facts: facts, rules: rules, now: work.now).ofTheWhole()
      + BudgetRules.findings(snapshot.costs.budgets) + priced.findings
    snapshot.findings = FindingRules.ranked(findings + ofTheWhole)
    snapshot.day = DayTrendRules(facts: facts, now: work.now)
      .trend(events: snapshot.scalingEvents, findings: snapshot.findings)
    snapshot.sync = facts.sync
    snapshot.journal = facts.journal
    snapshot.policy =
      rules.policies.policies.isEmpty
      ? nil : PolicySummary(hasResidency: rules.policies.hasResidency)
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

  private func idleByRegion(_ rows: [AcceleratorRow]) -> [RegionID: Money] {
    var sums: [RegionID: Money] = [:]
    // By place: to look at a row through a copy is dear.
    for place in rows.indices where rows[place].use.isIdle {
      guard let region = rows[place].region, let cost = rows[place].hourlyCost else { continue }
      sums[region] = sums[region]?.adding(cost) ?? cost
    }
    return sums
  }
}
