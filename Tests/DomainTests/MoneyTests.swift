import FoundationEssentials
import TestSupport
import Testing

@testable import Domain

/// Amounts are told in one currency, by a fixed table, once.
struct MoneyTests {
  private let now = FleetFixture.now
  private let euros = RateTable(currency: .eur, rates: [.usd: Decimal(string: "0.92") ?? 0])

  private func rules(_ rates: RateTable) -> Rulebook {
    var rules = Rulebook()
    rules.money.rates = rates
    return rules
  }

  @Test func `sums convert as their parts do, and currencies never mix`() throws {
    let seed = UInt64.random(in: .min ... .max)
    var generator = Generator(state: seed)
    let currencies = [Currency.usd, .eur, Currency("GBP"), Currency("JPY")]
    for step in 0..<500 {
      let wanted = currencies[Int.random(in: 0..<4, using: &generator)]
      let rates = Dictionary(
        currencies.shuffled(using: &generator).prefix(2).map {
          ($0, Decimal(Int.random(in: 1..<300_000, using: &generator)) / 1000)
        }, uniquingKeysWith: { $1 })
      let table = RateTable(currency: wanted, rates: rates)
      let source = currencies[Int.random(in: 0..<4, using: &generator)]
      let parts = (0..<Int.random(in: 1..<9, using: &generator)).map { _ in
        Money(Decimal(Int.random(in: -99_999..<9_999_999, using: &generator)) / 10_000, source)
      }
      let sum = try #require(Money.total(parts))
      let converted = parts.compactMap { table.converted($0, to: wanted) }
      let isReached = source == wanted || rates[source] != nil
      #expect(converted.count == (isReached ? parts.count : 0), "seed \(seed), step \(step)")
      #expect(
        table.converted(sum, to: wanted) == Money.total(converted), "seed \(seed), step \(step)")
      #expect(converted.allSatisfy { $0.currency == wanted }, "seed \(seed), step \(step)")
    }
  }

  @Test func `a fleet of any prices is told in one currency`() {
    let seed = UInt64.random(in: .min ... .max)
    var generator = Generator(state: seed)
    for step in 0..<50 {
      var facts = FleetFixture.facts()
      facts.catalogue.types = facts.catalogue.types.mapValues { type in
        let code = ["USD", "EUR", "GBP"][Int.random(in: 0..<3, using: &generator)]
        let amount = Decimal(Int.random(in: 1..<99, using: &generator))
        return self.priced(type, Money(amount, Currency(code)))
      }
      let wanted: Currency? = [nil, .eur, .usd][Int.random(in: 0..<3, using: &generator)]
      let table = RateTable(currency: wanted, rates: [.usd: 2, .eur: 3])
      let priced = PricedFacts(facts, rates: table)
      let told = priced.facts.catalogue.types.values.compactMap(\.pricePerSecond)
      #expect(Set(told.map(\.currency)).count == 1, "seed \(seed), step \(step)")
      #expect(told.first?.currency == priced.currency, "seed \(seed), step \(step)")
      let snapshot = FleetAssembler(rules: rules(table)).snapshot(from: facts, now: now)
      #expect(snapshot.costs.currency == priced.currency, "seed \(seed), step \(step)")
      let running = facts.replicas.count {
        priced.facts.catalogue.types[$0.type]?.pricePerSecond == nil
      }
      #expect(snapshot.costs.unpricedReplicas == running, "seed \(seed), step \(step)")
    }
  }

  private func priced(_ type: InstanceType, _ price: Money?) -> InstanceType {
    InstanceType(
      id: type.id, displayName: type.displayName, accelerator: type.accelerator,
      processors: type.processors, memory: type.memory, pricePerSecond: price, regions: [])
  }

  @Test func `everything that is shown is in the currency of the table`() throws {
    let assembler = FleetAssembler(rules: rules(euros))
    var facts = FleetFixture.facts()
    facts.trend = [point(Money(10, .usd)), point(Money(9, .eur)), point(Money(9, Currency("GBP")))]
    let snapshot = assembler.snapshot(from: facts, now: now)
    #expect(snapshot.costs.currency == .eur)
    // 8.6904 dollars an hour.
    #expect(snapshot.costs.total.perHour?.formatted(fractionDigits: 4) == "7.9952")
    #expect(snapshot.costs.fixedRate?.text == "EUR at a fixed 0.92/USD")
    #expect(snapshot.workloads.allSatisfy { $0.hourlyCost?.currency == .eur })
    let told = PricedFacts(facts, rates: euros).facts.trend.map(\.idlePerHour)
    #expect(told == [Money(Decimal(string: "9.2") ?? 0, .eur), Money(9, .eur), nil])
    #expect(snapshot.findings.contains { $0.kind == .currency } == false)
  }

  private func point(_ idle: Money?) -> TrendPoint {
    TrendPoint(
      at: now.addingTimeInterval(-600), idlePerHour: idle, utilization: nil, ready: 1,
      requestsPerSecond: nil, latencyP99: nil, troubled: 0)
  }

  @Test func `what is kept for later stays in the catalogue's currency`() {
    var snapshot = FleetAssembler(rules: rules(euros)).snapshot(
      from: FleetFixture.facts(), now: now)
    snapshot.accelerators.idlePerHour = Money(Decimal(string: "9.2") ?? 0, .eur)
    #expect(TrendPoint(snapshot, at: now).idlePerHour == Money(10, .usd))
  }

  @Test func `without a rate amounts stay as they are, and it is said`() throws {
    let table = RateTable(currency: .eur, rates: [Currency("GBP"): 2])
    let snapshot = FleetAssembler(rules: rules(table)).snapshot(
      from: FleetFixture.facts(), now: now)
    #expect(snapshot.costs.currency == .usd)
    #expect(snapshot.costs.total.perHour?.formatted(fractionDigits: 4) == "8.6904")
    #expect(snapshot.costs.fixedRate == nil)
    let finding = try #require(snapshot.findings.first { $0.kind == .currency })
    #expect(finding.severity == .information)
    #expect(finding.summary.contains("stay in USD"))
  }

  @Test func `a preview is in the same currency, with the time of its prices`() throws {
    let plan = ActionPlanner(
      facts: FleetFixture.facts(), rules: rules(euros), isReadOnly: false, now: now
    ).plan(.bounds(WorkloadID("wl-chat"), minimum: 1, maximum: 8))
    #expect(plan.costChange?.currency == .eur)
    // 8 H100 at 0.000916 dollars a second.
    #expect(plan.costAtMost?.formatted(fractionDigits: 4) == "24.2703")
    #expect(plan.pricesReadAt == now)
    #expect(plan.fixedRate?.text == "EUR at a fixed 0.92/USD")
  }

  @Test func `the meter's sums are of the day and the month in which it was read`() throws {
    // Ten minutes into December; the meter was read ten minutes before it.
    let month = Date(timeIntervalSince1970: 1_796_083_200)
    var facts = FleetFixture.facts()
    facts.usages = [
      UsageTotal(
        workloadID: WorkloadID("wl-chat"), region: RegionID("fra"),
        type: InstanceTypeID("gpu-nvidia-h100"), today: .seconds(80_000), month: .seconds(900_000))
    ]
    facts.usagesCoveredUntil = month.addingTimeInterval(-600)
    let costs = FleetAssembler().snapshot(from: facts, now: month.addingTimeInterval(600)).costs
    let rate = try #require(costs.total.perHour)
    #expect(costs.total.monthToDate?.formatted(fractionDigits: 4) == "1.4484")
    #expect(costs.total.today == costs.total.monthToDate)
    let whole = rate.multiplied(by: 24 * 31)
    let forecast = try #require(costs.total.forecast?.subtracting(whole)?.amount)
    #expect(abs(Double(forecast.description) ?? 1) < 0.000_001)
    // The last instant of November: nothing is left of the month.
    let end = month.addingTimeInterval(-1)
    facts.usagesCoveredUntil = end
    let last = FleetAssembler().snapshot(from: facts, now: end).costs.total
    #expect(last.monthToDate?.formatted() == "824.40")
    #expect(last.forecast?.formatted() == "824.40")
  }

  /// SplitMix64.
  struct Generator: RandomNumberGenerator {
    var state: UInt64

    mutating func next() -> UInt64 {
      state &+= 0x9E37_79B9_7F4A_7C15
      var mixed = state
      mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
      mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
      return mixed ^ (mixed >> 31)
    }
  }
}
