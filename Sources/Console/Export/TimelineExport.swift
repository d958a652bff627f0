package import Domain
import Terminal

/// What happened as records: the same in a list and in the report of an incident.
package struct TimelineExport {
  private typealias Member = ExportValue.Member

  private let entries: [TimelineEntry]

  package init(_ entries: [TimelineEntry]) {
    self.entries = entries
  }

  /// The columns of the plain table; JSON and CSV have all keys.
  package static let tableKeys = ["at", "kind", "region", "deployment", "text", "actor"]

  package var records: [ExportValue] { entries.map(Self.record) }

  private static func record(_ entry: TimelineEntry) -> ExportValue {
    .object([
      Member("at", .time(entry.at)), Member("kind", .text(entry.kind.rawValue)),
      Member("severity", .text(entry.severity.exportName)),
      Member("deployment", .text(Sanitizer.clean(entry.workloadName))),
      Member("region", .optional(entry.region) { .text(Sanitizer.clean($0.rawValue)) }),
      Member("text", .text(Sanitizer.clean(entry.text))),
      Member("actor", .optional(entry.actor) { .text(Sanitizer.clean($0)) }),
      Member("calls", .list(entry.calls.map { .text(Sanitizer.clean($0)) })),
    ])
  }
}
