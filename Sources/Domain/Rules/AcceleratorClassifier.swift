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
    var costs: [Int64] = []
    costs.reserveCapacity(facts.accelerators.count)
    var rows = facts.accelerators.map { accelerator in
      let sample = accelerator.latest
      let replica = sample.attribution.replica.flatMap { holders[$0] }
      var owner = replica?.workloadID
      if owner == nil, let text = sample.attribution.workload {
        let id = WorkloadID(text)
        owner = numbers[id] != nil ? id : named[text].map { workloads[Int($0)].id }
      }
      let use = classify(accelerator, isHeld: owner != nil || sample.attribution.replica != nil)
      let price = replica.flatMap { prices.perAccelerator($0.type) }
      costs.append(price?.rank ?? 0)
      return AcceleratorRow(
        sample: sample, use: use, workloadID: owner,
        workloadName: owner.flatMap { numbers[$0] }.map { workloads[Int($0)].name },
        region: replica?.region ?? sample.attribution.region.map { RegionID($0) },
        idleSince: use.isIdle ? accelerator.idleSince : nil,
        hourlyCost: price?.amount,
        history: accelerator.history)
    }
    Self.rank(&rows, costs: costs)
    overview.rows = rows
    overview.groups = groups(rows)
    overview.idlePerHour = Money.total(
      rows.indices.lazy.filter { rows[$0].idleSince != nil || rows[$0].use.isIdle }
        .compactMap { rows[$0].hourlyCost })
    for (type, count) in ReplicaCensus(facts.replicas).byType {
      guard let gpu = facts.catalogue.types[type]?.accelerator else { continue }
      overview.allocated[gpu.model, default: 0] += gpu.count * count
    }
    return overview
  }

  /// Samples that still say something of now.
  var freshCount: Int {
    let limit = freshness
    return facts.accelerators.count { now.timeIntervalSince($0.latest.sampledAt) <= limit }
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

  /// Most wasteful first: idle before busy, dearest first; then by name.
  ///
  /// Small keys are sorted, then rows moved once: a row is dear to move, and even to look at.
  private static func rank(_ rows: inout [AcceleratorRow], costs: [Int64]) {
    struct Rank {
      var use: Int
      var cost: Int64
      /// The place of the workload's name among all.
      var name: Int32
      var index: Int32
    }
    let names = Set(rows.indices.map { rows[$0].workloadName ?? "" }).sorted()
    let numbers = Dictionary(
      names.enumerated().map { ($1, Int32($0)) }, uniquingKeysWith: { first, _ in first })
    let identifiers = rows.indices.map { rows[$0].sample.id }
    var ranks = rows.indices.map { index in
      Rank(
        use: waste(rows[index].use), cost: costs[index],
        name: numbers[rows[index].workloadName ?? ""] ?? 0, index: Int32(index))
    }
    ranks.sort { left, right in
      if left.use != right.use { return left.use < right.use }
      if left.cost != right.cost { return left.cost > right.cost }
      if left.name != right.name { return left.name < right.name }
      return identifiers[Int(left.index)] < identifiers[Int(right.index)]
    }
    rows.permute(into: ranks.map(\.index))
  }

  private static func waste(_ use: AcceleratorUse) -> Int {
    switch use {
    case .loadedIdle, .idle: 0
    case .unknown: 1
    case .empty: 2
    case .busy: 3
    }
  }

  private func groups(_ rows: [AcceleratorRow]) -> [AcceleratorGroup] {
    Dictionary(grouping: rows.indices, by: { rows[$0].sample.model }).map { model, members in
      var counts: [AcceleratorUse: Int] = [:]
      for member in members { counts[rows[member].use, default: 0] += 1 }
      let known = members.filter { rows[$0].use != .unknown }
        .compactMap { rows[$0].sample.utilization?.value }
      let mean = known.isEmpty ? nil : Ratio(known.reduce(0, +) / Double(known.count))
      return AcceleratorGroup(
        model: model, counts: counts, utilization: mean,
        history: History.mean(of: members.compactMap { rows[$0].history }),
        idlePerHour: Money.total(
          members.lazy.filter { rows[$0].use.isIdle }.compactMap { rows[$0].hourlyCost }))
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
      for place in replicas.indices where named.contains(replicas[place].id) {
        if places[replicas[place].id] == nil { places[replicas[place].id] = Int32(place) }
      }
    }

    subscript(name: String) -> Replica? {
      places[ReplicaID(name)].map { replicas[Int($0)] }
    }
  }

  /// A GPU's share of its replica's price, worked out once per type.
  private struct Prices {
    struct Price {
      var amount: Money
      var rank: Int64
    }

    private let perAccelerator: [InstanceTypeID: Price]

    init(facts: FleetFacts) {
      perAccelerator = facts.catalogue.types.compactMapValues { type in
        guard let gpu = type.accelerator, gpu.count > 0 else { return nil }
        let amount = type.pricePerHour?.multiplied(by: 1 / Decimal(gpu.count))
        return amount.map { Price(amount: $0, rank: $0.rank) }
      }
    }

    func perAccelerator(_ type: InstanceTypeID) -> Price? { perAccelerator[type] }
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
