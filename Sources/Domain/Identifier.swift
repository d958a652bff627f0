/// An identifier that the platform made; opaque, never parsed.
///
/// The phantom parameter keeps a replica's identifier from being used as a workload's.
package struct Identifier<Subject>: Hashable, Sendable, Comparable, CustomStringConvertible {
  package let rawValue: String

  package init(_ rawValue: String) {
    self.rawValue = rawValue
  }

  /// The first eight characters: what Koyeb's own tools show.
  package var short: String { String(rawValue.prefix(8)) }

  package var description: String { rawValue }

  package static func < (left: Self, right: Self) -> Bool { left.rawValue < right.rawValue }
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

package typealias AppID = Identifier<App>
package typealias WorkloadID = Identifier<Workload>
package typealias RevisionID = Identifier<Revision>
package typealias ReplicaID = Identifier<Replica>
/// A region as the platform names it: `fra`, `na`; never merged with another.
package typealias RegionID = Identifier<Region>
package typealias InstanceTypeID = Identifier<InstanceType>
/// One GPU or one MIG slice of it: `UUID` or `UUID/GPU_I_ID`.
package typealias AcceleratorID = Identifier<AcceleratorSample>
