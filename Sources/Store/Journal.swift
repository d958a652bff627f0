package import Domain
package import Foundation
import GRDB

extension Store {
  /// Writes down what is about to be sent; it is on disk when this returns.
  package func appendIntent(_ entry: JournalEntry) throws(StoreError) -> Int64 {
    try append(intent: nil, payload: entry)
  }

  /// Writes down what came of it, as a row of its own: nothing is ever changed.
  package func settle(_ id: Int64, outcome: ActionOutcome, at: Date) throws(StoreError) {
    _ = try append(intent: id, payload: Outcome(outcome: outcome, at: at))
    ring()
  }

  /// The newest entries with their last outcomes, newest first.
  package func journal(limit: Int) throws(StoreError) -> [JournalEntry] {
    do {
      return try journalDatabase.read { database in
        let intents = try Row.fetchAll(
          database,
          sql:
            "SELECT number, payload FROM entry WHERE intent IS NULL ORDER BY number DESC LIMIT ?",
          arguments: [limit])
        return try intents.map { try Self.entry($0, database) }
      }
    } catch { throw DatabaseFile.translate(error) }
  }

  /// One entry with its last outcome; nil when there is none of that number.
  package func journalEntry(_ number: Int64) throws(StoreError) -> JournalEntry? {
    do {
      return try journalDatabase.read { database in
        try Row.fetchOne(
          database, sql: "SELECT number, payload FROM entry WHERE intent IS NULL AND number = ?",
          arguments: [number]
        ).map { try Self.entry($0, database) }
      }
    } catch { throw DatabaseFile.translate(error) }
  }

  private static func entry(_ row: Row, _ database: Database) throws -> JournalEntry {
    let number: Int64 = row["number"]
    var entry = try JSONDecoder().decode(JournalEntry.self, from: row["payload"] as Data)
    entry.id = number
    let last = try Data.fetchOne(
      database, sql: "SELECT payload FROM entry WHERE intent = ? ORDER BY number DESC LIMIT 1",
      arguments: [number])
    if let last {
      let outcome = try JSONDecoder().decode(Outcome.self, from: last)
      entry.outcome = outcome.outcome
      entry.settledAt = outcome.at
    }
    return entry
  }

  /// Whether every entry and every note still hashes to what it says, from the first to the last.
  package func journalIsIntact() throws(StoreError) -> Bool {
    do {
      return try journalDatabase.read { database in
        var previous = ""
        let rows = try Row.fetchCursor(database, sql: "SELECT * FROM entry ORDER BY number")
        while let row = try rows.next() {
          let hash = Self.link(previous, row["intent"], row["payload"])
          guard row["previous"] as String == previous, row["hash"] as String == hash else {
            return false
          }
          previous = hash
        }
        return try NoteChain.isIntact(database)
      }
    } catch { throw DatabaseFile.translate(error) }
  }

  private struct Outcome: Codable {
    var outcome: ActionOutcome
    var at: Date
  }

  private func append(intent: Int64?, payload: some Encodable) throws(StoreError) -> Int64 {
    do {
      return try journalDatabase.write { database in
        let data = try JSONEncoder().encode(payload)
        let previous =
          try String.fetchOne(
            database, sql: "SELECT hash FROM entry ORDER BY number DESC LIMIT 1") ?? ""
        try database.execute(
          sql: "INSERT INTO entry (intent, payload, previous, hash) VALUES (?, ?, ?, ?)",
          arguments: [intent, data, previous, Self.link(previous, intent, data)])
        return database.lastInsertedRowID
      }
    } catch { throw DatabaseFile.translate(error) }
  }

  private static func link(_ previous: String, _ intent: Int64?, _ payload: Data) -> String {
    var bytes = Array("\(previous)\n\(intent.map(String.init) ?? "")\n".utf8)
    bytes.append(contentsOf: payload)
    return SHA256.hexadecimal(of: bytes)
  }
}
