import Domain
import Foundation

extension MoneyBook {
  /// Reads `currency`, `[rates]` and every `[[budget]]`.
  init(_ reader: TOMLReader) throws(ConfigurationError) {
    self.init(rates: try Self.rates(reader), budgets: try Self.budgets(reader))
  }

  private static func rates(_ reader: TOMLReader) throws(ConfigurationError) -> RateTable {
    let code = try reader.string("currency")
    let currency = code.flatMap(currency)
    if code != nil, currency == nil {
      throw reader.wrong("currency", expected: "a code of three letters, such as \"EUR\"")
    }
    guard let table = try reader.subtable("rates") else { return RateTable(currency: currency) }
    guard let currency else {
      throw reader.wrong("rates", expected: "beside currency = \"…\", into which they lead")
    }
    var rates: [Currency: Decimal] = [:]
    for (name, text) in (try reader.strings("rates") ?? [:]).sorted(by: { $0.key < $1.key }) {
      guard let source = Self.currency(name), source != currency else {
        throw table.wrong(name, expected: "the rate of another currency, such as USD")
      }
      guard let rate = amount(text) else {
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
      guard let monthly = money(text) else {
        throw table.wrong("monthly", expected: "an amount and its currency, such as \"20000 EUR\"")
      }
      let match = try table.subtable("match").map { table throws(ConfigurationError) in
        try Self.match(table)
      }
      try table.finish(allowed: "name, match, monthly")
      budgets.append(Budget(name: name, match: match ?? Budget.Match(), monthly: monthly))
    }
    return budgets
  }

  private static func match(_ table: TOMLReader) throws(ConfigurationError) -> Budget.Match {
    let match = Budget.Match(
      contexts: try table.list("context") ?? [],
      regions: try table.list("region") ?? [], apps: try table.list("app") ?? [],
      workloads: try table.list("workload") ?? [],
      labels: try table.list("label") ?? [])
    try table.finish(allowed: "context, region, app, workload, label")
    return match
  }

  /// `20000 EUR`.
  private static func money(_ text: String) -> Money? {
    let parts = text.split(separator: " ")
    guard parts.count == 2, let amount = amount(String(parts[0])),
      let currency = currency(String(parts[1]))
    else { return nil }
    return Money(amount, currency)
  }

  private static func currency(_ code: String) -> Currency? {
    code.utf8.count == 3 && code.utf8.allSatisfy { (65...90).contains($0) } ? Currency(code) : nil
  }

  /// Plain digits with at most one point, above zero; nothing else is taken for a number.
  private static func amount(_ text: String) -> Decimal? {
    let parts = text.split(separator: ".", omittingEmptySubsequences: false)
    let isPlain = parts.allSatisfy { part in
      !part.isEmpty && part.utf8.allSatisfy { (48...57).contains($0) }
    }
    guard (1...2).contains(parts.count), isPlain, text.utf8.count <= 20,
      let value = Decimal(string: text), value > 0
    else { return nil }
    return value
  }
}
