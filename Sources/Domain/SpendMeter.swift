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

  /// Hours that no meter has told of yet: what ran in them is taken at the present rate.
  package struct Unread: Equatable, Sendable, Codable {
    package var today: Double
    package var month: Double

    package init(today: Double, month: Double) {
      self.today = today
      self.month = month
    }
  }

  /// Of one workload side by side, in the order of their identifiers.
  private let usages: [UsageTotal]
  private let pricePerSecond: [InstanceTypeID: Decimal]
  /// Hours of this day, and of this month, since the platform's meter was read; nil when it never
  /// was.
  private let sinceRead: Unread?
  /// Hours to the end of the month.
  private let hoursLeft: Double

  package init(
    usages: [UsageTotal] = [], pricePerSecond: [InstanceTypeID: Decimal] = [:],
    sinceRead: Unread? = nil, hoursLeft: Double = 0
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

  /// What those runs have cost that are asked for; nil when there is none.
  package func spend(where isWanted: (WorkloadID, RegionID) -> Bool) -> Spend? {
    var seconds: [InstanceTypeID: (today: Int64, month: Int64)] = [:]
    for usage in usages where isWanted(usage.workloadID, usage.region) {
      var sum = seconds[usage.type] ?? (0, 0)
      sum.today += usage.today.components.seconds
      sum.month += usage.month.components.seconds
      seconds[usage.type] = sum
    }
    guard !seconds.isEmpty else { return nil }
    var spend = Spend()
    for (type, sum) in seconds {
      guard let price = pricePerSecond[type] else { continue }
      spend.today += price * Decimal(sum.today)
      spend.month += price * Decimal(sum.month)
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
    let month = spent.month + rate * Decimal(sinceRead.month)
    return CostFigures(
      perHour: Money(rate, currency),
      today: Money(spent.today + rate * Decimal(sinceRead.today), currency),
      monthToDate: Money(month, currency),
      forecast: Money(month + rate * Decimal(hoursLeft), currency))
  }
}
