package import Domain
package import FoundationEssentials

/// The revisions of a workload as records, newest first.
package struct HistoryExport {
  private typealias Member = ExportValue.Member

  private let revisions: [RevisionRow]
  private let now: Date

  package init(_ revisions: [RevisionRow], now: Date) {
    self.revisions = revisions
    self.now = now
  }

  /// The columns of the plain table.
  package static let tableKeys = [
    "active", "revision", "status", "age", "trigger", "source", "healthy",
  ]

  package var records: [ExportValue] {
    revisions.map { row in
      let revision = row.revision
      return .object([
        Member("id", .text(revision.id.rawValue)), Member("status", .text(revision.statusText)),
        Member("active", .bool(row.isActive)), Member("latest", .bool(row.isLatest)),
        Member("created_at", .time(revision.createdAt)),
        Member("trigger", .text(revision.trigger.rawValue)),
        Member("author", .optional(revision.author) { .text($0) }),
        Member("commit", .optional(revision.commit) { .text($0) }),
        Member("source", .text(revision.definition.source.text)),
        Member(
          "healthy_seconds",
          .optional(row.healthyFor) { .integer(Int($0.components.seconds)) }),
        Member("messages", .list(revision.messages.map { .text($0) })),
      ])
    }
  }

  /// The same in words, for a table.
  package var tableRecords: [ExportValue] {
    revisions.map { row in
      let revision = row.revision
      let source = revision.commit.map { String($0.prefix(8)) } ?? revision.definition.source.text
      let healthy = row.healthyFor.map {
        Formatting.age(seconds: Double($0.components.seconds))
      }
      return .object([
        Member("active", .text(row.isActive ? "*" : "")),
        Member("revision", .text(revision.id.short)), Member("status", .text(revision.statusText)),
        Member("age", .text(Formatting.age(from: revision.createdAt, to: now))),
        Member("trigger", .text(revision.trigger.rawValue)), Member("source", .text(source)),
        Member("healthy", .text(row.isActive ? "serves now" : healthy ?? "never seen")),
      ])
    }
  }
}
