import FoundationEssentials

/// The facts of one instant, joined once, and the judgement of one workload after another.
struct FleetJudgement {
  let facts: FleetFacts
  let now: Date
  let costs: CostModel
  /// All that are not deleted.
  let living: [Workload]
  /// Places in `living`.
  let numbers: [WorkloadID: Int32]
  let accelerators: AcceleratorOverview
  /// Newest first, with likely reasons.
  let events: [ScalingEvent]
  let observedAt: Date?
  private let appNames: [AppID: String]
  private let replicaPlaces: WorkloadPlaces
  private let acceleratorPlaces: WorkloadPlaces
  private let eventPlaces: WorkloadPlaces
  private let rules: WorkloadRules
  private let findingRules: FindingRules
  private let policies: PolicyBook

  /// `known` is the GPU pane of the same samples and replicas at an earlier instant.
  init(
    facts: FleetFacts, rules book: Rulebook, now: Date,
    known: (overview: AcceleratorOverview, madeAt: Date)? = nil
  ) {
    self.facts = facts
    self.now = now
    let living = facts.workloads.filter { $0.status != .deleted }
    let numbers = Dictionary(
      living.enumerated().map { ($1.id, Int32($0)) }, uniquingKeysWith: { $1 })
    let events = Self.explained(facts, living, numbers)
    let accelerators = Self.overview(facts, living, numbers, now: now, known: known)
    self.living = living
    self.numbers = numbers
    self.events = events
    self.accelerators = accelerators
    appNames = Dictionary(facts.apps.map { ($0.id, $0.name) }, uniquingKeysWith: { $1 })
    replicaPlaces = WorkloadPlaces(count: facts.replicas.count, numbers: numbers) {
      facts.replicas[$0].workloadID
    }
    acceleratorPlaces = WorkloadPlaces(count: accelerators.rows.count, numbers: numbers) {
      accelerators.rows[$0].workloadID
    }
    eventPlaces = WorkloadPlaces(count: events.count, numbers: numbers) { events[$0].workloadID }
    costs = CostModel(
      catalogue: facts.catalogue, jurisdictions: book.policies.jurisdictions)
    policies = book.policies
    rules = WorkloadRules(facts: facts, now: now, costs: costs)
    findingRules = FindingRules(facts: facts, rules: book, now: now)
    observedAt = facts.sync.first { $0.resource == .workloads }?.completedAt
  }

  func judge(_ number: Int) -> (row: WorkloadRow, findings: [Finding]) {
    let workload = living[number]
    let input = WorkloadRules.Input(
      workload: workload, appName: appNames[workload.appID] ?? "",
      replicas: replicaPlaces.items(number, of: facts.replicas),
      accelerators: acceleratorPlaces.items(number, of: accelerators.rows),
      events: eventPlaces.items(number, of: events))
    var row = rules.row(input)
    if policies.hasResidency { row.residency = residency(of: workload, row) }
    let findings = findingRules.findings(
      of: FindingRules.Subject(
        row: row, accelerators: input.accelerators, replicas: input.replicas,
        reversals: ScalingAnalysis.reversals(in: input.events, now: now),
        pinnedSince: rules.pinnedSince(row, events: input.events),
        idleSince: rules.idleSince(input.accelerators)))
    return (row, findings)
  }

  private func residency(of workload: Workload, _ row: WorkloadRow) -> Residency? {
    policies.residency(
      of: WorkloadSubject(
        context: facts.contextName, app: row.appName, workload: row.name, labels: workload.labels),
      in: row.regions.map(\.region))
  }

  /// Whether a row may come out otherwise at another time from the same facts: it has GPUs, whose
  /// samples grow old and whose idleness grows, or events, or something is not as it should be.
  func isBoundToTime(_ row: WorkloadRow, number: Int) -> Bool {
    switch row.condition {
    case .healthy, .asleep, .paused: break
    case .critical, .warning, .unknown, .idle: return true
    }
    // Its finding is made anew with each picture.
    if row.residency?.outside.isEmpty == false { return true }
    return row.rollout != nil || row.replicas.ready != row.replicas.desired
      || row.utilization != nil || row.utilizationHistory != nil
      || !acceleratorPlaces.isEmpty(number) || !eventPlaces.isEmpty(number)
  }

  private static func overview(
    _ facts: FleetFacts, _ living: [Workload], _ numbers: [WorkloadID: Int32], now: Date,
    known: (overview: AcceleratorOverview, madeAt: Date)?
  ) -> AcceleratorOverview {
    let classifier = AcceleratorClassifier(facts: facts, now: now)
    // Between two instants a sample changes its use only by growing too old.
    guard let known,
      AcceleratorClassifier(facts: facts, now: known.madeAt).freshCount == classifier.freshCount
    else { return classifier.overview(workloads: living, numbers: numbers) }
    var overview = known.overview
    overview.source = facts.metricsSource
    return overview
  }

  /// Adds a likely reason to the autoscaler's own events; the platform gives none.
  private static func explained(
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
