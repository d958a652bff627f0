import Domain
import Foundation

/// What is current, in memory; the same as the rows of `state` that have no end.
struct FleetModel {
  let contextName: String
  var isLoaded = false
  var apps = Shelf(\App.id)
  var workloads = Shelf(\Workload.id)
  var revisions = Shelf(\Revision.id)
  var replicas = Shelf(\Replica.id)
  var overrides: [WorkloadID: [ScalingOverride]] = [:]
  var catalogue = Catalogue()
  var quotas: Quotas?
  var traffic: [WorkloadID: [TrafficSample]] = [:]
  var accelerators = AcceleratorRing()
  var metricsSource = MetricsSourceState.notConfigured
  /// What is kept of each GPU as state, by its identifier.
  var identities: [AcceleratorID: AcceleratorSample] = [:]
  /// Newest first.
  var scalingEvents: [ScalingEvent] = []
  var activities: [Activity] = []
  var feedIDs: Set<String> = []
  var usages: [UsageTotal] = []
  var usagesCoveredUntil: Date?
  /// Of the last day, oldest first.
  var trend: [TrendPoint] = []
  var meteredDay: MeteredDay?
  var sync: [SyncResource: SyncState] = [:]
  /// By resource, what the sweep under way has seen.
  var sweeps: [SyncResource: Sweep] = [:]
  /// Objects that the last whole sweep did not see; gone when the next does not either.
  var missing: [SyncResource: Set<ObjectID>] = [:]
  /// Answers that were older than what was known, and left aside.
  var staleAnswers = 0
  var syncWrittenAt: [SyncResource: Date] = [:]
  var coverage: Coverage.Run?
  /// Open findings by identifier.
  var findings: [String: Finding] = [:]
  /// Replicas that ran after the last whole sweep, by workload and region; nil before the first.
  var observedReplicas: [WorkloadID: [RegionID: Int]]?
  /// Changes of counts that wait whether the feed tells of them.
  var observedChanges: [ScalingEvent] = []

  struct Sweep {
    var generation: Int64
    var seen: Set<ObjectID> = []
  }

  init(contextName: String) {
    self.contextName = contextName
  }

  func facts(asOf now: Date, journal: [JournalEntry]) -> FleetFacts {
    var facts = FleetFacts(contextName: contextName, platformName: "koyeb", asOf: now)
    facts.catalogue = catalogue
    facts.quotas = quotas
    facts.apps = apps.items
    facts.workloads = workloads.items
    facts.revisions = revisions
    facts.replicas = replicas.items
    facts.overrides = overrides
    facts.traffic = traffic.compactMapValues { samples in
      samples.last.map {
        FleetFacts.Traffic(latest: $0, requests: Self.history(samples, now: now))
      }
    }
    facts.accelerators = accelerators.facts
    facts.metricsSource = metricsSource
    facts.scalingEvents = scalingEvents
    facts.activities = activities
    facts.usages = usages
    facts.usagesCoveredUntil = usagesCoveredUntil
    facts.trend = trend
    facts.meteredDay = meteredDay
    facts.sync = SyncResource.allCases.compactMap { sync[$0] }
    facts.journal = journal
    return facts
  }

  /// Requests a second by minute; a minute without a sample is a gap.
  private static func history(_ samples: [TrafficSample], now: Date) -> History? {
    guard let last = samples.last else { return nil }
    let length = 20
    var values = [Double?](repeating: nil, count: length)
    for sample in samples {
      let back = Int((last.sampledAt.timeIntervalSince(sample.sampledAt) / 60).rounded())
      guard (0..<length).contains(back) else { continue }
      values[length - 1 - back] = sample.requestsPerSecond
    }
    return History(step: .seconds(60), end: last.sampledAt, values: values)
  }
}

/// The latest samples of every GPU and a short past of how busy it was.
struct AcceleratorRing {
  /// Ticks kept; at fifteen seconds a quarter of an hour.
  static let length = 60

  private struct Track {
    var latest: AcceleratorSample
    var values: [Float]
    /// How many ticks had passed when the last value came.
    var lastTick: Int
    var idleSince: Date?
  }

  private var tracks: [AcceleratorID: Track] = [:]
  private var tick = 0
  private(set) var lastAt: Date?
  private(set) var step: Duration = .seconds(15)

  init(step: Duration = .seconds(15)) {
    self.step = step
  }

  var isEmpty: Bool { tracks.isEmpty }

  /// When the source took the newest sample of a GPU; nil when there is none.
  func latestAt(_ id: AcceleratorID) -> Date? { tracks[id]?.latest.sampledAt }

  /// Takes all samples of one instant; GPUs that are not among them get a gap.
  mutating func add(
    _ samples: [AcceleratorSample], at: Date, idleSince: [AcceleratorID: Date] = [:]
  ) {
    if let lastAt {
      let passed = at.timeIntervalSince(lastAt)
      guard passed > 0 else { return }
      let length = Double(step.components.seconds)
      tick += min(Self.length, max(1, Int((passed / length).rounded())))
    }
    lastAt = at
    for sample in samples {
      let value = sample.utilization.map { Float($0.value) } ?? .nan
      let isIdle = sample.utilization.map { $0.value < 0.05 } ?? false
      var track =
        tracks[sample.id]
        ?? Track(latest: sample, values: [], lastTick: tick - 1, idleSince: idleSince[sample.id])
      let gap = min(Self.length, tick - track.lastTick - 1)
      if gap > 0 { track.values += [Float](repeating: .nan, count: gap) }
      track.values.append(value)
      if track.values.count > Self.length {
        track.values.removeFirst(track.values.count - Self.length)
      }
      track.lastTick = tick
      track.latest = sample
      track.idleSince = isIdle ? track.idleSince ?? sample.sampledAt : nil
      tracks[sample.id] = track
    }
    // A GPU that was not seen for the whole ring is no longer there.
    tracks = tracks.filter { tick - $0.value.lastTick < Self.length }
  }

  var facts: [FleetFacts.Accelerator] {
    let end = lastAt ?? .distantPast
    return tracks.values.map { track in
      let late = tick - track.lastTick
      var values = track.values
      if late > 0 {
        values += [Float](repeating: .nan, count: late)
        values.removeFirst(max(0, values.count - Self.length))
      }
      return FleetFacts.Accelerator(
        latest: track.latest, history: History(step: step, end: end, storage: values),
        idleSince: track.idleSince)
    }
  }
}
