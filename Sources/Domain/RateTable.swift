package import FoundationEssentials

/// What one unit of a currency is in another, laid down once: no rate of the day.
package struct FixedRate: Hashable, Sendable, Codable {
  package let from: Currency
  package let to: Currency
  /// Units of `to` that one unit of `from` is.
  package let rate: Decimal

  package init(from: Currency, to: Currency, rate: Decimal) {
    self.from = from
    self.to = to
    self.rate = rate
  }

  /// `EUR at a fixed 0.92/USD`.
  package var text: String { "\(to.code) at a fixed \(rate)/\(from.code)" }

  /// The amount as it was before it was converted; one that was not is left as it is.
  package func undone(_ money: Money) -> Money {
    guard money.currency == to, rate > 0 else { return money }
    return Money(money.amount / rate, from)
  }
}

/// Fixed rates into the one currency that everything is told in.
package struct RateTable: Equatable, Sendable {
  /// Nil: the catalogue's own.
  package let currency: Currency?
  private let rates: [Currency: Decimal]

  /// `rates` tells what one unit of each currency is in `currency`.
  package init(currency: Currency? = nil, rates: [Currency: Decimal] = [:]) {
    self.currency = currency
    self.rates = rates.filter { $0.value > 0 }
  }

  /// Nil when there is no rate for it, and when nothing is to be converted.
  package func rate(of source: Currency) -> FixedRate? {
    guard let currency, source != currency, let rate = rates[source] else { return nil }
    return FixedRate(from: source, to: currency, rate: rate)
  }

  /// The amount in a currency; nil when the table does not lead there: two currencies never mix.
  package func converted(_ money: Money, to wanted: Currency) -> Money? {
    if money.currency == wanted { return money }
    guard let rate = rate(of: money.currency), rate.to == wanted else { return nil }
    return Money(money.amount * rate.rate, wanted)
  }

  /// In which one currency prices are told.
  func told(among prices: [Money]) -> Currency? {
    let counts = prices.reduce(into: [Currency: Int]()) { $0[$1.currency, default: 0] += 1 }
    if let currency, counts.keys.contains(where: { $0 == currency || rate(of: $0) != nil }) {
      return currency
    }
    // A catalogue in several currencies is not known of; should there be one, most prices stay.
    return counts.max { left, right in
      left.value != right.value ? left.value < right.value : left.key.code > right.key.code
    }?.key
  }
}
