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
  /// Under which number each GPU's samples are on disk.
  var seriesNumbers: [AcceleratorID: Int] = [:]
  /// Newest first.
  var scalingEvents: [ScalingEvent] = []
  var activities: [Activity] = []
  var feedIDs: Set<String> = []
  var usages: [UsageTotal] = []
  var usagesCoveredUntil: Date?
  /// Of the last day, oldest first.
  var trend: [TrendPoint] = []
  var meteredDay: MeteredDay?
  /// Goes up with each reading of metered runs.
  var usageNumber = 0
  var sync: [SyncResource: SyncState] = [:]
  /// By resource, what the sweep under way has seen.
  var sweeps: [SyncResource: Sweep] = [:]
  /// Objects that the last whole sweep did not see; gone when the next does not either.
  var missing: [SyncResource: Set<ObjectID>] = [:]
  /// Answers that were older than what was known, and left aside.
  var staleAnswers = 0
  var syncWrittenAt: [SyncResource: Date] = [:]
  var coverage: Coverage.Run?
  /// The newest transaction of the writer that is in this.
  var changeNumber: Int64 = 0
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
