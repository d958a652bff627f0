package import FoundationEssentials

/// One run of one replica, as the platform meters it.
package struct UsageRecord: Hashable, Sendable, Codable {
  package let replicaID: ReplicaID
  package let workloadID: WorkloadID
  package let workloadName: String
  package let region: RegionID
  package let type: InstanceTypeID
  package let startedAt: Date
  /// Nil while it runs.
  package let terminatedAt: Date?
  package let duration: Duration

  package init(
    replicaID: ReplicaID, workloadID: WorkloadID, workloadName: String, region: RegionID,
    type: InstanceTypeID, startedAt: Date, terminatedAt: Date?, duration: Duration
  ) {
    self.replicaID = replicaID
    self.workloadID = workloadID
    self.workloadName = workloadName
    self.region = region
    self.type = type
    self.startedAt = startedAt
    self.terminatedAt = terminatedAt
    self.duration = duration
  }
}

/// Metered time of one workload, region and type, folded from usage records.
package struct UsageTotal: Hashable, Sendable, Codable {
  package let workloadID: WorkloadID
  package let region: RegionID
  package let type: InstanceTypeID
  /// Since midnight UTC.
  package let today: Duration
  /// Since the first of the month, UTC.
  package let month: Duration

  package init(
    workloadID: WorkloadID, region: RegionID, type: InstanceTypeID, today: Duration,
    month: Duration
  ) {
    self.workloadID = workloadID
    self.region = region
    self.type = type
    self.today = today
    self.month = month
  }
}

/// Money spent by a region or a workload; every figure is an estimate from list prices.
package struct CostFigures: Equatable, Sendable, Codable {
  package var perHour: Money?
  package var today: Money?
  package var monthToDate: Money?
  /// To the end of the month at the present rate.
  package var forecast: Money?

  package init(
    perHour: Money? = nil, today: Money? = nil, monthToDate: Money? = nil, forecast: Money? = nil
  ) {
    self.perHour = perHour
    self.today = today
    self.monthToDate = monthToDate
    self.forecast = forecast
  }
}

/// Cost of one region.
package struct RegionCost: Equatable, Sendable, Codable {
  package var region: RegionID
  /// `EU`, `US`, `AP`; nil for a region that is not in the table.
  package var jurisdiction: String?
  package var figures: CostFigures
  package var idlePerHour: Money?
  package var runningReplicas: Int

  package init(
    region: RegionID, jurisdiction: String?, figures: CostFigures, idlePerHour: Money?,
    runningReplicas: Int
  ) {
    self.region = region
    self.jurisdiction = jurisdiction
    self.figures = figures
    self.idlePerHour = idlePerHour
    self.runningReplicas = runningReplicas
  }
}

/// The cost pane.
///
/// All of it is an estimate: metered seconds times today's list prices.
package struct CostOverview: Equatable, Sendable, Codable {
  package var currency: Currency
  package var total: CostFigures
  package var idlePerHour: Money?
  /// Dearest first.
  package var regions: [RegionCost]
  package var meter: SpendMeter
  /// When the prices were read; nil when there are none.
  package var pricedAt: Date?
  /// Running replicas whose type has no known price: their cost is missing here.
  package var unpricedReplicas: Int
  package var perHourHistory: History?
  /// What the prices were converted by; nil when they are as the catalogue has them.
  package var fixedRate: FixedRate?
  /// Of this context, in the order of the configuration.
  package var budgets: [BudgetState]

  package init(
    currency: Currency = .usd, total: CostFigures = CostFigures(), idlePerHour: Money? = nil,
    regions: [RegionCost] = [], meter: SpendMeter = SpendMeter(),
    pricedAt: Date? = nil, unpricedReplicas: Int = 0, perHourHistory: History? = nil,
    fixedRate: FixedRate? = nil, budgets: [BudgetState] = []
  ) {
    self.currency = currency
    self.total = total
    self.idlePerHour = idlePerHour
    self.regions = regions
    self.meter = meter
    self.pricedAt = pricedAt
    self.unpricedReplicas = unpricedReplicas
    self.perHourHistory = perHourHistory
    self.fixedRate = fixedRate
    self.budgets = budgets
  }
}

extension CostOverview {
  /// What one workload costs and has cost; nothing is known before prices were read.
  package func figures(of row: WorkloadRow) -> CostFigures {
    guard pricedAt != nil else { return CostFigures(perHour: row.hourlyCost) }
    guard let rate = row.hourlyCost else { return CostFigures() }
    return meter.figures(rate: rate.amount, spent: meter.spend(of: row.id), currency: currency)
  }
}
