package import FoundationEssentials

/// One immutable version of a workload; a deployment on Koyeb.
package struct Revision: Hashable, Sendable, Codable {
  package enum Status: String, Sendable, Codable {
    case pending, provisioning, scheduled, canceling, canceled, allocating, starting, healthy,
      degraded, unhealthy, stopping, stopped, erroring, error, stashed, sleeping
    /// A word that this version does not know; `statusText` has it.
    case unknown

    /// On its way to serving; Koyeb's dashboard calls these upcoming.
    package var isRollingOut: Bool {
      switch self {
      case .pending, .provisioning, .scheduled, .allocating, .starting: true
      case .canceling, .canceled, .healthy, .degraded, .unhealthy, .stopping, .stopped,
        .erroring, .error, .stashed, .sleeping, .unknown:
        false
      }
    }

    package var isServing: Bool { self == .healthy || self == .sleeping }

    /// Ended, or about to end, without having served.
    package var isFailed: Bool {
      switch self {
      case .degraded, .unhealthy, .erroring, .error, .canceled: true
      case .pending, .provisioning, .scheduled, .canceling, .allocating, .starting, .healthy,
        .stopping, .stopped, .stashed, .sleeping, .unknown:
        false
      }
    }
  }

  package enum Trigger: String, Sendable, Codable {
    case initial, redeploy, resume, git, unknown
  }

  package let id: RevisionID
  package let workloadID: WorkloadID
  package let status: Status
  /// The platform's own word, for display.
  package let statusText: String
  package let messages: [String]
  package let trigger: Trigger
  /// Who pushed or asked, when the platform says so.
  package let author: String?
  /// The commit that was built; nil for images or when not said (forty zeros mean unknown).
  package let commit: String?
  package let createdAt: Date
  package let startedAt: Date?
  package let succeededAt: Date?
  package let terminatedAt: Date?
  package let version: UInt64?
  package let definition: Definition

  package init(
    id: RevisionID, workloadID: WorkloadID, status: Status, statusText: String,
    messages: [String], trigger: Trigger, author: String?, commit: String?, createdAt: Date,
    startedAt: Date?, succeededAt: Date?, terminatedAt: Date?, version: UInt64?,
    definition: Definition
  ) {
    self.id = id
    self.workloadID = workloadID
    self.status = status
    self.statusText = statusText
    self.messages = messages
    self.trigger = trigger
    self.author = author
    self.commit = commit
    self.createdAt = createdAt
    self.startedAt = startedAt
    self.succeededAt = succeededAt
    self.terminatedAt = terminatedAt
    self.version = version
    self.definition = definition
  }
}
