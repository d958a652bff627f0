import Foundation
import GRDB

/// How far back a transaction reached, for those who follow from another process.
///
/// Milliseconds since 1970; nil where nothing of the kind was written. A row that was written is at
/// or after the instant, whatever the clock did meanwhile.
struct ChangeNote: Equatable, Sendable {
  /// The earliest beginning or end of a state.
  var states: Int64?
  var feed: Int64?
  var traffic: Int64?

  mutating func add(_ other: ChangeNote) {
    states = Self.earlier(states, other.states)
    feed = Self.earlier(feed, other.feed)
    traffic = Self.earlier(traffic, other.traffic)
  }

  private static func earlier(_ one: Int64?, _ other: Int64?) -> Int64? {
    [one, other].compactMap { $0 }.min()
  }
}

/// One short row for each transaction, so that what it wrote is found without comparing everything.
///
/// Only the newest are kept; who was away for longer reads all anew.
enum ChangeLog {
  private static let kept: Int64 = 1000

  static func append(_ note: ChangeNote, to database: Database) throws {
    try database.cachedStatement(
      sql: "INSERT INTO change (states, feed, traffic) VALUES (?, ?, ?)"
    ).execute(arguments: [note.states, note.feed, note.traffic])
    let number = database.lastInsertedRowID
    guard number % 100 == 0 else { return }
    try database.execute(
      sql: "DELETE FROM change WHERE number <= ?", arguments: [number - kept])
  }

  static func newest(_ database: Database) throws -> Int64 {
    try Int64.fetchOne(
      try database.cachedStatement(sql: "SELECT max(number) FROM change")) ?? 0
  }

  /// What all transactions after one reached back to; nil when some of them are not known any more.
  static func since(_ number: Int64, in database: Database) throws -> ChangeNote? {
    let newest = try newest(database)
    guard newest >= number else { return nil }
    let row = try Row.fetchOne(
      try database.cachedStatement(
        sql: """
          SELECT count(*), min(states), min(feed), min(traffic) FROM change WHERE number > ?
          """), arguments: [number])
    guard let row, row[0] as Int64 == newest - number else { return nil }
    return ChangeNote(states: row[1], feed: row[2], traffic: row[3])
  }
}
