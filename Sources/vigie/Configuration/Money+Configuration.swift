import Domain
import Foundation

extension Money {
  /// An amount of 0 or more and its currency, `12.50 EUR`; nil when it is no such text.
  init?(configured text: String) {
    let parts = text.split(separator: " ")
    guard parts.count == 2, let amount = Decimal(configured: String(parts[0])),
      let currency = Currency(configured: String(parts[1]))
    else { return nil }
    self.init(amount, currency)
  }
}

extension Currency {
  /// Three capital letters; nil for anything else.
  init?(configured code: String) {
    guard code.utf8.count == 3, code.utf8.allSatisfy({ (65...90).contains($0) }) else { return nil }
    self.init(code)
  }
}

extension Decimal {
  /// Plain digits with at most one point; nothing else is taken for a number.
  init?(configured text: String) {
    let parts = text.split(separator: ".", omittingEmptySubsequences: false)
    let isPlain = parts.allSatisfy { part in
      !part.isEmpty && part.utf8.allSatisfy { (48...57).contains($0) }
    }
    guard (1...2).contains(parts.count), isPlain, text.utf8.count <= 20 else { return nil }
    self.init(string: text)
  }
}
