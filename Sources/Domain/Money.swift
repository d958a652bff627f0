package import FoundationEssentials

/// An ISO 4217 currency code.
///
/// Held as a number: every amount has one, and a large fleet has hundreds of thousands of amounts.
package struct Currency: Hashable, Sendable {
  private let letters: UInt32

  /// Up to four letters, as ISO's three; what is longer is cut.
  package init(_ code: String) {
    letters = code.utf8.prefix(4).reduce(0) { $0 << 8 | UInt32($1) }
  }

  package var code: String {
    let bytes = (0..<4).map { UInt8(truncatingIfNeeded: letters >> UInt32((3 - $0) * 8)) }
    return String(decoding: bytes.drop { $0 == 0 }, as: UTF8.self)
  }

  /// What Koyeb's catalogue is priced in.
  package static let usd = Currency("USD")
  package static let eur = Currency("EUR")
}

extension Currency: Codable {
  private enum Key: String, CodingKey {
    case code
  }

  package init(from decoder: any Decoder) throws {
    self.init(try decoder.container(keyedBy: Key.self).decode(String.self, forKey: .code))
  }

  package func encode(to encoder: any Encoder) throws {
    var container = encoder.container(keyedBy: Key.self)
    try container.encode(code, forKey: .code)
  }
}

/// An exact amount of one currency.
///
/// Two currencies never add up.
package struct Money: Hashable, Sendable, Codable {
  package let amount: Decimal
  package let currency: Currency

  package init(_ amount: Decimal, _ currency: Currency) {
    self.amount = amount
    self.currency = currency
  }

  package static func zero(_ currency: Currency) -> Money { Money(0, currency) }

  /// Nil when the currencies differ: there is no such sum.
  package func adding(_ other: Money) -> Money? {
    guard currency == other.currency else { return nil }
    return Money(amount + other.amount, currency)
  }

  /// Nil when the currencies differ.
  package func subtracting(_ other: Money) -> Money? {
    guard currency == other.currency else { return nil }
    return Money(amount - other.amount, currency)
  }

  package func multiplied(by factor: Decimal) -> Money { Money(amount * factor, currency) }

  package var isPositive: Bool { amount > 0 }
}

extension Money {
  /// The sum of the amounts; nil when there is none or the currencies differ.
  package static func total(_ amounts: some Sequence<Money>) -> Money? {
    var sum: Money?
    for amount in amounts {
      guard let current = sum else {
        sum = amount
        continue
      }
      guard let next = current.adding(amount) else { return nil }
      sum = next
    }
    return sum
  }

  /// The amount alone, rounded half away from zero: `61,204.50` for two fraction digits.
  package func formatted(fractionDigits: Int = 2) -> String {
    amount.grouped(fractionDigits: fractionDigits)
  }

  /// With its sign always shown: `+11.80`.
  package func formattedChange(fractionDigits: Int = 2) -> String {
    (amount >= 0 ? "+" : "") + formatted(fractionDigits: fractionDigits)
  }
}

extension Decimal {
  /// Plain digits with a comma every three and exactly so many fraction digits; no locale.
  func grouped(fractionDigits: Int) -> String {
    let isNegative = self < 0
    let scale = (0..<fractionDigits).reduce(Decimal(1)) { scale, _ in scale * 10 }
    // Essentials has no rounding: add a half, then drop what is left of the fraction.
    let shifted = (isNegative ? -self : self) * scale + Decimal(5) / 10
    var digits = String(shifted.description.prefix { $0 != "." })
    while digits.count <= fractionDigits { digits.insert("0", at: digits.startIndex) }
    let fraction = String(digits.suffix(fractionDigits))
    var grouped: [Character] = []
    for (index, digit) in digits.dropLast(fractionDigits).reversed().enumerated() {
      if index > 0, index.isMultiple(of: 3) { grouped.append(",") }
      grouped.append(digit)
    }
    let isZero = digits.allSatisfy { $0 == "0" }
    let sign = isNegative && !isZero ? "-" : ""
    return sign + String(grouped.reversed()) + (fractionDigits > 0 ? "." + fraction : "")
  }
}
