package import Domain
package import Foundation
import GRDB
import Synchronization

extension Store {
  /// Writes down what is about to be sent; it is on disk when this returns.
  package func appendIntent(_ entry: JournalEntry) throws(StoreError) -> Int64 {
    guard let number = try append(intent: nil, payload: entry) else {
      throw .failed("the journal did not take the entry")
    }
    return number
  }

  /// Writes down what came of it, as a row of its own: nothing is ever changed.
  package func settle(_ id: Int64, outcome: ActionOutcome, at: Date) throws(StoreError) {
    try append(intent: id, payload: Outcome(outcome: outcome, at: at))
    ring()
  }

  /// Writes down how it was seen to end, unless another process has done so; whether it did.
  @discardableResult
  package func conclude(
    _ id: Int64, outcome: ActionOutcome, at: Date
  ) throws(StoreError) -> Bool {
    let isFirst = try append(intent: id, payload: Outcome(outcome: outcome, at: at)) { database in
      try Self.lastOutcome(of: id, database)?.outcome.isOpen ?? true
    }
    ring()
    return isFirst != nil
  }

  /// Whether another process wrote to the journal since this was asked for last.
  package func journalHasNews() throws(StoreError) -> Bool {
    do {
      let version = try journalDatabase.writeWithoutTransaction {
        try Int.fetchOne($0, sql: "PRAGMA data_version")
      }
      return journalVersion.withLock { known in
        defer { known = version }
        return known != nil && known != version
      }
    } catch { throw DatabaseFile.translate(error) }
  }

  /// Has everybody look again at what the journal says.
  package func journalWasRead() { ring() }

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
    if let last = try lastOutcome(of: number, database) {
      entry.outcome = last.outcome
      entry.settledAt = last.at
    }
    return entry
  }

  private static func lastOutcome(of number: Int64, _ database: Database) throws -> Outcome? {
    try Data.fetchOne(
      database, sql: "SELECT payload FROM entry WHERE intent = ? ORDER BY number DESC LIMIT 1",
      arguments: [number]
    ).map { try JSONDecoder().decode(Outcome.self, from: $0) }
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

  /// Appends in one transaction that begins with the lock: whoever else appends waits, and finds
  /// this as the end of the chain.
  ///
  /// Nil when `isWanted` says so, asked within the transaction.
  @discardableResult
  private func append(
    intent: Int64?, payload: some Encodable, if isWanted: (Database) throws -> Bool = { _ in true }
  ) throws(StoreError) -> Int64? {
    do {
      let data = try JSONEncoder().encode(payload)
      return try journalDatabase.immediately { database in
        guard try isWanted(database) else { return nil }
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

extension DatabaseWriter {
  /// One transaction that has the lock before it reads: what it read is still so when it writes.
  func immediately<Value>(_ body: (Database) throws -> Value) throws -> Value {
    try writeWithoutTransaction { database in
      var value: Value?
      try database.inTransaction(.immediate) {
        value = try body(database)
        return .commit
      }
      guard let value else { throw DatabaseError(resultCode: .SQLITE_ABORT) }
      return value
    }
  }
}

extension ActionOutcome {
  /// Whether it is still to be seen how it ends.
  package var isOpen: Bool {
    switch self {
    case .accepted: true
    case .done, .failed, .refused, .stale, .unknown: false
    }
  }
}
