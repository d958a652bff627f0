import FoundationEssentials

/// Works out one workload's row from facts that are already indexed.
struct WorkloadRules {
  let facts: FleetFacts
  let now: Date
  let costs: CostModel
  private let observedAt: Date?

  init(facts: FleetFacts, now: Date, costs: CostModel) {
    self.facts = facts
    self.now = now
    self.costs = costs
    observedAt = facts.sync.first { $0.resource == .workloads }?.completedAt
  }

  /// Replicas that should be ready and are not are worth a warning after so long.
  static let readyGrace: Double = 120
  /// GPUs without work for so long make a workload idle.
  static let idleAfter: Double = 600

  struct Input {
    var workload: Workload
    var appName: String
    var replicas: [Replica]
    var accelerators: [AcceleratorRow]
    var events: [ScalingEvent]
  }

  func row(_ input: Input) -> WorkloadRow {
    let workload = input.workload
    let active = workload.activeRevisionID.flatMap { facts.revisions[$0] }
    let latest = workload.latestRevisionID.flatMap { facts.revisions[$0] }
    let current = latest.map { $0.status == .stashed ? active ?? $0 : $0 } ?? active
    let regions = regionStates(input, definition: (active ?? current)?.definition)
    let ready = regions.reduce(0) { $0 + $1.replicas.ready }
    let desired = regions.reduce(into: Int?.some(0)) { sum, state in
      sum = sum.flatMap { total in state.replicas.desired.map { total + $0 } }
    }
    let traffic = facts.traffic[workload.id]
    let type = (active ?? current)?.definition.types.first?.type ?? input.replicas.first?.type
    let machine = type.map { facts.catalogue.types[$0]?.shortName ?? $0.rawValue }
    let known = input.accelerators.filter { $0.use != .unknown }
    let load = known.compactMap { $0.sample.utilization?.value }
    var row = WorkloadRow(
      id: workload.id, appName: input.appName, name: workload.name, kind: workload.kind,
      condition: .healthy, statusText: workload.statusText, note: "", regions: regions,
      replicas: ReplicaCount(ready: ready, desired: regions.isEmpty ? nil : desired),
      machine: workload.kind == .database ? nil : machine,
      usesAccelerator: type.flatMap { facts.catalogue.types[$0]?.accelerator } != nil,
      utilization: load.isEmpty ? nil : Ratio(load.reduce(0, +) / Double(load.count)),
      utilizationHistory: History.mean(of: input.accelerators.compactMap(\.history)),
      requestsPerSecond: traffic?.latest.requestsPerSecond, requestsHistory: traffic?.requests,
      latencyP99: traffic?.latest.latencyP99,
      hourlyCost: workload.kind == .database ? nil : costs.perHour(of: input.replicas),
      revisionID: active?.id ?? workload.activeRevisionID,
      revisionCreatedAt: active?.createdAt,
      rollout: rollout(input, current, active: active, ready: ready, desired: desired),
      observedAt: observedAt)
    judge(&row, input: input, current: current)
    return row
  }

  private func regionStates(_ input: Input, definition: Definition?) -> [RegionState] {
    guard input.workload.kind != .database else { return [] }
    let overrides = facts.overrides[input.workload.id] ?? []
    var regions = definition?.regions ?? []
    let named = regions.count
    for replica in input.replicas where !regions.contains(replica.region) {
      regions.append(replica.region)
    }
    if regions.count > named + 1 { regions[named...].sort() }
    let isAlone = regions.count == 1
    let isOff = [.paused, .pausing, .deleted, .deleting].contains(input.workload.status)
    return regions.map { region in
      let replicas = isAlone ? input.replicas : input.replicas.filter { $0.region == region }
      let ready = replicas.count { $0.status == .healthy }
      let override = ScalingOverride.value(for: region, in: overrides)
      let scaling = definition?.scaling(in: region)
      let running = replicas.count { isCounted($0, active: input.workload.activeRevisionID) }
      let isAsleep = running == 0 && (scaling?.minimum == 0)
      // With a range the platform does not say what it wants: what runs is what it decided on,
      // never less than the minimum.
      let desired: Int? =
        isOff || isAsleep
        ? 0 : override ?? scaling.map { max($0.minimum, min(running, $0.maximum)) }
      return RegionState(
        region: region, replicas: ReplicaCount(ready: ready, desired: desired),
        minimum: scaling?.minimum, maximum: scaling?.maximum, override: override,
        hourlyCost: costs.perHour(of: replicas))
    }
  }

  /// Replicas of a rollout that is not active yet are no part of what is wanted now.
  private func isCounted(_ replica: Replica, active: RevisionID?) -> Bool {
    if let own = replica.revisionID, let active, own != active { return false }
    switch replica.status {
    case .healthy, .starting, .allocating, .unhealthy: return true
    case .stopping, .stopped, .error, .sleeping, .unknown: return false
    }
  }

  private func rollout(
    _ input: Input, _ current: Revision?, active: Revision?, ready: Int, desired: Int?
  ) -> Rollout? {
    guard let current, current.id != active?.id || current.status.isRollingOut else { return nil }
    // What somebody cancelled is over, and nothing is wrong with what serves.
    let isFailed = current.status.isFailed && current.status != .canceled
    guard current.status.isRollingOut || isFailed else { return nil }
    let own = input.replicas.lazy.filter { $0.revisionID == current.id }
    return Rollout(
      revisionID: current.id, statusText: current.statusText, since: current.createdAt,
      ready: own.count { $0.status == .healthy }, desired: desired,
      isFailing: isFailed)
  }

  private func judge(_ row: inout WorkloadRow, input: Input, current: Revision?) {
    let workload = input.workload
    let reversals = ScalingAnalysis.reversals(in: input.events, now: now)
    let isShort = row.replicas.desired.map { row.replicas.ready < $0 } ?? false
    let changedAt = workload.updatedAt ?? .distantPast
    switch workload.status {
    case .paused, .pausing: return set(&row, .paused, "paused")
    case .unhealthy: return set(&row, .critical, "unhealthy")
    case .degraded: return set(&row, .critical, current?.status == .error ? "crashed" : "failing")
    case .unknown: return set(&row, .unknown, workload.statusText.lowercased())
    case .starting, .healthy, .deleting, .deleted, .resuming: break
    }
    if row.rollout?.isFailing == true { return set(&row, .critical, "failing") }
    if workload.kind == .database { return set(&row, .healthy, "database") }
    if let rollout = row.rollout {
      let isLong = now.timeIntervalSince(rollout.since) > 900
      return set(&row, isLong ? .warning : .healthy, "deploying")
    }
    let isHurt = input.replicas.contains { $0.status == .unhealthy || $0.status == .error }
    if row.replicas.ready == 0, (row.replicas.desired ?? 0) > 0,
      now.timeIntervalSince(changedAt) > Self.readyGrace
    {
      return set(&row, .critical, "none ready")
    }
    if isHurt { return set(&row, .warning, "unhealthy rep.") }
    if input.accelerators.contains(where: { FindingRules.isHardware($0.sample.errorCode) }) {
      return set(&row, .warning, "GPU error")
    }
    if reversals >= ScalingAnalysis.flappingAt { return set(&row, .warning, "flapping") }
    if pinnedSince(row, events: input.events) != nil { return set(&row, .warning, "pinned max") }
    let hasOverride = row.regions.contains { $0.override != nil }
    if (row.replicas.desired == 0 || current?.status == .sleeping), row.replicas.ready == 0 {
      return set(&row, .asleep, "asleep")
    }
    if let since = idleSince(input.accelerators) {
      return set(&row, .idle, "idle " + Formatting.age(from: since, to: now))
    }
    if isShort { return set(&row, .healthy, hasOverride ? "scaling" : "starting") }
    set(&row, .healthy, hasOverride ? "override" : "")
  }

  private func set(_ row: inout WorkloadRow, _ condition: Condition, _ note: String) {
    row.condition = condition
    row.note = note
  }

  /// Since when every GPU of the workload has been idle; nil when one works or is not known.
  func idleSince(_ accelerators: [AcceleratorRow]) -> Date? {
    guard !accelerators.isEmpty else { return nil }
    var latest: Date?
    for row in accelerators {
      guard row.use.isIdle, let since = row.idleSince else {
        return nil
      }
      latest = max(latest ?? since, since)
    }
    guard let latest, now.timeIntervalSince(latest) >= Self.idleAfter else { return nil }
    return latest
  }

  /// Since when a workload with room to scale has had all that it may have.
  func pinnedSince(_ row: WorkloadRow, events: [ScalingEvent]) -> Date? {
    for state in row.regions {
      guard let minimum = state.minimum, let maximum = state.maximum, maximum > minimum,
        state.override == nil, state.replicas.ready >= maximum
      else { continue }
      let last = events.first { $0.region == state.region && $0.to == maximum }
      guard let at = last?.at, now.timeIntervalSince(at) >= ScalingAnalysis.pinnedAfter else {
        continue
      }
      return at
    }
    return nil
  }
}

extension ScalingOverride {
  /// The count that holds in a region: an entry that names it beats one for all.
  package static func value(for region: RegionID, in overrides: [ScalingOverride]) -> Int? {
    (overrides.first { $0.regions.contains(region) } ?? overrides.first { $0.regions.isEmpty })?
      .replicas
  }
}
