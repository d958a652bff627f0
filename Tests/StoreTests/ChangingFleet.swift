import Domain
import Foundation

@testable import Store

/// A fleet of which one random thing after another changes, as a writer would be told of it.
struct ChangingFleet {
  let store: Store
  private var state: UInt64
  private(set) var now: Date
  private var version: UInt64 = 0
  private var sampleAt: Date

  init(store: Store, seed: UInt64, start: Date) {
    self.store = store
    state = seed
    now = start
    sampleAt = start
  }

  mutating func random(_ limit: Int) -> Int {
    state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
    return Int(state >> 33) % limit
  }

  mutating func change() throws {
    // Once in a while the clock is set back.
    now = now.addingTimeInterval(random(20) == 0 ? -3 : Double(random(4000)) / 1000)
    version += 1
    let id = WorkloadID("w\(random(6))")
    switch random(13) {
    case 0...2: try changeWorkload(id)
    case 3: try store.markGone([ObjectID(id)], of: .workloads, at: now)
    case 4, 5: try changeRevision(id)
    case 6: try changeReplica(id)
    case 7: try store.markGone([ObjectID("r\(random(9))")], of: .replicas, at: now)
    case 8:
      let override = ScalingOverride(regions: [RegionID("fra")], replicas: random(4))
      try store.setOverrides([override], of: id, at: now)
    case 9: try addToFeed(id)
    case 10:
      try store.record(traffic: [
        TrafficSample(
          workloadID: id, sampledAt: now.addingTimeInterval(-Double(random(200))),
          requestsPerSecond: Double(random(90)), latencyP50: nil, latencyP99: Milliseconds(9),
          processor: nil, memory: nil)
      ])
    case 11: try addSamples()
    default: try addOthers(id)
    }
  }

  private mutating func changeWorkload(_ id: WorkloadID) throws {
    let active = RevisionID("\(id.rawValue)-\(random(3))")
    let latest = RevisionID("\(id.rawValue)-\(random(3))")
    try store.apply(
      .workloads([
        Self.workload(
          id.rawValue, version: version, name: "n\(random(9))", active: active, latest: latest)
      ]), observedAt: now)
  }

  private mutating func changeRevision(_ workload: WorkloadID) throws {
    let statuses: [Revision.Status] = [.healthy, .stopped, .starting, .error]
    let id = RevisionID("\(workload.rawValue)-\(random(3))")
    try store.apply(
      .revisions([
        Revision(
          id: id, workloadID: workload, status: statuses[random(4)], statusText: "S",
          messages: [], trigger: .redeploy, author: nil, commit: nil, createdAt: now,
          startedAt: nil, succeededAt: nil, terminatedAt: nil, version: version,
          definition: Definition(
            source: .image("i"), regions: [RegionID("fra")], scalings: [], types: []))
      ]), observedAt: now)
  }

  private mutating func changeReplica(_ workload: WorkloadID) throws {
    try store.apply(
      .replicas([
        Replica(
          id: ReplicaID("r\(random(9))"), workloadID: workload,
          revisionID: RevisionID("\(workload.rawValue)-0"), region: RegionID("fra"),
          type: InstanceTypeID("t"), index: random(3),
          status: random(2) == 0 ? .healthy : .starting,
          statusText: "S\(random(5))", messages: [], datacenter: nil, createdAt: now,
          updatedAt: now)
      ]), observedAt: now)
  }

  private mutating func addToFeed(_ id: WorkloadID) throws {
    let at = now.addingTimeInterval(-Double(random(300)))
    try store.applyFeed(
      scaling: [
        ScalingEvent(
          id: "e\(version)", at: at, workloadID: id, workloadName: "n", region: nil, from: 1, to: 2,
          kind: .up, actor: .autoscaler, inferredReason: nil)
      ],
      activities: [
        Activity(
          id: "a\(version)", at: at.addingTimeInterval(0.5), verb: "v", objectType: "o",
          objectName: "n", workloadID: id, workloadName: nil, actor: nil, messages: [])
      ])
  }

  /// Every fifteen seconds; now and then one reading is missed, and a GPU is not in it.
  private mutating func addSamples() throws {
    sampleAt = sampleAt.addingTimeInterval(random(5) == 0 ? 30 : 15)
    let at = sampleAt
    let present = (0..<4).filter { _ in random(6) != 0 }
    try store.record(
      accelerators: present.map { number in
        AcceleratorSample(
          id: AcceleratorID("GPU-\(number)"), model: "H100", host: "h", index: "\(number)",
          attribution: .init(replica: "r\(random(2))", workload: nil, region: nil),
          utilization: Ratio(random(3) == 0 ? 0.01 : 0.5), signal: .smActive,
          memoryUsed: Bytes(1 << 30), memoryTotal: Bytes(80 << 30), power: Watts(300),
          temperature: Celsius(55), errorCode: nil, sampledAt: at)
      }, source: .live(host: "m", signal: .smActive, observedAt: at, warning: nil), at: at)
  }

  private mutating func addOthers(_ id: WorkloadID) throws {
    switch random(6) {
    case 0:
      try store.record(
        trend: TrendPoint(
          at: now, idlePerHour: nil, utilization: nil, ready: random(9), requestsPerSecond: nil,
          latencyP99: nil, troubled: 0))
    case 1:
      try store.setQuotas(Quotas(maximumInstances: [InstanceTypeID("t"): random(9)], readAt: now))
    case 2:
      try store.applyUsages([
        UsageRecord(
          replicaID: ReplicaID("r\(random(9))"), workloadID: id, workloadName: "n",
          region: RegionID("fra"), type: InstanceTypeID("t"),
          startedAt: now.addingTimeInterval(-500), terminatedAt: nil, duration: .seconds(400))
      ])
      try store.foldUsages(coveredUntil: now)
      try store.completeSweep(.usages, generation: -1, at: now, interval: .seconds(300))
    case 3:
      try store.apply(
        .apps([App(id: AppID("app"), name: "a\(random(9))", status: "HEALTHY")]), observedAt: now)
    default:
      try store.beginSweep(.workloads, generation: Int64(version))
      let all = try store.currentWorkloads().map { ObjectID($0.id) }
      store.noteSeen(all, of: .workloads)
      try store.completeSweep(
        .workloads, generation: Int64(version), at: now, interval: .seconds(5))
    }
  }

  static func workload(
    _ id: String, version: UInt64, name: String, active: RevisionID? = nil,
    latest: RevisionID? = nil
  ) -> Workload {
    let at = Date(timeIntervalSince1970: 1_795_500_000)
    return Workload(
      id: WorkloadID(id), appID: AppID("app"), name: name, kind: .web, status: .healthy,
      statusText: "HEALTHY", messages: [], version: version, createdAt: at, updatedAt: at,
      activeRevisionID: active, latestRevisionID: latest)
  }
}

/// Facts in an order in which they can be compared.
struct ComparableFacts {
  let facts: FleetFacts

  init(_ facts: FleetFacts) {
    var facts = facts
    facts.apps.sort { $0.id < $1.id }
    facts.workloads.sort { $0.id < $1.id }
    facts.replicas.sort { $0.id < $1.id }
    facts.scalingEvents.sort { $0.id < $1.id }
    facts.activities.sort { $0.id < $1.id }
    facts.accelerators.sort { $0.latest.id < $1.latest.id }
    facts.usages.sort { "\($0)" < "\($1)" }
    self.facts = facts
  }

  /// What differs, in a word; nil when nothing does.
  func difference(from other: ComparableFacts) -> String? {
    let (one, two) = (facts, other.facts)
    if one.apps != two.apps { return "apps" }
    if one.workloads != two.workloads { return "workloads" }
    if one.revisions != two.revisions { return "revisions" }
    if one.replicas != two.replicas { return "replicas" }
    if one.overrides != two.overrides { return "overrides" }
    if one.quotas?.maximumInstances != two.quotas?.maximumInstances { return "quotas" }
    if one.traffic != two.traffic { return "traffic" }
    if one.scalingEvents != two.scalingEvents { return "events" }
    if one.activities != two.activities { return "activities" }
    if one.trend != two.trend { return "trend" }
    if one.sync != two.sync { return "sync" }
    if one.usages != two.usages { return "usages" }
    if one.metricsSource != two.metricsSource { return "source" }
    if one.accelerators.map(\.latest) != two.accelerators.map(\.latest) { return "samples" }
    if one.accelerators.map(\.idleSince) != two.accelerators.map(\.idleSince) { return "idle" }
    for (left, right) in zip(one.accelerators, two.accelerators) where !Self.agree(left, right) {
      return "history of \(left.latest.id)"
    }
    return nil
  }

  /// What is added step by step may reach further back than a quarter of an hour.
  private static func agree(
    _ one: FleetFacts.Accelerator, _ other: FleetFacts.Accelerator
  ) -> Bool {
    zip(one.history?.values.reversed() ?? [], other.history?.values.reversed() ?? [])
      .allSatisfy { $0 == $1 }
  }
}
