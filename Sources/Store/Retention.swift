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
  /// Takes one small step of tidying: folds old samples into minutes and drops what is too old.
  ///
  /// True when there is more to do. A step touches few rows, so that a write never waits long.
  package func tidy(_ retention: Retention, now: Date) throws(StoreError) -> Bool {
    let rawLimit = stamp(now) - retention.raw.components.seconds * 1000
    let keptLimit = stamp(now) - retention.kept.components.seconds * 1000
    let changed = try write { database -> Int in
      var changed = try Self.foldOldestMinute(database, before: rawLimit)
      for table in ["sample_minute", "traffic", "feed", "sync_run", "trend"] {
        changed += try Self.deleteOldest(database, table, before: keptLimit)
      }
      try database.execute(
        sql: """
          DELETE FROM state WHERE (kind, id, valid_from) IN (
            SELECT kind, id, valid_from FROM state WHERE valid_until < ? LIMIT 200)
          """, arguments: [keptLimit])
      let ended = database.changesCount
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
      let size = try Int.fetchOne(database, sql: "PRAGMA page_size") ?? 4096
      return pages * size > retention.maximumBytes
    }
    if isLarge {
      try write { database in
        for table in ["sample", "sample_minute"] {
          let oldest = try Int64.fetchOne(database, sql: "SELECT min(at) FROM \(table)") ?? 0
          _ = try Self.deleteOldest(database, table, before: oldest + 60_000)
        }
      }
    }
    try write { try $0.execute(sql: "PRAGMA incremental_vacuum(100)") }
    return changed > 0 || isLarge
  }

  private static func foldOldestMinute(_ database: Database, before limit: Int64) throws -> Int {
    guard
      let oldest = try Int64.fetchOne(
        database, sql: "SELECT min(at) FROM sample WHERE at < ?", arguments: [limit])
    else { return 0 }
    let minute = oldest / 60_000 * 60_000
    try database.execute(
      sql: """
        INSERT OR REPLACE INTO sample_minute
        SELECT ?, series, CAST(avg(utilization) + 0.5 AS INTEGER), max(memory),
          CAST(avg(power) + 0.5 AS INTEGER), max(temperature)
        FROM sample WHERE at >= ? AND at < ? GROUP BY series
        """,
      arguments: [minute, minute, minute + 60_000])
    try database.execute(
      sql: "DELETE FROM sample WHERE at >= ? AND at < ?", arguments: [minute, minute + 60_000])
    return database.changesCount
  }

  private static func deleteOldest(
    _ database: Database, _ table: String, before limit: Int64
  ) throws -> Int {
    let rows = try Int.fetchOne(
      database, sql: "SELECT count(*) FROM (SELECT 1 FROM \(table) WHERE at < ? LIMIT 1)",
      arguments: [limit])
    guard rows == 1 else { return 0 }
    let oldest = try Int64.fetchOne(database, sql: "SELECT min(at) FROM \(table)") ?? limit
    try database.execute(
      sql: "DELETE FROM \(table) WHERE at < ?", arguments: [min(limit, oldest + 60_000)])
    return database.changesCount
  }
}
