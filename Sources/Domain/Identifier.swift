/// An identifier that the platform made; opaque, never parsed for meaning.
///
/// The phantom parameter keeps a replica's identifier from being used as a workload's. Most are
/// UUIDs: these are held as two numbers, since a fleet of ten thousand workloads has a hundred
/// thousand of them, and text of that length has an allocation each.
package struct Identifier<Subject>: Hashable, Sendable, Comparable, CustomStringConvertible {
  fileprivate let storage: IdentifierStorage

  package init(_ rawValue: String) {
    storage = IdentifierStorage(rawValue)
  }

  /// A UUID from its two halves, as they are read from left to right.
  package init(high: UInt64, low: UInt64) {
    storage = .uuid(high, low)
  }

  /// The same identifier, of whatever it is.
  package init<Other>(_ other: Identifier<Other>) {
    storage = other.storage
  }

  package var rawValue: String { storage.text }

  /// The two halves of a UUID in its usual writing; nil for any other identifier.
  package var halves: (high: UInt64, low: UInt64)? {
    guard case .uuid(let high, let low) = storage else { return nil }
    return (high, low)
  }

  /// The first eight characters: what Koyeb's own tools show.
  package var short: String { String(rawValue.prefix(8)) }

  package var description: String { rawValue }

  package static func < (left: Self, right: Self) -> Bool { left.storage < right.storage }
}

extension Identifier: Codable {
  package init(from decoder: any Decoder) throws {
    self.init(try decoder.singleValueContainer().decode(String.self))
  }

  package func encode(to encoder: any Encoder) throws {
    var container = encoder.singleValueContainer()
    try container.encode(rawValue)
  }
}

/// Only the exact usual writing of a UUID, in small letters, becomes numbers: text comes back as it
/// went in.
private enum IdentifierStorage: Hashable, Sendable, Comparable {
  case uuid(UInt64, UInt64)
  case text(String)

  init(_ text: String) {
    var copy = text
    let halves = copy.withUTF8 { Self.halves($0) }
    self = halves.map { .uuid($0, $1) } ?? .text(text)
  }

  var text: String {
    switch self {
    case .text(let text): text
    case .uuid(let high, let low): Self.written(high, low)
    }
  }

  /// The order of the texts: hyphens stand at the same places, and digits come before letters.
  static func < (left: Self, right: Self) -> Bool {
    switch (left, right) {
    case (.uuid(let leftHigh, let leftLow), .uuid(let rightHigh, let rightLow)):
      leftHigh != rightHigh ? leftHigh < rightHigh : leftLow < rightLow
    default: left.text < right.text
    }
  }

  private static func halves(_ bytes: UnsafeBufferPointer<UInt8>) -> (UInt64, UInt64)? {
    guard bytes.count == 36 else { return nil }
    var halves: (UInt64, UInt64) = (0, 0)
    var digits = 0
    for index in 0..<36 {
      let byte = bytes[index]
      if index == 8 || index == 13 || index == 18 || index == 23 {
        guard byte == UInt8(ascii: "-") else { return nil }
        continue
      }
      let digit: UInt8
      switch byte {
      case UInt8(ascii: "0")...UInt8(ascii: "9"): digit = byte - UInt8(ascii: "0")
      case UInt8(ascii: "a")...UInt8(ascii: "f"): digit = byte - UInt8(ascii: "a") + 10
      default: return nil
      }
      if digits < 16 {
        halves.0 = halves.0 << 4 | UInt64(digit)
      } else {
        halves.1 = halves.1 << 4 | UInt64(digit)
      }
      digits += 1
    }
    return halves
  }

  private static func written(_ high: UInt64, _ low: UInt64) -> String {
    String(unsafeUninitializedCapacity: 36) { buffer in
      var place = 0
      for digit in 0..<32 {
        if place == 8 || place == 13 || place == 18 || place == 23 {
          buffer[place] = UInt8(ascii: "-")
          place += 1
        }
        let half = digit < 16 ? high : low
        let value = UInt8(half >> UInt64((15 - digit % 16) * 4) & 15)
        buffer[place] = value < 10 ? value + UInt8(ascii: "0") : value - 10 + UInt8(ascii: "a")
        place += 1
      }
      return place
    }
  }
}

/// Any object of a platform, where it does not matter of which kind.
package enum AnyObjectKind {}

package typealias ObjectID = Identifier<AnyObjectKind>
package typealias AppID = Identifier<App>
package typealias WorkloadID = Identifier<Workload>
package typealias RevisionID = Identifier<Revision>
package typealias ReplicaID = Identifier<Replica>
/// A region as the platform names it: `fra`, `na`; never merged with another.
package typealias RegionID = Identifier<Region>
package typealias InstanceTypeID = Identifier<InstanceType>
/// One GPU or one MIG slice of it: `UUID` or `UUID/GPU_I_ID`.
package typealias AcceleratorID = Identifier<AcceleratorSample>
