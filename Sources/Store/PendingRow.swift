import Foundation
import GRDB

/// A new state of one object on its way to the disk.
struct PendingRow: Sendable {
  let kind: StateKind
  let id: String
  let owner: String?
  let at: Int64
  let payload: Data

  init(
    _ kind: StateKind, id: String, owner: String?, _ item: some Payload, at: Int64
  ) throws(StoreError) {
    self.kind = kind
    self.id = id
    self.owner = owner
    self.at = at
    do { payload = try item.payload() } catch { throw DatabaseFile.translate(error) }
  }

  /// In the order of the table's key: neighbours share pages, and a page is written once.
  static func write(_ rows: [PendingRow], to database: Database) throws {
    guard !rows.isEmpty else { return }
    let order = rows.indices.sorted { left, right in
      let (one, other) = (rows[left], rows[right])
      if one.kind != other.kind { return one.kind.rawValue < other.kind.rawValue }
      return one.id != other.id ? one.id < other.id : left < right
    }
    for index in order {
      let row = rows[index]
      try StateWriter(database: database, at: row.at)
        .replace(row.kind, id: row.id, owner: row.owner, data: row.payload)
    }
  }
}

extension Store {
  /// Rows of a sweep that are written as one transaction.
  static let batchSize = 4000
  /// Milliseconds that a row waits at most while a sweep goes on.
  static let longestWait: Int64 = 2000
}
