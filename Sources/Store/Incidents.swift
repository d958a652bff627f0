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
      let number = try journalDatabase.immediately { database in
        let text = String(text.prefix(500))
        let previous =
          try String.fetchOne(database, sql: "SELECT hash FROM note ORDER BY number DESC LIMIT 1")
          ?? ""
        let hash = NoteChain.link(previous, incident, stamp(at), kind, text)
        try database.execute(
          sql: """
            INSERT INTO note (incident, at, kind, text, previous, hash) VALUES (?, ?, ?, ?, ?, ?)
            """, arguments: [incident, stamp(at), kind, text, previous, hash])
        return database.lastInsertedRowID
      }
      ring()
      return number
    } catch { throw DatabaseFile.translate(error) }
  }
}

/// Ties each note to the one before it, so that none can be changed or taken out unseen.
enum NoteChain {
  static func link(
    _ previous: String, _ incident: Int64?, _ at: Int64, _ kind: String, _ text: String
  ) -> String {
    let number = incident.map(String.init) ?? ""
    return SHA256.hexadecimal(of: Array("\(previous)\n\(number)\n\(at)\n\(kind)\n\(text)".utf8))
  }

  /// Notes from before there was a chain have no hash; none may stand after one that has.
  static func isIntact(_ database: Database) throws -> Bool {
    var previous: String?
    let rows = try Row.fetchCursor(database, sql: "SELECT * FROM note ORDER BY number")
    while let row = try rows.next() {
      guard let hash: String = row["hash"] else {
        if previous != nil { return false }
        continue
      }
      let wanted = link(previous ?? "", row["incident"], row["at"], row["kind"], row["text"])
      guard row["previous"] as String? == previous ?? "", hash == wanted else { return false }
      previous = hash
    }
    return true
  }
}
