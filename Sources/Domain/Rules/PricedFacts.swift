/// Facts whose amounts are all in one currency: what is shown, judged and planned from.
struct PricedFacts {
  let facts: FleetFacts
  let rates: RateTable
  /// Nil before prices were read.
  let currency: Currency?
  /// What the prices were converted by; nil when they are as the catalogue has them.
  let rate: FixedRate?

  init(_ facts: FleetFacts, rates: RateTable) {
    self.rates = rates
    let prices = facts.catalogue.types.values.compactMap(\.pricePerSecond)
    let currency = rates.told(among: prices)
    self.currency = currency
    rate = prices.first { $0.currency != currency }.flatMap { rates.rate(of: $0.currency) }
    guard let currency else {
      self.facts = facts
      return
    }
    var told = facts
    if prices.contains(where: { $0.currency != currency }) {
      told.catalogue.types = facts.catalogue.types.mapValues { $0.told(in: currency, rates) }
    }
    if facts.trend.contains(where: { $0.idlePerHour.map { $0.currency != currency } ?? false }) {
      told.trend = facts.trend.map { $0.told(in: currency, rates) }
    }
    self.facts = told
  }

  /// The currency that was asked for, when there is no rate that leads to it.
  var unreached: Currency? {
    guard let wanted = rates.currency, let currency, wanted != currency else { return nil }
    return wanted
  }

  var findings: [Finding] {
    guard let wanted = unreached, let currency else { return [] }
    return [
      Finding(
        id: "currency/\(wanted.code)", severity: .information, kind: .currency, workloadID: nil,
        subject: "currency \(wanted.code)", region: nil,
        summary: "amounts stay in \(currency.code): the configuration has no rate for it",
        since: nil, burnt: nil, remedy: .costs)
    ]
  }
}

extension InstanceType {
  /// A price that the table cannot convert is no price: it would mix with others.
  fileprivate func told(in currency: Currency, _ rates: RateTable) -> InstanceType {
    InstanceType(
      id: id, displayName: displayName, accelerator: accelerator, processors: processors,
      memory: memory,
      pricePerSecond: pricePerSecond.flatMap { rates.converted($0, to: currency) },
      regions: regions)
  }
}

extension TrendPoint {
  fileprivate func told(in currency: Currency, _ rates: RateTable) -> TrendPoint {
    TrendPoint(
      at: at, idlePerHour: idlePerHour.flatMap { rates.converted($0, to: currency) },
      utilization: utilization, ready: ready, requestsPerSecond: requestsPerSecond,
      latencyP99: latencyP99, troubled: troubled)
  }
}
