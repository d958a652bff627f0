import FoundationEssentials

/// Turns metered seconds and running replicas into money, by list price.
///
/// A replica whose type has no price is counted and left out: its cost is unknown, not zero.
struct CostModel {
  private let catalogue: Catalogue
  private let currency: Currency
  private let prices: [InstanceTypeID: Money]

  init(catalogue: Catalogue) {
    self.catalogue = catalogue
    currency = catalogue.types.values.lazy.compactMap { $0.pricePerSecond?.currency }.first ?? .usd
    prices = catalogue.types.compactMapValues(\.pricePerHour)
  }

  /// Hours of a month when a rate is told per month, as clouds count it.
  static let hoursPerMonth = Decimal(730)

  func perHour(_ type: InstanceTypeID) -> Money? { prices[type] }

  /// Nil when a running replica has no price.
  func perHour(of replicas: [Replica]) -> Money? {
    var sum = Money.zero(currency)
    for replica in replicas where replica.status.isRunning {
      guard let price = perHour(replica.type), let next = sum.adding(price) else { return nil }
      sum = next
    }
    return sum
  }

  /// The cost pane from facts; `rows` give what each workload costs an hour now.
  func overview(
    facts: FleetFacts, rows: [WorkloadRow], idle: [RegionID: Money], idleTotal: Money?, now: Date
  ) -> CostOverview {
    var overview = CostOverview(currency: currency, pricedAt: catalogue.readAt)
    guard catalogue.readAt != nil else { return overview }
    var regions: [RegionID: Figures] = [:]
    var workloads: [WorkloadID: Figures] = [:]
    // Replicas are counted first: adding up decimals one by one is slow for tens of thousands.
    var byRegion: [RegionID: [InstanceTypeID: Int]] = [:]
    var byWorkload: [WorkloadID: [InstanceTypeID: Int]] = [:]
    for replica in facts.replicas where replica.status.isRunning {
      byRegion[replica.region, default: [:]][replica.type, default: 0] += 1
      byWorkload[replica.workloadID, default: [:]][replica.type, default: 0] += 1
    }
    for (region, types) in byRegion {
      for (type, count) in types {
        guard let price = prices[type] else {
          overview.unpricedReplicas += count
          continue
        }
        regions[region, default: Figures()].rate += price.amount * Decimal(count)
        regions[region, default: Figures()].replicas += count
      }
    }
    for (workload, types) in byWorkload {
      for (type, count) in types {
        guard let price = prices[type] else { continue }
        workloads[workload, default: Figures()].rate += price.amount * Decimal(count)
      }
    }
    for usage in facts.usages {
      guard let price = catalogue.types[usage.type]?.pricePerSecond?.amount else { continue }
      let today = price * Decimal(usage.today.components.seconds)
      let month = price * Decimal(usage.month.components.seconds)
      regions[usage.region, default: Figures()].add(today: today, month: month)
      workloads[usage.workloadID, default: Figures()].add(today: today, month: month)
    }
    let hasUsage = facts.usagesCoveredUntil != nil
    let gap = facts.usagesCoveredUntil.map { max(0, now.timeIntervalSince($0)) / 3600 } ?? 0
    let left = Self.hoursLeftInMonth(now)
    func figures(_ sums: Figures) -> CostFigures {
      // The meter was read a while ago; what has run since is added at the present rate.
      let since = sums.rate * Decimal(gap)
      let month = sums.month + since
      return CostFigures(
        perHour: Money(sums.rate, currency),
        today: hasUsage ? Money(sums.today + since, currency) : nil,
        monthToDate: hasUsage ? Money(month, currency) : nil,
        forecast: hasUsage ? Money(month + sums.rate * Decimal(left), currency) : nil)
    }
    overview.regions = regions.map { region, sums in
      RegionCost(
        region: region, jurisdiction: Jurisdiction.of(region), figures: figures(sums),
        idlePerHour: idle[region], runningReplicas: sums.replicas)
    }.sorted { left, right in
      let leftRate = left.figures.perHour?.amount ?? 0
      let rightRate = right.figures.perHour?.amount ?? 0
      return leftRate != rightRate ? leftRate > rightRate : left.region < right.region
    }
    overview.workloads = workloads.mapValues(figures)
    let total = regions.values.reduce(into: Figures()) { $0.add($1) }
    overview.total = figures(total)
    overview.idlePerHour = idleTotal
    return overview
  }

  private struct Figures {
    var rate = Decimal(0)
    var today = Decimal(0)
    var month = Decimal(0)
    var replicas = 0

    mutating func add(today: Decimal, month: Decimal) {
      self.today += today
      self.month += month
    }

    mutating func add(_ other: Figures) {
      rate += other.rate
      replicas += other.replicas
      add(today: other.today, month: other.month)
    }
  }

  static func hoursLeftInMonth(_ now: Date) -> Double {
    var calendar = Calendar(identifier: .gregorian)
    calendar.timeZone = .gmt
    guard let month = calendar.dateInterval(of: .month, for: now) else { return 0 }
    return max(0, month.end.timeIntervalSince(now)) / 3600
  }
}
