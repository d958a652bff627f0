package import FoundationEssentials

/// A trouble that persons gave a name, from its start to its end.
package struct Incident: Equatable, Sendable, Codable {
  package let id: Int64
  package let title: String
  package let startedAt: Date
  /// Nil while it is open.
  package let endedAt: Date?

  package init(id: Int64, title: String, startedAt: Date, endedAt: Date?) {
    self.id = id
    self.title = title
    self.startedAt = startedAt
    self.endedAt = endedAt
  }
}
