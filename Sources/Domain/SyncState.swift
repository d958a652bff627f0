package import FoundationEssentials

/// A kind of thing that is fetched on its own schedule.
package enum SyncResource: String, Sendable, Codable, CaseIterable, Hashable {
  case catalogue, apps, workloads, revisions, replicas, overrides, activities, usages, quotas
  case traffic
  case accelerators
}

/// Where the sync of one resource stands.
package struct SyncState: Equatable, Sendable, Codable {
  package struct Progress: Equatable, Sendable, Codable {
    package let done: Int
    /// Nil while the platform has not said how many there are.
    package let total: Int?

    package init(done: Int, total: Int?) {
      self.done = done
      self.total = total
    }
  }

  package var resource: SyncResource
  /// When the last whole sweep ended; nil before the first.
  package var completedAt: Date?
  /// How often it is meant to be read.
  package var interval: Duration
  /// One clear sentence; nil when the last attempt went well.
  package var failure: String?
  package var retryAt: Date?
  /// Present while a sweep is under way.
  package var progress: Progress?

  package init(
    resource: SyncResource, completedAt: Date? = nil, interval: Duration, failure: String? = nil,
    retryAt: Date? = nil, progress: Progress? = nil
  ) {
    self.resource = resource
    self.completedAt = completedAt
    self.interval = interval
    self.failure = failure
    self.retryAt = retryAt
    self.progress = progress
  }

  /// Whether the data is older than it should be: twice its interval and a margin.
  package func isStale(at now: Date) -> Bool {
    guard let completedAt else { return failure != nil }
    let limit = Double(interval.components.seconds) * 2 + 5
    return now.timeIntervalSince(completedAt) > limit
  }
}

/// Where the platform is read: one of several consoles on a cache does so for all.
package enum SyncDuty: Equatable, Sendable {
  case here
  case elsewhere
}
