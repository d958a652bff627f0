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

  /// Ten-thousandths of a unit, for sorting: comparing decimals is slow.
  var rank: Int64 {
    let text = amount.description.utf8
    var value: Int64 = 0
    var fraction = -1
    for byte in text where byte != UInt8(ascii: "-") {
      if byte == UInt8(ascii: ".") {
        fraction = 0
        continue
      }
      guard fraction < 4, value < 1 << 55 else { break }
      value = value * 10 + Int64(byte - UInt8(ascii: "0"))
      if fraction >= 0 { fraction += 1 }
    }
    for _ in max(0, fraction)..<4 { value *= 10 }
    return amount < 0 ? -value : value
  }
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
    // Essentials has no rounding; its arithmetic is slow, and a screen has hundreds of amounts.
    var digits = Array(description.utf8)
    let isNegative = digits.first == UInt8(ascii: "-")
    if isNegative { digits.removeFirst() }
    let point = digits.firstIndex(of: UInt8(ascii: ".")) ?? digits.count
    if point < digits.count { digits.remove(at: point) }
    let wanted = point + fractionDigits
    let isRoundedUp = digits.count > wanted && digits[wanted] >= UInt8(ascii: "5")
    digits = Array(digits.prefix(wanted))
    while digits.count < wanted { digits.append(UInt8(ascii: "0")) }
    if isRoundedUp { Self.increment(&digits) }
    let whole = digits.count - fractionDigits
    var text: [UInt8] = []
    if isNegative, digits.contains(where: { $0 != UInt8(ascii: "0") }) {
      text.append(UInt8(ascii: "-"))
    }
    if whole == 0 { text.append(UInt8(ascii: "0")) }
    for (index, digit) in digits.enumerated() {
      if index == whole { text.append(UInt8(ascii: ".")) }
      if index > 0, index < whole, (whole - index).isMultiple(of: 3) {
        text.append(UInt8(ascii: ","))
      }
      text.append(digit)
    }
    return String(decoding: text, as: UTF8.self)
  }

  /// Adds one to a number written in digits.
  private static func increment(_ digits: inout [UInt8]) {
    for index in digits.indices.reversed() {
      if digits[index] < UInt8(ascii: "9") {
        digits[index] += 1
        return
      }
      digits[index] = UInt8(ascii: "0")
    }
    digits.insert(UInt8(ascii: "1"), at: 0)
  }
}
