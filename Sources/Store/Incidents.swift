package import Domain
package import Foundation
import GRDB

/// The record of incidents: what persons wrote, in the journal's file, never changed.
extension Store {
  /// Opens an incident; its number.
  package func startIncident(_ title: String, at: Date) throws(StoreError) -> Int64 {
    try note(nil, "start", title, at: at)
  }

  package func mark(_ incident: Int64, _ text: String, at: Date) throws(StoreError) {
    _ = try note(incident, "mark", text, at: at)
  }

  package func endIncident(_ incident: Int64, at: Date) throws(StoreError) {
    _ = try note(incident, "end", "", at: at)
  }

  /// Newest first.
  package func incidents() throws(StoreError) -> [Incident] {
    do {
      return try journalDatabase.read { database in
        try Row.fetchAll(
          database,
          sql: """
            SELECT start.number, start.at, start.text,
              (SELECT min(at) FROM note WHERE incident = start.number AND kind = 'end') AS ended
            FROM note AS start WHERE start.kind = 'start' ORDER BY start.number DESC
            """
        ).map { row in
          Incident(
            id: row["number"], title: row["text"], startedAt: date(row["at"]),
            endedAt: (row["ended"] as Int64?).map(date))
        }
      }
    } catch { throw DatabaseFile.translate(error) }
  }

  func notes(in span: ClosedRange<Date>) throws(StoreError) -> [TimelineEntry] {
    do {
      return try journalDatabase.read { database in
        try Row.fetchAll(
          database, sql: "SELECT * FROM note WHERE at >= ? AND at <= ? ORDER BY number",
          arguments: [stamp(span.lowerBound), stamp(span.upperBound)]
        ).map { row in
          let kind: String = row["kind"]
          let text: String = row["text"]
          let words =
            switch kind {
            case "start": "incident started: \(text)"
            case "end": "incident ended"
            default: text
            }
          let number: Int64 = row["number"]
          return TimelineEntry(id: "note/\(number)", at: date(row["at"]), kind: .note, text: words)
        }
      }
    } catch { throw DatabaseFile.translate(error) }
  }

  private func note(
    _ incident: Int64?, _ kind: String, _ text: String, at: Date
  ) throws(StoreError) -> Int64 {
    do {
      let number = try journalDatabase.write { database in
        try database.execute(
          sql: "INSERT INTO note (incident, at, kind, text) VALUES (?, ?, ?, ?)",
          arguments: [incident, stamp(at), kind, String(text.prefix(500))])
        return database.lastInsertedRowID
      }
      ring()
      return number
    } catch { throw DatabaseFile.translate(error) }
  }
}
