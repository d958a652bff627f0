import Domain
import Foundation
import GRDB

/// One line of what the cache holds.
package struct StatisticsLine: Equatable, Sendable {
  package let name: String
  package let value: String
}

extension Store {
  /// Sizes, rows and times, for a person to read.
  package func statistics() throws(StoreError) -> [StatisticsLine] {
    let span = try recordedSpan()
    return try read { database in
      let pages = try Int.fetchOne(database, sql: "PRAGMA page_count") ?? 0
      let size = try Int.fetchOne(database, sql: "PRAGMA page_size") ?? 4096
      let free = try Int.fetchOne(database, sql: "PRAGMA freelist_count") ?? 0
      var lines = [
        StatisticsLine(name: "bytes", value: String(pages * size)),
        StatisticsLine(name: "bytes free", value: String(free * size)),
        StatisticsLine(
          name: "recorded",
          value: span.map {
            "\($0.lowerBound.formatted(.iso8601)) to \($0.upperBound.formatted(.iso8601))"
          } ?? "nothing"),
      ]
      for table in [SampleTable.readings, .minutes] {
        let count = try Int.fetchOne(database, sql: "SELECT sum(samples) FROM \(table.name)") ?? 0
        lines.append(StatisticsLine(name: "samples in \(table.name)", value: String(count)))
      }
      for table in [
        "state", "sample_chunk", "minute_chunk", "sample", "sample_minute", "traffic", "feed",
        "usage", "trend", "coverage", "sync_run",
      ] {
        let count = try Int.fetchOne(database, sql: "SELECT count(*) FROM \(table)") ?? 0
        lines.append(StatisticsLine(name: "rows of \(table)", value: String(count)))
      }
      return lines
    }
  }
}
