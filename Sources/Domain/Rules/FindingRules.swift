import FoundationEssentials

/// Says what is wrong or wasteful, worst first, from rows that are already judged.
struct FindingRules {
  let facts: FleetFacts
  let rules: Rulebook
  let now: Date

  /// XID codes that mean the card, not the program on it: drain the node.
  static func isHardware(_ code: Int?) -> Bool {
    guard let code else { return false }
    return [48, 63, 64, 74, 79, 94, 95, 119].contains(code)
  }

  struct Subject {
    var row: WorkloadRow
    var accelerators: [AcceleratorRow]
    var replicas: [Replica]
    var reversals: Int
    var pinnedSince: Date?
    var idleSince: Date?
  }

  /// Findings that are about no single workload.
  func ofTheWhole() -> [Finding] {
    Self.stale(facts.sync, now: now) + unknownOutcomes() + policyDefect()
  }

  static func ranked(_ findings: [Finding]) -> [Finding] {
    findings.sorted { left, right in
      if left.severity != right.severity { return left.severity < right.severity }
      let leftRank = rank(left.kind)
      let rightRank = rank(right.kind)
      if leftRank != rightRank { return leftRank < rightRank }
      let leftBurnt = left.burnt?.amount ?? 0
      let rightBurnt = right.burnt?.amount ?? 0
      return leftBurnt != rightBurnt ? leftBurnt > rightBurnt : left.id < right.id
    }
  }

  private static func rank(_ kind: Finding.Kind) -> Int {
    switch kind {
    case .policyDefect: 0
    case .failingRollout: 1
    case .unhealthy: 2
    case .residency: 3
    case .unknownOutcome: 4
    case .budget: 5
    case .acceleratorErrors: 6
    case .flapping: 7
    case .pinnedAtMaximum: 8
    case .idleAccelerators: 9
    case .staleSource: 10
    case .currency: 11
    }
  }

  func findings(of subject: Subject) -> [Finding] {
    let row = subject.row
    var result: [Finding] = []
    let count = Formatting.replicas(row.replicas)
    if let rollout = row.rollout, rollout.isFailing {
      let words = Formatting.age(from: rollout.since, to: now)
      result.append(
        make(
          .failingRollout, .critical, row,
          "\(count) ready \(words), rollout failed" + cause(subject),
          since: rollout.since, remedy: .rollBack))
    } else if row.condition == .critical {
      result.append(
        make(
          .unhealthy, .critical, row,
          "\(count) ready, \(row.statusText.lowercased())" + cause(subject),
          since: nil, remedy: .open))
    }
    if let finding = residency(row) { result.append(finding) }
    if subject.reversals >= ScalingAnalysis.flappingAt {
      result.append(
        make(
          .flapping, .warning, row, "flapping: \(subject.reversals) reversals/20m", since: nil,
          remedy: .open))
    }
    if let since = subject.pinnedSince {
      result.append(
        make(
          .pinnedAtMaximum, .warning, row,
          "pinned at max \(row.replicas.ready) for \(Formatting.age(from: since, to: now))",
          since: since, remedy: .scale))
    }
    let broken = subject.accelerators.filter { Self.isHardware($0.sample.errorCode) }
    if let first = broken.first, let code = first.sample.errorCode {
      result.append(
        make(
          .acceleratorErrors, .warning, row,
          "XID \(code) on \(broken.count) GPU, \(first.sample.host ?? "host not known")",
          since: nil, remedy: .open))
    }
    if let since = subject.idleSince { result.append(idle(subject, since: since)) }
    return result
  }

  /// Where it is and must not be; the region is the first such.
  private func residency(_ row: WorkloadRow) -> Finding? {
    guard let residency = row.residency, let first = residency.outside.first else { return nil }
    let places = residency.outside.map(rules.policies.jurisdictions.text).joined(separator: ", ")
    return Finding(
      id: "residency/\(row.id)", severity: .critical, kind: .residency, workloadID: row.id,
      subject: row.name, region: first,
      summary: "outside \(residency.place): \(places), policy '\(residency.policy)'", since: nil,
      burnt: nil, remedy: .open)
  }

  private func policyDefect() -> [Finding] {
    guard let sentence = rules.policies.defectSentence else { return [] }
    return [
      Finding(
        id: "policy_defect", severity: .critical, kind: .policyDefect, workloadID: nil,
        subject: "policies", region: nil, summary: sentence, since: nil, burnt: nil,
        remedy: .refresh)
    ]
  }

  private func idle(_ subject: Subject, since: Date) -> Finding {
    let hours = Decimal(Int(now.timeIntervalSince(since))) / 3600
    let rate = Money.total(subject.accelerators.compactMap(\.hourlyCost))
    let burnt = rate?.multiplied(by: hours)
    let model = subject.accelerators.first?.sample.model ?? "GPU"
    let money = burnt.map { " = \($0.currency.code) \($0.formatted()) burnt" } ?? ""
    let age = Formatting.age(from: since, to: now)
    let summary = "\(subject.accelerators.count)x\(model) idle \(age)\(money)"
    return Finding(
      id: "idle_accelerators/\(subject.row.id)", severity: .warning, kind: .idleAccelerators,
      workloadID: subject.row.id, subject: subject.row.name,
      region: subject.row.regions.first?.region, summary: summary, since: since, burnt: burnt,
      remedy: .scale)
  }

  private func cause(_ subject: Subject) -> String {
    if let id = subject.row.rollout?.revisionID, let said = facts.revisions[id]?.messages.last {
      return ": " + said
    }
    let texts = subject.replicas.lazy.filter { $0.status == .unhealthy || $0.status == .error }
      .compactMap(\.messages.first)
    guard let first = texts.first else { return "" }
    return ": " + first
  }

  private func make(
    _ kind: Finding.Kind, _ severity: Finding.Severity, _ row: WorkloadRow, _ summary: String,
    since: Date?, remedy: Finding.Remedy
  ) -> Finding {
    Finding(
      id: "\(kind.rawValue)/\(row.id)", severity: severity, kind: kind, workloadID: row.id,
      subject: row.name, region: row.regions.first?.region, summary: summary, since: since,
      burnt: nil, remedy: remedy)
  }

  /// Sources whose data is old, and why.
  ///
  /// Lists that failed for the same reason are one finding: one network is one trouble.
  static func stale(_ sync: [SyncState], now: Date) -> [Finding] {
    let failing = sync.filter { $0.isStale(at: now) && $0.failure != nil }
    let groups = Dictionary(grouping: failing) { $0.failure ?? "" }
    return groups.map { failure, states in
      let first = states.first { $0.resource == .workloads } ?? states[0]
      let oldest = states.compactMap(\.completedAt).min()
      let age = oldest.map { "data \(Formatting.age(from: $0, to: now)) old" } ?? "no data yet"
      let retry = states.compactMap(\.retryAt).min().map {
        ", retrying in \(Formatting.age(seconds: max(0, $0.timeIntervalSince(now))))"
      }
      let others = states.count > 1 ? " and \(states.count - 1) more" : ""
      return Finding(
        id: "stale_source/\(first.resource.rawValue)",
        severity: first.resource == .workloads ? .warning : .information, kind: .staleSource,
        workloadID: nil, subject: first.resource.rawValue + others, region: nil,
        summary: age + (retry ?? "") + ": " + failure, since: first.completedAt,
        burnt: nil, remedy: .refresh)
    }
  }

  private func unknownOutcomes() -> [Finding] {
    facts.journal.compactMap { entry in
      guard case .unknown(let reason) = entry.outcome else { return nil }
      guard now.timeIntervalSince(entry.at) < 86_400 else { return nil }
      return Finding(
        id: "unknown_outcome/\(entry.id)", severity: .warning, kind: .unknownOutcome,
        workloadID: entry.workloadID, subject: entry.workloadName, region: nil,
        summary: "\(entry.request.verb) \(entry.summary): outcome not known, \(reason)",
        since: entry.at, burnt: nil, remedy: .open)
    }
  }
}
