import FoundationEssentials

/// Tells busy, idle, loaded-but-idle and empty apart, and who holds each GPU.
struct AcceleratorClassifier {
  /// Below this share of its time a GPU counts as idle.
  static let idleThreshold = 0.05
  /// Above this share of its memory a model is taken to be loaded.
  static let loadedThreshold = 0.2
  /// A sample older than this says nothing of now.
  ///
  /// A source that is read less often is given twice its interval.
  private var freshness: Double {
    let interval = facts.sync.first { $0.resource == .accelerators }?.interval
    return max(90, Double(interval?.components.seconds ?? 0) * 2 + 30)
  }

  let facts: FleetFacts
  let now: Date

  /// `numbers` tell the places of `workloads` by identifier.
  func overview(
    workloads: [Workload], numbers: [WorkloadID: Int32]
  ) -> AcceleratorOverview {
    var overview = AcceleratorOverview(source: facts.metricsSource)
    let holders = Holders(facts)
    let named = Dictionary(
      workloads.enumerated().map { ($1.name, Int32($0)) }, uniquingKeysWith: { first, _ in first })
    let prices = Prices(facts: facts)
    let rows = facts.accelerators.map { accelerator in
      let sample = accelerator.latest
      let replica = sample.attribution.replica.flatMap { holders[$0] }
      var owner = replica?.workloadID
      if owner == nil, let text = sample.attribution.workload {
        let id = WorkloadID(text)
        owner = numbers[id] != nil ? id : named[text].map { workloads[Int($0)].id }
      }
      let use = classify(accelerator, isHeld: owner != nil || sample.attribution.replica != nil)
      let isIdle = use == .idle || use == .loadedIdle
      return AcceleratorRow(
        sample: sample, use: use, workloadID: owner,
        workloadName: owner.flatMap { numbers[$0] }.map { workloads[Int($0)].name },
        region: replica?.region ?? sample.attribution.region.map { RegionID($0) },
        idleSince: isIdle ? accelerator.idleSince : nil,
        hourlyCost: replica.flatMap { prices.perAccelerator($0.type) },
        history: accelerator.history)
    }
    // Places are sorted, then rows moved once: a row is dear to move.
    overview.rows = rows.indices.sorted { Self.isMoreWasteful(rows[$0], rows[$1]) }.map { rows[$0] }
    overview.groups = groups(overview.rows)
    overview.idlePerHour = Money.total(
      overview.rows.lazy.filter { $0.idleSince != nil || $0.use == .idle || $0.use == .loadedIdle }
        .compactMap(\.hourlyCost))
    for (type, count) in ReplicaCensus(facts.replicas).byType {
      guard let gpu = facts.catalogue.types[type]?.accelerator else { continue }
      overview.allocated[gpu.model, default: 0] += gpu.count * count
    }
    return overview
  }

  func classify(_ accelerator: FleetFacts.Accelerator, isHeld: Bool) -> AcceleratorUse {
    let sample = accelerator.latest
    guard now.timeIntervalSince(sample.sampledAt) <= freshness,
      let utilization = sample.utilization
    else { return .unknown }
    if !isHeld { return .empty }
    if utilization.value >= Self.idleThreshold { return .busy }
    guard let used = sample.memoryUsed, let total = sample.memoryTotal, total.count > 0 else {
      return .idle
    }
    return Double(used.count) / Double(total.count) >= Self.loadedThreshold ? .loadedIdle : .idle
  }

  /// Most wasteful first: idle before busy, dearest and longest first; then by name.
  private static func isMoreWasteful(_ left: AcceleratorRow, _ right: AcceleratorRow) -> Bool {
    let order: [AcceleratorUse] = [.loadedIdle, .idle, .unknown, .empty, .busy]
    let leftRank = order.firstIndex(of: left.use) ?? 0
    let rightRank = order.firstIndex(of: right.use) ?? 0
    let leftClass = leftRank <= 1 ? 0 : leftRank
    let rightClass = rightRank <= 1 ? 0 : rightRank
    if leftClass != rightClass { return leftClass < rightClass }
    let leftCost = left.hourlyCost?.amount ?? 0
    let rightCost = right.hourlyCost?.amount ?? 0
    if leftCost != rightCost { return leftCost > rightCost }
    let leftName = left.workloadName ?? ""
    let rightName = right.workloadName ?? ""
    return leftName != rightName ? leftName < rightName : left.sample.id < right.sample.id
  }

  private func groups(_ rows: [AcceleratorRow]) -> [AcceleratorGroup] {
    Dictionary(grouping: rows, by: \.sample.model).map { model, rows in
      var counts: [AcceleratorUse: Int] = [:]
      for row in rows { counts[row.use, default: 0] += 1 }
      let known = rows.filter { $0.use != .unknown }.compactMap { $0.sample.utilization?.value }
      let mean = known.isEmpty ? nil : Ratio(known.reduce(0, +) / Double(known.count))
      let idle = rows.lazy.filter { $0.use == .idle || $0.use == .loadedIdle }
      return AcceleratorGroup(
        model: model, counts: counts, utilization: mean,
        history: History.mean(of: rows.compactMap(\.history)),
        idlePerHour: Money.total(idle.compactMap(\.hourlyCost)))
    }.sorted { $0.total != $1.total ? $0.total > $1.total : $0.model < $1.model }
  }

  /// The replicas that any GPU names; of a large fleet these are few.
  private struct Holders {
    private let replicas: [Replica]
    private var places: [ReplicaID: Int32] = [:]

    init(_ facts: FleetFacts) {
      replicas = facts.replicas
      let named = Set(
        facts.accelerators.compactMap { $0.latest.attribution.replica.map { ReplicaID($0) } })
      guard !named.isEmpty else { return }
      places.reserveCapacity(named.count)
      for (place, replica) in replicas.enumerated() where named.contains(replica.id) {
        if places[replica.id] == nil { places[replica.id] = Int32(place) }
      }
    }

    subscript(name: String) -> Replica? {
      places[ReplicaID(name)].map { replicas[Int($0)] }
    }
  }

  /// A GPU's share of its replica's price, worked out once per type.
  private struct Prices {
    private let perAccelerator: [InstanceTypeID: Money]

    init(facts: FleetFacts) {
      perAccelerator = facts.catalogue.types.compactMapValues { type in
        guard let gpu = type.accelerator, gpu.count > 0 else { return nil }
        return type.pricePerHour?.multiplied(by: 1 / Decimal(gpu.count))
      }
    }

    func perAccelerator(_ type: InstanceTypeID) -> Money? { perAccelerator[type] }
  }
}

extension History {
  /// The mean of several histories, place by place from the newest; a gap only where all have one.
  package static func mean(of histories: [History]) -> History? {
    guard let first = histories.first else { return nil }
    if histories.count == 1 { return first }
    let end = histories.map(\.end).max() ?? first.end
    let length = histories.map(\.count).max() ?? 0
    let step = max(1, Double(first.step.components.seconds))
    var sums = [Double](repeating: 0, count: length)
    var counts = [Int](repeating: 0, count: length)
    for history in histories {
      let late = Int((end.timeIntervalSince(history.end) / step).rounded())
      for index in 0..<history.count {
        let place = length - history.count + index - late
        guard place >= 0, let value = history[index] else { continue }
        sums[place] += value
        counts[place] += 1
      }
    }
    return History(
      step: first.step, end: end,
      values: zip(sums, counts).map { $1 == 0 ? nil : $0 / Double($1) })
  }
}
