package import FoundationEssentials

/// One running copy of a workload; an instance on Koyeb.
package struct Replica: Hashable, Sendable, Codable {
  package enum Status: String, Sendable, Codable {
    case allocating, starting, healthy, unhealthy, stopping, stopped, error, sleeping
    /// A word that this version does not know; `statusText` has it.
    case unknown

    /// Takes up a machine, and so costs money.
    package var isRunning: Bool {
      switch self {
      case .allocating, .starting, .healthy, .unhealthy, .stopping: true
      case .stopped, .error, .sleeping, .unknown: false
      }
    }
  }

  package let id: ReplicaID
  package let workloadID: WorkloadID
  package let revisionID: RevisionID?
  package let region: RegionID
  package let type: InstanceTypeID
  /// Its place among the replicas of its region, from 0.
  package let index: Int?
  package let status: Status
  package let statusText: String
  package let messages: [String]
  package let datacenter: String?
  package let createdAt: Date?
  package let updatedAt: Date?

  package init(
    id: ReplicaID, workloadID: WorkloadID, revisionID: RevisionID?, region: RegionID,
    type: InstanceTypeID, index: Int?, status: Status, statusText: String, messages: [String],
    datacenter: String?, createdAt: Date?, updatedAt: Date?
  ) {
    self.id = id
    self.workloadID = workloadID
    self.revisionID = revisionID
    self.region = region
    self.type = type
    self.index = index
    self.status = status
    self.statusText = statusText
    self.messages = messages
    self.datacenter = datacenter
    self.createdAt = createdAt
    self.updatedAt = updatedAt
  }
}

/// A manual replica count that beats the autoscaler until it is released.
package struct ScalingOverride: Hashable, Sendable, Codable {
  /// Empty: every region.
  package let regions: [RegionID]
  /// Replicas in each of those regions.
  package let replicas: Int

  package init(regions: [RegionID], replicas: Int) {
    self.regions = regions
    self.replicas = replicas
  }
}
