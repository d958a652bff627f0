package import FoundationEssentials

/// A place where the platform runs replicas.
package struct Region: Hashable, Sendable, Codable {
  package let id: RegionID
  package let name: String
  /// `metropolitan` or `continental`; nil when the platform does not say.
  package let scope: String?
  package let isAvailable: Bool

  package init(id: RegionID, name: String, scope: String?, isAvailable: Bool) {
    self.id = id
    self.name = name
    self.scope = scope
    self.isAvailable = isAvailable
  }
}

/// A size of machine that a replica can run on, with its price.
package struct InstanceType: Hashable, Sendable, Codable {
  package struct Accelerator: Hashable, Sendable, Codable {
    package let model: String
    /// GPUs per replica of this type.
    package let count: Int
    /// As the catalogue says it; whether it is per GPU or for all is not documented.
    package let memory: Bytes?

    package init(model: String, count: Int, memory: Bytes?) {
      self.model = model
      self.count = count
      self.memory = memory
    }
  }

  package let id: InstanceTypeID
  package let displayName: String
  package let accelerator: Accelerator?
  /// Shares of a virtual CPU; nil when not said.
  package let processors: Double?
  package let memory: Bytes?
  /// List price of one replica for one second; nil when the catalogue has none.
  package let pricePerSecond: Money?
  /// Empty: offered in every region.
  package let regions: [RegionID]

  package init(
    id: InstanceTypeID, displayName: String, accelerator: Accelerator?, processors: Double?,
    memory: Bytes?, pricePerSecond: Money?, regions: [RegionID]
  ) {
    self.id = id
    self.displayName = displayName
    self.accelerator = accelerator
    self.processors = processors
    self.memory = memory
    self.pricePerSecond = pricePerSecond
    self.regions = regions
  }

  /// List price of one replica for one hour.
  package var pricePerHour: Money? { pricePerSecond?.multiplied(by: 3600) }

  /// What a table shows: `H100`, `2xA100`, or the type's own name without a GPU.
  package var shortName: String {
    guard let accelerator else { return id.rawValue }
    return accelerator.count > 1 ? "\(accelerator.count)x\(accelerator.model)" : accelerator.model
  }
}

/// How much of a type is left in a region, as coarse as the platform says it.
package enum Availability: String, Sendable, Codable {
  case unknown, low, medium, high
}

/// What can be bought, where, and for how much, at the time it was read.
package struct Catalogue: Equatable, Sendable, Codable {
  package struct Capacity: Hashable, Sendable, Codable {
    package let type: InstanceTypeID
    package let region: RegionID
    package let availability: Availability

    package init(type: InstanceTypeID, region: RegionID, availability: Availability) {
      self.type = type
      self.region = region
      self.availability = availability
    }
  }

  package var regions: [RegionID: Region]
  package var types: [InstanceTypeID: InstanceType]
  package var capacity: [Capacity]
  /// When the prices were read; nil before the first read.
  package var readAt: Date?

  package init(
    regions: [RegionID: Region] = [:], types: [InstanceTypeID: InstanceType] = [:],
    capacity: [Capacity] = [], readAt: Date? = nil
  ) {
    self.regions = regions
    self.types = types
    self.capacity = capacity
    self.readAt = readAt
  }

  package func availability(of type: InstanceTypeID, in region: RegionID) -> Availability {
    capacity.first { $0.type == type && $0.region == region }?.availability ?? .unknown
  }
}

/// What the organization may use at most.
package struct Quotas: Equatable, Sendable, Codable {
  /// Replicas of a type; a type that is missing has no known limit.
  package var maximumInstances: [InstanceTypeID: Int]
  package var readAt: Date

  package init(maximumInstances: [InstanceTypeID: Int], readAt: Date) {
    self.maximumInstances = maximumInstances
    self.readAt = readAt
  }
}
