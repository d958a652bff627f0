package import Domain
import FoundationEssentials
import Terminal

/// Journal entries as records, as lines, and one in full.
package struct JournalExport {
  private typealias Member = ExportValue.Member

  private let entries: [JournalEntry]

  package init(_ entries: [JournalEntry]) {
    self.entries = entries
  }

  /// The columns of the plain table.
  package static let tableKeys = [
    "id", "at", "actor", "action", "deployment", "summary", "outcome",
  ]

  package var records: [ExportValue] { entries.map(Self.record) }

  /// The same with the outcome in words, for a table.
  package var tableRecords: [ExportValue] {
    entries.map { entry in
      .object([
        Member("id", .integer(Int(entry.id))), Member("at", .time(entry.at)),
        Member("actor", .text(entry.actor)), Member("action", .text(entry.request.verb)),
        Member("deployment", .text(entry.workloadName)), Member("summary", .text(entry.summary)),
        Member("outcome", .text(entry.outcomeWords)),
      ])
    }
  }

  package static func record(_ entry: JournalEntry) -> ExportValue {
    .object([
      Member("id", .integer(Int(entry.id))), Member("at", .time(entry.at)),
      Member("actor", .text(entry.actor)), Member("context", .text(entry.contextName)),
      Member("action", .text(entry.request.verb)),
      Member("deployment_id", .text(entry.workloadID.rawValue)),
      Member("deployment", .text(entry.workloadName)), Member("summary", .text(entry.summary)),
      Member("calls", .list(entry.calls.map(ActionExport.call))),
      Member("waiver", .optional(entry.waiver, ActionExport.waiver)),
      Member("outcome", .optional(entry.outcome, ActionExport.outcome)),
      Member("settled_at", .time(entry.settledAt)),
    ])
  }

  /// One entry in full, a fact a line.
  package static func text(_ entry: JournalEntry) -> String {
    var lines = [
      ("entry", String(entry.id)), ("at", WireClock.text(entry.at)), ("by", entry.actor),
      ("context", entry.contextName),
      ("deployment", "\(entry.workloadName)  \(entry.workloadID)"),
      ("action", "\(entry.request.verb) \(entry.summary)"),
    ]
    if let waiver = entry.waiver { lines.append(("waiver", waiver.words)) }
    lines += entry.calls.map { ("call", $0.text) }
    lines.append(("outcome", entry.outcomeWords))
    if let at = entry.settledAt { lines.append(("seen at", WireClock.text(at))) }
    return lines.map { label, text in
      Sanitizer.clean(label + String(repeating: " ", count: 14 - label.count) + text)
    }.joined(separator: "\n")
  }
}

extension JournalEntry {
  /// What came of it, in words.
  package var outcomeWords: String {
    switch outcome {
    case nil: "no outcome written"
    case .accepted: "accepted, watching"
    case .done: "done"
    case .failed(let reason): "failed: \(reason)"
    case .refused(let reason): "refused: \(reason)"
    case .stale(let reason): "not sent: \(reason)"
    case .unknown(let reason): "not known: \(reason)"
    }
  }
}
