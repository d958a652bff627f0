import Console
import Domain
import Engine
import Foundation
import Store

/// Gathers an incident's story from the cache and writes it to a private file.
struct IncidentExport {
  enum Format: String, CaseIterable {
    case markdown = "md"
    case json
  }

  let store: Store
  let rules: @Sendable () -> Rulebook
  let contextName: String
  let now: Date

  /// How far before its start the story begins: the cause comes before the page.
  static let prelude = 1800.0

  func text(_ incident: Incident, format: Format) throws(StoreError) -> String {
    let feed = PastFeed(store: store, rules: rules)
    let end = incident.endedAt ?? now
    let span = incident.startedAt.addingTimeInterval(-Self.prelude)...max(end, incident.startedAt)
    let timeline = try feed.timeline(in: span)
    let first = timeline.entries.first { $0.severity == .critical }?.at ?? incident.startedAt
    let report = IncidentReport(
      incident: incident, contextName: contextName, timeline: timeline,
      before: try feed.snapshot(at: first.addingTimeInterval(-15)),
      after: try feed.snapshot(at: end), end: end)
    switch format {
    case .markdown: return report.markdown()
    case .json: return report.json()
    }
  }

  /// The path of the file, which only its owner can read.
  func write(_ incident: Incident, format: Format, folder: String) throws -> String {
    let text = try text(incident, format: format)
    let files = FileManager.default
    try files.createDirectory(
      atPath: folder, withIntermediateDirectories: true, attributes: [.posixPermissions: 0o700])
    let stamp = WireClock.text(incident.startedAt).filter { $0 != ":" }
    let path = "\(folder)/incident-\(incident.id)-\(stamp).\(format.rawValue)"
    let isWritten = files.createFile(
      atPath: path, contents: Data(text.utf8), attributes: [.posixPermissions: 0o600])
    guard isWritten else { throw StoreErrorText(message: "\(path) cannot be written") }
    return path
  }
}
