/// A number of bytes.
package struct Bytes: Hashable, Sendable, Comparable, Codable {
  package let count: Int64

  package init(_ count: Int64) { self.count = count }

  package static func mebibytes(_ count: Double) -> Bytes { Bytes(Int64(count * 1_048_576)) }

  package var gibibytes: Double { Double(count) / 1_073_741_824 }

  package static func < (left: Self, right: Self) -> Bool { left.count < right.count }
}

/// Electric power.
package struct Watts: Hashable, Sendable, Comparable, Codable {
  package let value: Double

  package init(_ value: Double) { self.value = value }

  package static func < (left: Self, right: Self) -> Bool { left.value < right.value }
}

/// A temperature.
package struct Celsius: Hashable, Sendable, Comparable, Codable {
  package let value: Double

  package init(_ value: Double) { self.value = value }

  package static func < (left: Self, right: Self) -> Bool { left.value < right.value }
}

/// A response time.
package struct Milliseconds: Hashable, Sendable, Comparable, Codable {
  package let value: Double

  package init(_ value: Double) { self.value = value }

  package static func < (left: Self, right: Self) -> Bool { left.value < right.value }
}
