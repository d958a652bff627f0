package import FoundationEssentials

/// A group of workloads that deploy and are named together.
package struct App: Hashable, Sendable, Codable {
  package let id: AppID
  package let name: String
  package let status: String

  package init(id: AppID, name: String, status: String) {
    self.id = id
    self.name = name
    self.status = status
  }
}

/// The thing that a person scales and rolls back; a service on Koyeb.
package struct Workload: Hashable, Sendable, Codable {
  package enum Kind: String, Sendable, Codable {
    case web, worker, database, sandbox, unknown
  }

  package enum Status: String, Sendable, Codable {
    case starting, healthy, degraded, unhealthy, deleting, deleted, pausing, paused, resuming
    /// A word that this version does not know; `Workload.statusText` has it.
    case unknown
  }

  package let id: WorkloadID
  package let appID: AppID
  package let name: String
  package let kind: Kind
  package let status: Status
  /// The platform's own word, for display.
  package let statusText: String
  package let messages: [String]
  /// Rises whenever the platform changes the workload: the cheap change detector.
  package let version: UInt64?
  package let createdAt: Date?
  package let updatedAt: Date?
  /// What serves now; nil when nothing does.
  package let activeRevisionID: RevisionID?
  /// The newest one; may be a stashed draft.
  package let latestRevisionID: RevisionID?
  /// What policies may match; nil on a platform that has no labels, as Koyeb.
  package let labels: [String: String]?

  package init(
    id: WorkloadID, appID: AppID, name: String, kind: Kind, status: Status, statusText: String,
    messages: [String], version: UInt64?, createdAt: Date?, updatedAt: Date?,
    activeRevisionID: RevisionID?, latestRevisionID: RevisionID?,
    labels: [String: String]? = nil
  ) {
    self.id = id
    self.appID = appID
    self.name = name
    self.kind = kind
    self.status = status
    self.statusText = statusText
    self.messages = messages
    self.version = version
    self.createdAt = createdAt
    self.updatedAt = updatedAt
    self.activeRevisionID = activeRevisionID
    self.latestRevisionID = latestRevisionID
    self.labels = labels
  }
}
