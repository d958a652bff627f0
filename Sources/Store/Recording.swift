package import Foundation
import GRDB
import Synchronization

/// A part of a cache in a file of its own, to be looked at elsewhere.
package enum RecordingFile {
  /// What is written; a vigie of before cannot read it.
  static let format = 3
  /// What can be read.
  static let formats = 1...format

  /// What is said of a file that is none.
  static func foreign(_ path: String) -> StoreError {
    .unusable("\(path) is not a recording of vigie, or it is damaged")
  }
}

extension Store {
  /// Opens a recording; nothing can be written to it.
  package convenience init(recordingAt path: String) throws(StoreError) {
    guard FileManager.default.isReadableFile(atPath: path) else {
      throw .unusable("\(path) cannot be read")
    }
    do {
      var configuration = Configuration()
      configuration.readonly = true
      var queue = try DatabaseQueue(path: path, configuration: configuration)
      let name = try queue.read { database -> String? in
        guard try database.tableExists("recording"),
          let format = try Int.fetchOne(database, sql: "SELECT format FROM recording"),
          RecordingFile.formats.contains(format),
          try String.fetchOne(database, sql: "PRAGMA quick_check") == "ok"
        else { return nil }
        return try String.fetchOne(database, sql: "SELECT context FROM recording")
      }
      guard let name else { throw RecordingFile.foreign(path) }
      if try !queue.read(Migrations.cache.hasCompletedMigrations) {
        queue = try Self.broughtUpToDate(queue)
      }
      self.init(still: queue, contextName: name)
    } catch let error as StoreError {
      throw error
    } catch {
      throw RecordingFile.foreign(path)
    }
  }

  /// A copy in memory with the tables of now; the file stays as it is.
  private static func broughtUpToDate(_ file: DatabaseQueue) throws -> DatabaseQueue {
    let copy = try DatabaseQueue()
    try file.backup(to: copy)
    try Migrations.cache.migrate(copy)
    return copy
  }

  /// The name of the context that it is of.
  package var contextName: String { model.withLock { $0.contextName } }

  /// Writes all that is known of a span to a new private file, complete in itself.
  ///
  /// The file appears under its name when it is whole, and not before.
  package func record(
    to path: String, span: ClosedRange<Date>, writtenAt: Date
  ) throws(StoreError) {
    try finish()
    let part = path + ".part"
    unlink(part)
    defer { unlink(part) }
    try DatabaseFile.prepare(part)
    do {
      let copy = try DatabaseQueue(path: part)
      try database.backup(to: copy)
      try journalDatabase.read { source in
        let entries = try Row.fetchAll(source, sql: "SELECT * FROM entry ORDER BY number")
        let notes = try Row.fetchAll(source, sql: "SELECT * FROM note ORDER BY number")
        try copy.write { try Self.fill($0, entries: entries, notes: notes) }
      }
      try copy.write { database in
        try Self.cut(database, to: span)
        try database.execute(
          sql: """
            CREATE TABLE recording (format INTEGER, context TEXT, began INTEGER, ended INTEGER,
              written INTEGER) STRICT;
            """)
        try database.execute(
          sql: "INSERT INTO recording VALUES (?, ?, ?, ?, ?)",
          arguments: [
            RecordingFile.format, contextName, stamp(span.lowerBound), stamp(span.upperBound),
            stamp(writtenAt),
          ])
      }
      try copy.writeWithoutTransaction { database in
        try database.execute(sql: "PRAGMA journal_mode = DELETE")
        try database.execute(sql: "VACUUM")
      }
      try copy.close()
    } catch { throw DatabaseFile.translate(error) }
    guard rename(part, path) == 0 else { throw .unusable("\(path) cannot be written") }
  }

  private static func fill(_ database: Database, entries: [Row], notes: [Row]) throws {
    try Migrations.makeJournal(database)
    for row in entries {
      try database.execute(
        sql: "INSERT INTO entry VALUES (?, ?, ?, ?, ?)",
        arguments: [row["number"], row["intent"], row["payload"], row["previous"], row["hash"]])
    }
    for row in notes {
      try database.execute(
        sql: "INSERT INTO note VALUES (?, ?, ?, ?, ?, ?, ?)",
        arguments: [
          row["number"], row["incident"], row["at"], row["kind"], row["text"], row["previous"],
          row["hash"],
        ])
    }
  }

  /// Leaves what held or happened in the span.
  private static func cut(_ database: Database, to span: ClosedRange<Date>) throws {
    let from = stamp(span.lowerBound)
    let until = stamp(span.upperBound)
    try database.execute(
      sql: "DELETE FROM state WHERE valid_until < ? OR valid_from > ?", arguments: [from, until])
    // Two hours more, for how long a GPU had been idle and for the lists of events.
    let before = from - 7_200_000
    for table in ["sample", "sample_minute", "traffic", "feed", "sync_run"] {
      try database.execute(
        sql: "DELETE FROM \(table) WHERE at < ? OR at > ?", arguments: [before, until])
    }
    for table in [SampleTable.readings, .minutes] {
      try table.cut(database, to: before...until)
    }
    // The strip of a day goes on before the span, and ends with it.
    try database.execute(
      sql: "DELETE FROM trend WHERE at < ? OR at > ?",
      arguments: [from - Int64(TrendReader.span * 1000), until])
    try database.execute(
      sql: "DELETE FROM coverage WHERE ended < ? OR began > ?", arguments: [from, until])
    try database.execute(
      sql: "UPDATE coverage SET began = max(began, ?), ended = min(ended, ?)",
      arguments: [from, until])
    try database.execute(sql: "DELETE FROM head; DELETE FROM change")
  }
}
