import Foundation
import GRDB

/// Writes intervals of state: an old one ends where a new one begins.
struct StateWriter {
  let database: Database
  let at: Int64

  func replace(_ kind: StateKind, id: String, owner: String? = nil, with payload: some Payload)
    throws
  {
    try replace(kind, id: id, owner: owner, data: try payload.payload())
  }

  func replace(_ kind: StateKind, id: String, owner: String?, data: Data) throws {
    // Two changes within one millisecond: the first was never seen, so it is written over.
    try database.cachedStatement(
      sql: "DELETE FROM state WHERE kind = ? AND id = ? AND valid_from = ?"
    ).execute(arguments: [kind.rawValue, id, at])
    try end(kind, id: id)
    let places = StatePlace.places(from: at, until: nil)
    try database.cachedStatement(
      sql: """
        INSERT INTO state (place, kind, id, valid_from, owner, payload)
        VALUES (\(Self.freePlace), ?, ?, ?, ?, ?)
        """
    ).execute(
      arguments: [
        places.lowerBound, places.lowerBound, places.upperBound, kind.rawValue, id, at, owner, data,
      ])
  }

  func end(_ kind: StateKind, id: String) throws {
    let statement = try database.cachedStatement(
      sql: """
        SELECT place, valid_from FROM state INDEXED BY state_current
        WHERE kind = ? AND id = ? AND valid_until IS NULL
        """)
    guard let row = try Row.fetchOne(statement, arguments: [kind.rawValue, id]) else { return }
    let place: Int64 = row[0]
    let from: Int64 = row[1]
    let until = max(at, from)
    let places = StatePlace.places(from: from, until: until)
    try database.cachedStatement(
      sql: "UPDATE state SET place = \(Self.freePlace), valid_until = ? WHERE place = ?"
    ).execute(
      arguments: [places.lowerBound, places.lowerBound, places.upperBound, until, place])
  }

  /// Deletes some states that ended before an instant; how many.
  static func deleteEnded(
    before end: Int64, limit: Int, from database: Database
  ) throws -> Int {
    let statement = try database.cachedStatement(
      sql: """
        DELETE FROM state WHERE place IN (
          SELECT place FROM state WHERE place BETWEEN ? AND ? AND valid_until < ? LIMIT ?)
        """)
    var count = 0
    for places in StatePlace.places(endedBefore: end) where count < limit {
      try statement.execute(
        arguments: [places.lowerBound, places.upperBound, end, limit - count])
      count += database.changesCount
    }
    return count
  }

  /// The first free place of a slice, by its first place twice and its last.
  private static let freePlace =
    "(SELECT coalesce(max(place) + 1, ?) FROM state WHERE place BETWEEN ? AND ?)"
}
