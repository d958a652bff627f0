package import FoundationEssentials

/// How a workload stands, worst first.
package enum Condition: Int, Sendable, Codable, Comparable, CaseIterable {
  case critical, warning, unknown, idle, healthy, asleep, paused

  package static func < (left: Self, right: Self) -> Bool { left.rawValue < right.rawValue }

  /// The word that a table shows; never longer than four letters.
  package var word: String {
    switch self {
    case .critical: "CRIT"
    case .warning: "WARN"
    case .unknown: "????"
    case .idle: "IDLE"
    case .healthy: "OK"
    case .asleep: "ZERO"
    case .paused: "STOP"
    }
  }

  /// A mark whose shape differs without colour.
  package var symbol: String {
    switch self {
    case .critical: "x"
    case .warning: "!"
    case .unknown: "?"
    case .idle: "-"
    case .healthy: "+"
    case .asleep, .paused: "."
    }
  }
}

/// How many replicas there are of how many that should be.
package struct ReplicaCount: Hashable, Sendable, Codable {
  package var ready: Int
  /// Nil when what is wanted is not known.
  package var desired: Int?

  package init(ready: Int, desired: Int?) {
    self.ready = ready
    self.desired = desired
  }
}

/// A workload in one region.
package struct RegionState: Equatable, Sendable, Codable {
  package var region: RegionID
  package var replicas: ReplicaCount
  /// The definition's bounds; nil when not known.
  package var minimum: Int?
  package var maximum: Int?
  package var override: Int?
  package var hourlyCost: Money?

  package init(
    region: RegionID, replicas: ReplicaCount, minimum: Int?, maximum: Int?, override: Int?,
    hourlyCost: Money?
  ) {
    self.region = region
    self.replicas = replicas
    self.minimum = minimum
    self.maximum = maximum
    self.override = override
    self.hourlyCost = hourlyCost
  }
}

/// A revision on its way.
package struct Rollout: Equatable, Sendable, Codable {
  package var revisionID: RevisionID
  package var statusText: String
  package var since: Date
  package var ready: Int
  package var desired: Int?
  package var isFailing: Bool

  package init(
    revisionID: RevisionID, statusText: String, since: Date, ready: Int, desired: Int?,
    isFailing: Bool
  ) {
    self.revisionID = revisionID
    self.statusText = statusText
    self.since = since
    self.ready = ready
    self.desired = desired
    self.isFailing = isFailing
  }
}

/// One line of the deployments pane.
package struct WorkloadRow: Equatable, Sendable, Codable {
  package var id: WorkloadID
  package var appName: String
  package var name: String
  package var kind: Workload.Kind
  package var condition: Condition
  package var statusText: String
  /// A few words on why: `deploying`, `flapping`, `idle 9h`, `override`.
  package var note: String
  package var regions: [RegionState]
  package var replicas: ReplicaCount
  /// `H100`, `2xA100`, `small`; nil when not known.
  package var machine: String?
  package var usesAccelerator: Bool
  /// Mean over its GPUs; nil without GPU data.
  package var utilization: Ratio?
  package var utilizationHistory: History?
  package var requestsPerSecond: Double?
  package var requestsHistory: History?
  package var latencyP99: Milliseconds?
  /// Estimate: running replicas times list price; nil when a price is missing.
  package var hourlyCost: Money?
  package var revisionID: RevisionID?
  package var revisionCreatedAt: Date?
  package var rollout: Rollout?
  package var observedAt: Date?
  /// Where it must stay; nil without such a policy.
  package var residency: Residency?

  package init(
    id: WorkloadID, appName: String, name: String, kind: Workload.Kind, condition: Condition,
    statusText: String, note: String, regions: [RegionState], replicas: ReplicaCount,
    machine: String?, usesAccelerator: Bool, utilization: Ratio? = nil,
    utilizationHistory: History? = nil, requestsPerSecond: Double? = nil,
    requestsHistory: History? = nil, latencyP99: Milliseconds? = nil, hourlyCost: Money? = nil,
    revisionID: RevisionID? = nil, revisionCreatedAt: Date? = nil, rollout: Rollout? = nil,
    observedAt: Date? = nil
  ) {
    self.id = id
    self.appName = appName
    self.name = name
    self.kind = kind
    self.condition = condition
    self.statusText = statusText
    self.note = note
    self.regions = regions
    self.replicas = replicas
    self.machine = machine
    self.usesAccelerator = usesAccelerator
    self.utilization = utilization
    self.utilizationHistory = utilizationHistory
    self.requestsPerSecond = requestsPerSecond
    self.requestsHistory = requestsHistory
    self.latencyP99 = latencyP99
    self.hourlyCost = hourlyCost
    self.revisionID = revisionID
    self.revisionCreatedAt = revisionCreatedAt
    self.rollout = rollout
    self.observedAt = observedAt
  }
}

/// Everything the overview shows, ranked and priced, as one value.
package struct FleetSnapshot: Equatable, Sendable, Codable {
  package var contextName: String
  package var platformName: String
  /// The instant it is true of.
  package var asOf: Date
  package var recording = Recording.live
  /// The one that is open.
  package var incident: Incident?
  /// How many workloads there are; more than `workloads` holds when this is a saved head.
  package var workloadCount: Int
  package var counts: [Condition: Int]
  /// Worst first, then by name.
  package var workloads: [WorkloadRow]
  package var accelerators: AcceleratorOverview
  package var costs: CostOverview
  package var day: DayTrend
  /// Newest first.
  package var scalingEvents: [ScalingEvent]
  /// Newest first.
  package var activities: [Activity]
  /// Worst first.
  package var findings: [Finding]
  package var sync: [SyncState]
  /// Newest first.
  package var journal: [JournalEntry]
  /// Nil without any policy.
  package var policy: PolicySummary?

  package init(contextName: String, platformName: String, asOf: Date) {
    self.contextName = contextName
    self.platformName = platformName
    self.asOf = asOf
    workloadCount = 0
    counts = [:]
    workloads = []
    accelerators = AcceleratorOverview()
    costs = CostOverview()
    day = DayTrend()
    scalingEvents = []
    activities = []
    findings = []
    sync = []
    journal = []
  }

  /// The line of one workload; nil when it is not there.
  package func row(_ id: WorkloadID) -> WorkloadRow? {
    workloads.indices.first { workloads[$0].id == id }.map { workloads[$0] }
  }
}

/// A revision on a workload's page and in the rollback list.
package struct RevisionRow: Equatable, Sendable, Codable {
  package var revision: Revision
  /// How long it served in health, as far as was seen; nil when never seen.
  package var healthyFor: Duration?
  package var isActive: Bool
  package var isLatest: Bool

  package init(revision: Revision, healthyFor: Duration?, isActive: Bool, isLatest: Bool) {
    self.revision = revision
    self.healthyFor = healthyFor
    self.isActive = isActive
    self.isLatest = isLatest
  }
}

/// Everything a workload's page shows.
package struct WorkloadDetail: Equatable, Sendable {
  package var row: WorkloadRow
  /// Newest first.
  package var revisions: [RevisionRow]
  /// By region, then index.
  package var replicas: [Replica]
  package var accelerators: [AcceleratorRow]
  package var scalingEvents: [ScalingEvent]
  package var activities: [Activity]
  package var journal: [JournalEntry]
  package var definition: Definition?
  package var overrides: [ScalingOverride]
  package var costs: CostFigures
  package var observedAt: Date?
  /// Of its regions; one that is in none that is known is missing.
  package var jurisdictions: [RegionID: String] = [:]

  package init(row: WorkloadRow) {
    self.row = row
    revisions = []
    replicas = []
    accelerators = []
    scalingEvents = []
    activities = []
    journal = []
    definition = nil
    overrides = []
    costs = CostFigures()
    observedAt = nil
  }
}
