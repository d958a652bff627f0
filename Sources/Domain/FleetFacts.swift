package import FoundationEssentials

/// Everything that the cache knew at one instant, unranked and unpriced: what rules are fed with.
package struct FleetFacts: Equatable, Sendable {
  /// Recent values of one workload.
  package struct Traffic: Equatable, Sendable {
    package var latest: TrafficSample
    package var requests: History?

    package init(latest: TrafficSample, requests: History?) {
      self.latest = latest
      self.requests = requests
    }
  }

  /// Recent values of one accelerator.
  package struct Accelerator: Equatable, Sendable {
    package var latest: AcceleratorSample
    /// Utilisation, 0…1.
    package var history: History?
    package var idleSince: Date?

    package init(latest: AcceleratorSample, history: History?, idleSince: Date?) {
      self.latest = latest
      self.history = history
      self.idleSince = idleSince
    }
  }

  package var contextName: String
  /// `koyeb` or `kubernetes`.
  package var platformName: String
  /// The instant these facts are of.
  package var asOf: Date
  package var recording = Recording.live
  /// The one that is open.
  package var incident: Incident?
  package var catalogue: Catalogue
  package var quotas: Quotas?
  package var apps: [App]
  package var workloads: [Workload]
  /// At least the active and the latest of each workload.
  package var revisions: Shelf<Revision, Revision>
  package var replicas: [Replica]
  /// A workload that is missing has none, or they were not read yet.
  package var overrides: [WorkloadID: [ScalingOverride]]
  package var traffic: [WorkloadID: Traffic]
  package var accelerators: [Accelerator]
  package var metricsSource: MetricsSourceState
  /// Newest first, of the last day.
  package var scalingEvents: [ScalingEvent]
  package var activities: [Activity]
  package var usages: [UsageTotal]
  package var usagesCoveredUntil: Date?
  /// Of the last day, oldest first.
  package var trend: [TrendPoint]
  package var meteredDay: MeteredDay?
  package var sync: [SyncState]
  /// Newest first.
  package var journal: [JournalEntry]

  package init(contextName: String, platformName: String, asOf: Date) {
    self.contextName = contextName
    self.platformName = platformName
    self.asOf = asOf
    catalogue = Catalogue()
    quotas = nil
    apps = []
    workloads = []
    revisions = Shelf(\.id)
    replicas = []
    overrides = [:]
    traffic = [:]
    accelerators = []
    metricsSource = .notConfigured
    scalingEvents = []
    activities = []
    usages = []
    usagesCoveredUntil = nil
    trend = []
    meteredDay = nil
    sync = []
    journal = []
  }
}

extension FleetFacts {
  /// What is about one workload, for its page: the rest of a large fleet is not judged for it.
  func narrowed(to id: WorkloadID) -> FleetFacts {
    var facts = self
    facts.workloads = workloads.filter { $0.id == id }
    guard let workload = facts.workloads.first else { return facts }
    facts.replicas = replicas.filter { $0.workloadID == id }
    let own = Set(facts.replicas.map(\.id.rawValue))
    facts.accelerators = accelerators.filter { accelerator in
      let attribution = accelerator.latest.attribution
      if let replica = attribution.replica, own.contains(replica) { return true }
      return attribution.workload == id.rawValue || attribution.workload == workload.name
    }
    facts.scalingEvents = scalingEvents.filter { $0.workloadID == id }
    facts.activities = activities.filter { $0.workloadID == id }
    facts.usages = usages.filter { $0.workloadID == id }
    return facts
  }
}
