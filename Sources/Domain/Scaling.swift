package import FoundationEssentials

/// A change of a replica count, with who and why as far as it is known.
package struct ScalingEvent: Hashable, Sendable, Codable {
  package enum Kind: String, Sendable, Codable {
    case up, down, slept, woke, overrideSet, overrideReleased
  }

  package enum Actor: String, Sendable, Codable {
    /// The platform's autoscaler said so.
    case autoscaler
    /// A person, by an override.
    case manual
    /// Seen only as a difference between two readings.
    case observed
  }

  /// The platform's event, or one made of workload, region and time for an observed change.
  package let id: String
  package let at: Date
  package let workloadID: WorkloadID?
  package let workloadName: String
  package let region: RegionID?
  package let from: Int?
  package let to: Int?
  package let kind: Kind
  package let actor: Actor
  /// Why, in words; the platform gives none, so this is inferred.
  package let inferredReason: String?

  package init(
    id: String, at: Date, workloadID: WorkloadID?, workloadName: String, region: RegionID?,
    from: Int?, to: Int?, kind: Kind, actor: Actor, inferredReason: String?
  ) {
    self.id = id
    self.at = at
    self.workloadID = workloadID
    self.workloadName = workloadName
    self.region = region
    self.from = from
    self.to = to
    self.kind = kind
    self.actor = actor
    self.inferredReason = inferredReason
  }
}

/// An entry of the platform's feed that is not about scaling: deployed, failed, paused.
package struct Activity: Hashable, Sendable, Codable {
  package let id: String
  package let at: Date
  /// The platform's verb, verbatim: `succeeded`, `failed`, `paused`.
  package let verb: String
  package let objectType: String
  package let objectName: String
  package let workloadID: WorkloadID?
  package let workloadName: String?
  package let actor: String?
  package let messages: [String]

  package init(
    id: String, at: Date, verb: String, objectType: String, objectName: String,
    workloadID: WorkloadID?, workloadName: String?, actor: String?, messages: [String]
  ) {
    self.id = id
    self.at = at
    self.verb = verb
    self.objectType = objectType
    self.objectName = objectName
    self.workloadID = workloadID
    self.workloadName = workloadName
    self.actor = actor
    self.messages = messages
  }
}

/// What the platform measured of one workload's traffic.
package struct TrafficSample: Hashable, Sendable, Codable {
  package let workloadID: WorkloadID
  package let sampledAt: Date
  package let requestsPerSecond: Double?
  package let latencyP50: Milliseconds?
  package let latencyP99: Milliseconds?
  /// 1 is one whole virtual CPU.
  package let processor: Ratio?
  package let memory: Bytes?

  package init(
    workloadID: WorkloadID, sampledAt: Date, requestsPerSecond: Double?,
    latencyP50: Milliseconds?, latencyP99: Milliseconds?, processor: Ratio?, memory: Bytes?
  ) {
    self.workloadID = workloadID
    self.sampledAt = sampledAt
    self.requestsPerSecond = requestsPerSecond
    self.latencyP50 = latencyP50
    self.latencyP99 = latencyP99
    self.processor = processor
    self.memory = memory
  }
}
