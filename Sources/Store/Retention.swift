package import Foundation
import GRDB
import Synchronization

/// How long the cache keeps what: raw samples, minute means, and intervals that have ended.
package struct Retention: Equatable, Sendable {
  package var raw: Duration = .seconds(48 * 3600)
  package var kept: Duration = .seconds(14 * 86_400)
  package var maximumBytes = 2 << 30

  package init() {}
}

extension Store {
  /// Takes one small step of tidying: folds old readings into minutes and drops what is too old.
  ///
  /// True when there is more to do. A step touches few rows, so that a write never waits long.
  package func tidy(_ retention: Retention, now: Date) throws(StoreError) -> Bool {
    past.withLock { $0.clear() }
    let rawLimit = stamp(now) - retention.raw.components.seconds * 1000
    let keptLimit = stamp(now) - retention.kept.components.seconds * 1000
    var changed = try write { try SampleTidying(database: $0).step(rawLimit, keptLimit) }
    changed += try write { database -> Int in
      var changed = 0
      for table in ["traffic", "feed", "sync_run", "trend"] {
        changed += try Self.deleteOldest(database, table, before: keptLimit)
      }
      let ended = try StateWriter.deleteEnded(before: keptLimit, limit: 200, from: database)
      // States that are gone must not be taken for recorded.
      try database.execute(sql: "DELETE FROM coverage WHERE ended < ?", arguments: [keptLimit])
      try database.execute(
        sql: "UPDATE coverage SET began = ? WHERE began < ?", arguments: [keptLimit, keptLimit])
      return changed + ended
    }
    model.withLock { model in
      guard let began = model.coverage?.began, stamp(began) < keptLimit else { return }
      model.coverage?.began = date(keptLimit)
    }
    let isLarge = try read { database in
      let pages = try Int.fetchOne(database, sql: "PRAGMA page_count") ?? 0
      let free = try Int.fetchOne(database, sql: "PRAGMA freelist_count") ?? 0
      let size = try Int.fetchOne(database, sql: "PRAGMA page_size") ?? 4096
      return (pages - free) * size > retention.maximumBytes
    }
    if isLarge { changed += try write { try SampleTidying(database: $0).dropOldest() } }
    try write { try $0.execute(sql: "PRAGMA incremental_vacuum(100)") }
    return changed > 0
  }

  private static func deleteOldest(
    _ database: Database, _ table: String, before limit: Int64
  ) throws -> Int {
    guard let oldest = try Int64.fetchOne(database, sql: "SELECT min(at) FROM \(table)"),
      oldest < limit
    else { return 0 }
    try database.execute(
      sql: "DELETE FROM \(table) WHERE at < ?", arguments: [min(limit, oldest + 60_000)])
    return database.changesCount
  }
}
