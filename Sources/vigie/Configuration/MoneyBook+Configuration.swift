import Domain
import Foundation

extension MoneyBook {
  /// Reads `currency`, `[rates]` and every `[[budget]]`.
  init(_ reader: TOMLReader) throws(ConfigurationError) {
    self.init(rates: try Self.rates(reader), budgets: try Self.budgets(reader))
  }

  private static func rates(_ reader: TOMLReader) throws(ConfigurationError) -> RateTable {
    let code = try reader.string("currency")
    let currency = code.flatMap { Currency(configured: $0) }
    if code != nil, currency == nil {
      throw reader.wrong("currency", expected: "a code of three letters, such as \"EUR\"")
    }
    guard let table = try reader.subtable("rates") else { return RateTable(currency: currency) }
    guard let currency else {
      throw reader.wrong("rates", expected: "beside currency = \"…\", into which they lead")
    }
    var rates: [Currency: Decimal] = [:]
    for (name, text) in (try reader.strings("rates") ?? [:]).sorted(by: { $0.key < $1.key }) {
      guard let source = Currency(configured: name), source != currency else {
        throw table.wrong(name, expected: "the rate of another currency, such as USD")
      }
      guard let rate = Decimal(configured: text), rate > 0 else {
        throw table.wrong(
          name, expected: "what one \(name) is in \(currency.code), above 0, such as \"0.92\"")
      }
      rates[source] = rate
    }
    return RateTable(currency: currency, rates: rates)
  }

  private static func budgets(_ reader: TOMLReader) throws(ConfigurationError) -> [Budget] {
    var budgets: [Budget] = []
    for table in try reader.tables("budget") {
      let name = try table.string("name")
      guard let name, !name.isEmpty, name.count <= 40 else {
        throw table.missing("name", "up to 40 letters")
      }
      guard !budgets.contains(where: { $0.name == name }) else {
        throw table.wrong("name", expected: "a name that no other budget has")
      }
      guard let text = try table.string("monthly") else {
        throw table.missing("monthly", "such as \"20000 EUR\"")
      }
      guard let monthly = Money(configured: text), monthly.isPositive else {
        throw table.wrong("monthly", expected: "an amount and its currency, such as \"20000 EUR\"")
      }
      let match = try table.subtable("match").map { match throws(ConfigurationError) in
        let found = Budget.Match(try WorkloadMatch(match), regions: try match.patterns("region"))
        try match.finish(allowed: "context, region, app, workload, label")
        return found
      }
      try table.finish(allowed: "name, match, monthly")
      budgets.append(
        Budget(name: name, match: match ?? Budget.Match(WorkloadMatch()), monthly: monthly))
    }
    return budgets
  }
}
