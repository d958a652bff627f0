/// A share of a whole; 0 is none, 1 is all.
///
/// May exceed 1 where the whole is a target.
package struct Ratio: Hashable, Sendable, Comparable, Codable {
  package let value: Double

  /// Nil for a value that is not a finite number.
  package init?(_ value: Double) {
    guard value.isFinite else { return nil }
    self.value = value
  }

  package init(percent: Int) {
    value = Double(percent) / 100
  }

  /// Whole percent, rounded to nearest.
  package var percent: Int { Int((value * 100).rounded()) }

  package static func < (left: Self, right: Self) -> Bool { left.value < right.value }
}
