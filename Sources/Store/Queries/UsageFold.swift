import Domain
import Foundation
import GRDB

/// Folds metered runs into days and months.
enum UsageFold {
  static func totals(_ database: Database, now: Date) throws -> [UsageTotal] {
    var calendar = Calendar(identifier: .gregorian)
    calendar.timeZone = .gmt
    let day = stamp(calendar.startOfDay(for: now))
    let month = stamp(calendar.dateInterval(of: .month, for: now)?.start ?? now)
    let end = stamp(now)
    // A run counts from its start for as many seconds as the platform metered, cut at midnight.
    let rows = try Row.fetchAll(
      database,
      sql: """
        SELECT workload, region, type,
          sum(max(0, min(coalesce(ended, started + seconds * 1000), :end) - max(started, :day)))
            / 1000 AS today,
          sum(max(0, min(coalesce(ended, started + seconds * 1000), :end) - max(started, :month)))
            / 1000 AS month
        FROM usage
        WHERE coalesce(ended, started + seconds * 1000) > :month
        GROUP BY workload, region, type ORDER BY workload
        """, arguments: ["end": end, "day": day, "month": month])
    return rows.map { row in
      UsageTotal(
        workloadID: WorkloadID(row["workload"]), region: RegionID(row["region"]),
        type: InstanceTypeID(row["type"]), today: .seconds(row["today"] as Int64),
        month: .seconds(row["month"] as Int64))
    }
  }

  /// Seconds that replicas ran in each step of the day before an instant, by type.
  static func day(_ database: Database, now: Date) throws -> MeteredDay {
    let end = DayTrend.end(of: now)
    let length = Double(DayTrend.step.components.seconds)
    let start = stamp(end) - Int64(DayTrend.count) * Int64(length * 1000)
    var seconds: [InstanceTypeID: [Double]] = [:]
    let rows = try Row.fetchCursor(
      database,
      sql: """
        SELECT type, started, coalesce(ended, :now) FROM usage
        WHERE coalesce(ended, :now) > :start AND started < :now
        """, arguments: ["now": stamp(now), "start": start])
    while let row = try rows.next() {
      let type = InstanceTypeID(row[0])
      let from = Double(max(0, row[1] as Int64 - start)) / 1000
      let until = Double(row[2] as Int64 - start) / 1000
      guard until > from else { continue }
      var steps = seconds[type] ?? Array(repeating: 0, count: DayTrend.count)
      for place in Int(from / length)...min(DayTrend.count - 1, Int(until / length)) {
        let opens = Double(place) * length
        steps[place] += max(0, min(until, opens + length) - max(from, opens))
      }
      seconds[type] = steps
    }
    return MeteredDay(end: end, step: DayTrend.step, seconds: seconds)
  }
}
