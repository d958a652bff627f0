import Domain
import Foundation
import GRDB

/// Reads back the samples of the last minutes.
enum SampleReader {
  /// Puts the ticks of the quarter of an hour before `end` into a ring.
  static func ring(
    _ database: Database, identities: [AcceleratorID: AcceleratorSample], end: Date?
  ) throws -> AcceleratorRing {
    if let end { return try pastRing(database, identities: identities, at: end) }
    var ring = AcceleratorRing()
    let newest =
      try Int64.fetchOne(database, sql: "SELECT max(at) FROM sample") ?? 0
    let idle = try idleSince(database, until: newest)
    let rows = try Row.fetchCursor(
      database,
      sql: """
        SELECT sample.*, series.id AS id FROM sample JOIN series ON series.number = series
        WHERE at > ? AND at <= ? ORDER BY at
        """, arguments: [newest - 900_000, newest])
    var tick: Int64?
    var samples: [AcceleratorSample] = []
    while let row = try rows.next() {
      let at: Int64 = row["at"]
      if let tick, tick != at {
        ring.add(samples, at: date(tick), idleSince: idle)
        samples = []
      }
      tick = at
      guard let identity = identities[AcceleratorID(row["id"])] else { continue }
      samples.append(identity.with(numbers: numbers(row), at: date(at)))
    }
    if let tick { ring.add(samples, at: date(tick), idleSince: idle) }
    return ring
  }

  /// The ring as it was at an instant: one reading a minute, and every fifth minute of two hours
  /// for how long a GPU had been idle.
  ///
  /// Reading fewer ticks than there were keeps a step back fast for thousands of GPUs.
  private static func pastRing(
    _ database: Database, identities: [AcceleratorID: AcceleratorSample], at instant: Date
  ) throws -> AcceleratorRing {
    var ring = AcceleratorRing(step: .seconds(60))
    let end = stamp(instant)
    let names = try seriesNames(database)
    var idle: [Int64: Int64] = [:]
    let recent = (0..<15).reversed().map { end - Int64($0) * 60_000 }
    let older = (3..<24).reversed().map { end - Int64($0) * 300_000 }
    for limit in older {
      guard let tick = try tick(database, before: limit, within: 300_000) else { continue }
      let rows = try Row.fetchCursor(
        database, sql: "SELECT series, utilization FROM \(tick.table) WHERE at = ?",
        arguments: [tick.at])
      while let row = try rows.next() {
        note(series: row[0], utilization: row[1], at: tick.at, in: &idle)
      }
    }
    for limit in recent {
      guard let tick = try tick(database, before: limit, within: 60_000) else { continue }
      // Columns by place: a name is looked up anew for every row.
      let error = tick.table == "sample" ? "error" : "NULL"
      let rows = try Row.fetchCursor(
        database,
        sql: """
          SELECT series, utilization, memory, power, temperature, \(error) FROM \(tick.table)
          WHERE at = ?
          """, arguments: [tick.at])
      var samples: [AcceleratorSample] = []
      var idleSince: [AcceleratorID: Date] = [:]
      while let row = try rows.next() {
        let series: Int64 = row[0]
        note(series: series, utilization: row[1], at: tick.at, in: &idle)
        guard let name = names[series], let identity = identities[name] else { continue }
        let numbers = AcceleratorSample.Numbers(
          utilization: (row[1] as Int?).flatMap { Ratio(Double($0) / 10_000) },
          memory: (row[2] as Int?).map { Bytes(Int64($0) << 20) },
          power: (row[3] as Int?).map { Watts(Double($0) / 10) },
          temperature: (row[4] as Int?).map { Celsius(Double($0) / 10) }, error: row[5])
        samples.append(identity.with(numbers: numbers, at: date(tick.at)))
        if let since = idle[series] { idleSince[identity.id] = date(since) }
      }
      ring.add(samples, at: date(tick.at), idleSince: idleSince)
    }
    return ring
  }

  private static func note(
    series: Int64, utilization: Int?, at: Int64, in idle: inout [Int64: Int64]
  ) {
    if let utilization, utilization < 500 {
      idle[series] = idle[series] ?? at
    } else {
      idle[series] = nil
    }
  }

  private static func seriesNames(_ database: Database) throws -> [Int64: AcceleratorID] {
    var names: [Int64: AcceleratorID] = [:]
    let rows = try Row.fetchCursor(database, sql: "SELECT number, id FROM series")
    while let row = try rows.next() { names[row[0]] = AcceleratorID(row[1]) }
    return names
  }

  /// The newest reading at or before an instant, from the raw samples or from the minutes.
  private static func tick(
    _ database: Database, before limit: Int64, within distance: Int64
  ) throws -> (table: String, at: Int64)? {
    for table in ["sample", "sample_minute"] {
      let found = try Int64.fetchOne(
        database, sql: "SELECT max(at) FROM \(table) WHERE at <= ? AND at > ?",
        arguments: [limit, limit - distance])
      if let found { return (table, found) }
    }
    return nil
  }

  private static func numbers(_ row: Row) -> AcceleratorSample.Numbers {
    AcceleratorSample.Numbers(
      utilization: (row["utilization"] as Int?).flatMap { Ratio(Double($0) / 10_000) },
      memory: (row["memory"] as Int?).map { Bytes(Int64($0) << 20) },
      power: (row["power"] as Int?).map { Watts(Double($0) / 10) },
      temperature: (row["temperature"] as Int?).map { Celsius(Double($0) / 10) },
      error: row["error"])
  }

  /// Since when each GPU that is idle has been so, as far back as two hours.
  private static func idleSince(
    _ database: Database, until newest: Int64
  ) throws -> [AcceleratorID: Date] {
    let rows = try Row.fetchAll(
      database,
      sql: """
        SELECT series.id AS id, min(at) AS first,
          max(CASE WHEN utilization >= 500 OR utilization IS NULL THEN at END) AS busy
        FROM sample JOIN series ON series.number = series
        WHERE at > ? AND at <= ? GROUP BY series
        """, arguments: [newest - 7_200_000, newest])
    var result: [AcceleratorID: Date] = [:]
    for row in rows {
      let busy: Int64? = row["busy"]
      result[AcceleratorID(row["id"])] = date(busy ?? row["first"])
    }
    return result
  }
}
