import Domain
import Foundation
import GRDB

/// What a row of `state` is of; the numbers are on disk and stay.
enum StateKind: Int {
  case app = 1
  case workload = 2
  case revision = 3
  case replica = 4
  case overrides = 5
  case catalogue = 6
  case quotas = 7
  /// Who a GPU is and who holds it; its numbers are samples.
  case accelerator = 8
  case metricsSource = 9
  /// An open finding, as it was when it opened.
  case finding = 10
}

/// Milliseconds since 1970: how instants stand in the database.
func stamp(_ date: Date) -> Int64 { Int64((date.timeIntervalSince1970 * 1000).rounded()) }

func date(_ stamp: Int64) -> Date { Date(timeIntervalSince1970: Double(stamp) / 1000) }

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
    try database.cachedStatement(
      sql: "INSERT INTO state (kind, id, valid_from, owner, payload) VALUES (?, ?, ?, ?, ?)"
    ).execute(arguments: [kind.rawValue, id, at, owner, data])
  }

  func end(_ kind: StateKind, id: String) throws {
    try database.cachedStatement(
      sql: """
        UPDATE state SET valid_until = max(?, valid_from)
        WHERE kind = ? AND id = ? AND valid_until IS NULL
        """
    ).execute(arguments: [at, kind.rawValue, id])
  }
}
