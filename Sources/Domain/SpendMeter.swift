package import FoundationEssentials

/// Turns metered time into money, for those who are asked about.
///
/// A large fleet has tens of thousands of metered runs, and a screen shows a few dozen sums.
package struct SpendMeter: Equatable, Sendable, Codable {
  /// Amounts in the catalogue's currency.
  package struct Spend: Equatable, Sendable {
    package var today = Decimal(0)
    package var month = Decimal(0)
  }

  /// Of one workload side by side, in the order of their identifiers.
  private let usages: [UsageTotal]
  private let pricePerSecond: [InstanceTypeID: Decimal]
  /// Hours since the platform's meter was read; nil when it never was.
  private let sinceRead: Double?
  /// Hours to the end of the month.
  private let hoursLeft: Double

  package init(
    usages: [UsageTotal] = [], pricePerSecond: [InstanceTypeID: Decimal] = [:],
    sinceRead: Double? = nil, hoursLeft: Double = 0
  ) {
    let isSorted = zip(usages, usages.dropFirst()).allSatisfy { $0.workloadID <= $1.workloadID }
    self.usages = isSorted ? usages : usages.sorted { $0.workloadID < $1.workloadID }
    self.pricePerSecond = pricePerSecond
    self.sinceRead = sinceRead
    self.hoursLeft = hoursLeft
  }

  package func spend(of id: WorkloadID) -> Spend {
    var low = 0
    var high = usages.count
    while low < high {
      let middle = (low + high) / 2
      if usages[middle].workloadID < id { low = middle + 1 } else { high = middle }
    }
    var spend = Spend()
    for usage in usages[low...] {
      guard usage.workloadID == id else { break }
      guard let price = pricePerSecond[usage.type] else { continue }
      spend.today += price * Decimal(usage.today.components.seconds)
      spend.month += price * Decimal(usage.month.components.seconds)
    }
    return spend
  }

  package var byRegion: [RegionID: Spend] {
    // Seconds are added up first: they are whole numbers, and cheap.
    var seconds: [ReplicaCensus.Group: (today: Int64, month: Int64)] = [:]
    for usage in usages {
      let group = ReplicaCensus.Group(region: usage.region, type: usage.type)
      var sum = seconds[group] ?? (0, 0)
      sum.today += usage.today.components.seconds
      sum.month += usage.month.components.seconds
      seconds[group] = sum
    }
    var result: [RegionID: Spend] = [:]
    for (group, sum) in seconds {
      guard let price = pricePerSecond[group.type] else { continue }
      result[group.region, default: Spend()].today += price * Decimal(sum.today)
      result[group.region, default: Spend()].month += price * Decimal(sum.month)
    }
    return result
  }

  /// What has run since the meter was read is added at the present rate.
  package func figures(rate: Decimal, spent: Spend, currency: Currency) -> CostFigures {
    guard let sinceRead else { return CostFigures(perHour: Money(rate, currency)) }
    let since = rate * Decimal(sinceRead)
    let month = spent.month + since
    return CostFigures(
      perHour: Money(rate, currency), today: Money(spent.today + since, currency),
      monthToDate: Money(month, currency),
      forecast: Money(month + rate * Decimal(hoursLeft), currency))
  }
}
