package import FoundationEssentials

/// Which metric says how busy a GPU is, best first.
package enum AcceleratorSignal: String, Sendable, Codable {
  /// Share of streaming multiprocessors with work.
  case smActive = "sm_active"
  /// Share of time the graphics engine was busy.
  case engineActive = "gr_engine_active"
  /// Share of time in which at least one kernel ran: misleadingly high.
  case utilization = "gpu_util"

  package var label: String {
    switch self {
    case .smActive: "SM_ACTIVE"
    case .engineActive: "GR_ENGINE_ACTIVE"
    case .utilization: "GPU_UTIL"
    }
  }
}

/// What a metrics source said of one GPU, or MIG slice, at one instant.
package struct AcceleratorSample: Hashable, Sendable, Codable {
  /// The labels by which a GPU is tied to what uses it.
  package struct Attribution: Hashable, Sendable, Codable {
    /// A replica's identifier, pod or instance.
    package let replica: String?
    package let workload: String?
    package let region: String?

    package init(replica: String?, workload: String?, region: String?) {
      self.replica = replica
      self.workload = workload
      self.region = region
    }
  }

  package let id: AcceleratorID
  package let model: String
  package let host: String?
  /// Its number on the host.
  package let index: String?
  package let attribution: Attribution
  package let utilization: Ratio?
  package let signal: AcceleratorSignal?
  package let memoryUsed: Bytes?
  package let memoryTotal: Bytes?
  package let power: Watts?
  package let temperature: Celsius?
  /// The last XID error; nil when there was none.
  ///
  /// 48, 63, 64, 74, 79, 94, 95, 119 mean hardware.
  package let errorCode: Int?
  /// The source's own time of the sample.
  package let sampledAt: Date

  package init(
    id: AcceleratorID, model: String, host: String?, index: String?, attribution: Attribution,
    utilization: Ratio?, signal: AcceleratorSignal?, memoryUsed: Bytes?, memoryTotal: Bytes?,
    power: Watts?, temperature: Celsius?, errorCode: Int?, sampledAt: Date
  ) {
    self.id = id
    self.model = model
    self.host = host
    self.index = index
    self.attribution = attribution
    self.utilization = utilization
    self.signal = signal
    self.memoryUsed = memoryUsed
    self.memoryTotal = memoryTotal
    self.power = power
    self.temperature = temperature
    self.errorCode = errorCode
    self.sampledAt = sampledAt
  }
}

/// What a GPU is doing with the money it costs.
package enum AcceleratorUse: String, Sendable, Codable, CaseIterable {
  /// Above the idle threshold.
  case busy
  /// Below it, with little memory taken, but a replica holds it.
  case idle
  /// Below it with a model in memory: paid for and ready, but not asked.
  case loadedIdle
  /// Nothing holds it.
  case empty
  /// No current sample.
  case unknown

  /// Whether it is paid for and does nothing.
  var isIdle: Bool { self == .idle || self == .loadedIdle }
}

/// One GPU on screen.
package struct AcceleratorRow: Equatable, Sendable, Codable {
  package var sample: AcceleratorSample
  package var use: AcceleratorUse
  package var workloadID: WorkloadID?
  package var workloadName: String?
  package var region: RegionID?
  /// Since when it has been idle without a break; nil when busy or not known.
  package var idleSince: Date?
  /// Share of its replica's list price.
  package var hourlyCost: Money?
  package var history: History?

  package init(
    sample: AcceleratorSample, use: AcceleratorUse, workloadID: WorkloadID? = nil,
    workloadName: String? = nil, region: RegionID? = nil, idleSince: Date? = nil,
    hourlyCost: Money? = nil, history: History? = nil
  ) {
    self.sample = sample
    self.use = use
    self.workloadID = workloadID
    self.workloadName = workloadName
    self.region = region
    self.idleSince = idleSince
    self.hourlyCost = hourlyCost
    self.history = history
  }
}

/// All GPUs of one model.
package struct AcceleratorGroup: Equatable, Sendable, Codable {
  package var model: String
  /// How many are doing what; their sum is the total.
  package var counts: [AcceleratorUse: Int]
  package var utilization: Ratio?
  package var history: History?
  /// What the idle and loaded-idle ones cost.
  package var idlePerHour: Money?

  package init(
    model: String, counts: [AcceleratorUse: Int], utilization: Ratio?, history: History?,
    idlePerHour: Money?
  ) {
    self.model = model
    self.counts = counts
    self.utilization = utilization
    self.history = history
    self.idlePerHour = idlePerHour
  }

  package var total: Int { counts.values.reduce(0, +) }
  package var busy: Int { counts[.busy] ?? 0 }
}

/// Where GPU numbers come from and whether they are good.
package enum MetricsSourceState: Equatable, Sendable, Codable {
  /// The platform has no GPU metric and no source is configured.
  case notConfigured
  case waiting(host: String)
  /// `warning` is the engine's own, such as a partial answer.
  case live(host: String, signal: AcceleratorSignal?, observedAt: Date, warning: String?)
  case failing(host: String, reason: String, lastObservedAt: Date?)
}

/// The GPU pane.
package struct AcceleratorOverview: Equatable, Sendable, Codable {
  package var source: MetricsSourceState
  /// Most GPUs first.
  package var groups: [AcceleratorGroup]
  /// Most wasteful first.
  package var rows: [AcceleratorRow]
  package var idlePerHour: Money?
  /// What replicas hold by the platform's account, by model; known without a metrics source.
  package var allocated: [String: Int]

  package init(
    source: MetricsSourceState = .notConfigured, groups: [AcceleratorGroup] = [],
    rows: [AcceleratorRow] = [], idlePerHour: Money? = nil, allocated: [String: Int] = [:]
  ) {
    self.source = source
    self.groups = groups
    self.rows = rows
    self.idlePerHour = idlePerHour
    self.allocated = allocated
  }
}
