import FoundationEssentials

/// Turns metered seconds and running replicas into money, by list price.
///
/// A replica whose type has no price is counted and left out: its cost is unknown, not zero.
struct CostModel {
  private let catalogue: Catalogue
  private let jurisdictions: JurisdictionTable
  private let currency: Currency
  private let prices: [InstanceTypeID: Money]

  init(catalogue: Catalogue, jurisdictions: JurisdictionTable = JurisdictionTable()) {
    self.catalogue = catalogue
    self.jurisdictions = jurisdictions
    currency = catalogue.types.values.lazy.compactMap { $0.pricePerSecond?.currency }.first ?? .usd
    prices = catalogue.types.compactMapValues(\.pricePerHour)
  }

  /// Hours of a month when a rate is told per month, as clouds count it.
  static let hoursPerMonth = Decimal(730)

  func perHour(_ type: InstanceTypeID) -> Money? { prices[type] }

  /// Nil when a running replica has no price.
  func perHour(of replicas: [Replica]) -> Money? {
    var sum = Money.zero(currency)
    var index = 0
    while index < replicas.count {
      // Mostly all are of one type: one multiplication instead of many additions.
      let type = replicas[index].type
      var count = 0
      while index < replicas.count, replicas[index].type == type {
        if replicas[index].status.isRunning { count += 1 }
        index += 1
      }
      guard count > 0 else { continue }
      guard let price = perHour(type), let next = sum.adding(price.multiplied(by: Decimal(count)))
      else { return nil }
      sum = next
    }
    return sum
  }

  /// The cost pane from facts.
  func overview(
    facts: FleetFacts, idle: [RegionID: Money], idleTotal: Money?, now: Date
  ) -> CostOverview {
    var overview = CostOverview(currency: currency, pricedAt: catalogue.readAt)
    guard catalogue.readAt != nil else { return overview }
    var regions: [RegionID: Figures] = [:]
    for (group, count) in ReplicaCensus(facts.replicas).counts {
      guard let price = prices[group.type] else {
        overview.unpricedReplicas += count
        continue
      }
      regions[group.region, default: Figures()].rate += price.amount * Decimal(count)
      regions[group.region, default: Figures()].replicas += count
    }
    overview.meter = meter(facts, now: now)
    for (region, spend) in overview.meter.byRegion {
      regions[region, default: Figures()].add(spend)
    }
    func figures(_ sums: Figures) -> CostFigures {
      overview.meter.figures(rate: sums.rate, spent: sums.spend, currency: currency)
    }
    overview.regions = regions.map { region, sums in
      RegionCost(
        region: region, jurisdiction: jurisdictions.of(region), figures: figures(sums),
        idlePerHour: idle[region], runningReplicas: sums.replicas)
    }.sorted { left, right in
      let leftRate = left.figures.perHour?.amount ?? 0
      let rightRate = right.figures.perHour?.amount ?? 0
      return leftRate != rightRate ? leftRate > rightRate : left.region < right.region
    }
    overview.total = figures(
      regions.values.reduce(into: Figures()) { sum, other in
        sum.rate += other.rate
        sum.add(other.spend)
      })
    overview.idlePerHour = idleTotal
    return overview
  }

  private struct Figures {
    var rate = Decimal(0)
    var spend = SpendMeter.Spend()
    var replicas = 0

    mutating func add(_ other: SpendMeter.Spend) {
      spend.today += other.today
      spend.month += other.month
    }
  }

  /// What the platform metered; its sums are of the day and the month in which they were read.
  func meter(_ facts: FleetFacts, now: Date) -> SpendMeter {
    let day = Self.calendar.startOfDay(for: now)
    let month = Self.calendar.dateInterval(of: .month, for: now)?.start ?? day
    var usages = facts.usages
    if let read = facts.usagesCoveredUntil, read < day {
      usages = usages.map {
        UsageTotal(
          workloadID: $0.workloadID, region: $0.region, type: $0.type, today: .zero,
          month: read < month ? .zero : $0.month)
      }
    }
    func hours(since start: Date) -> Double { max(0, now.timeIntervalSince(start)) / 3600 }
    return SpendMeter(
      usages: usages,
      pricePerSecond: catalogue.types.compactMapValues { $0.pricePerSecond?.amount },
      sinceRead: facts.usagesCoveredUntil.map {
        SpendMeter.Unread(today: hours(since: max($0, day)), month: hours(since: max($0, month)))
      }, hoursLeft: Self.hoursLeftInMonth(now))
  }

  private static let calendar: Calendar = {
    var calendar = Calendar(identifier: .gregorian)
    calendar.timeZone = .gmt
    return calendar
  }()

  static func hoursLeftInMonth(_ now: Date) -> Double {
    guard let month = calendar.dateInterval(of: .month, for: now) else { return 0 }
    return max(0, month.end.timeIntervalSince(now)) / 3600
  }
}
