package import Domain
import Foundation
import GRDB
import Synchronization

extension Store {
  /// Remembers what the fleet was like; at most once a minute.
  package func record(trend point: TrendPoint) throws(StoreError) {
    try load()
    let isDue = model.withLock { model in
      guard let last = model.trend.last else { return true }
      return point.at.timeIntervalSince(last.at) >= 60
    }
    guard isDue else { return }
    try write { database in
      try database.execute(
        sql: "INSERT OR REPLACE INTO trend (at, payload) VALUES (?, ?)",
        arguments: [stamp(point.at), point.payload()])
    }
    model.withLock { model in
      model.trend.removeAll { point.at.timeIntervalSince($0.at) > TrendReader.span }
      model.trend.append(point)
    }
  }
}

enum TrendReader {
  /// Seconds of a day and one step: the strip's first step began before.
  static let span = 86_700.0

  /// The points of the day before an instant, or before the newest.
  ///
  /// Those that are known are not read again.
  static func points(
    _ database: Database, until instant: Date?, known: [TrendPoint] = []
  ) throws -> [TrendPoint] {
    let newest = try Int64.fetchOne(database, sql: "SELECT max(at) FROM trend") ?? 0
    let end = instant.map(stamp) ?? newest
    let places = Dictionary(known.map { (stamp($0.at), $0) }, uniquingKeysWith: { $1 })
    let rows = try Row.fetchCursor(
      try database.cachedStatement(
        sql: "SELECT at, payload FROM trend WHERE at > ? AND at <= ? ORDER BY at"),
      arguments: [end - Int64(span * 1000), end])
    var points: [TrendPoint] = []
    while let row = try rows.next() {
      points.append(try places[row[0]] ?? TrendPoint(payload: row[1] as Data))
    }
    return points
  }
}

extension TrendPoint: Packed {
  func write(to writer: inout PackedWriter) {
    writer.write(at)
    writer.write(optional: idlePerHour?.amount.description)
    writer.write(optional: idlePerHour?.currency.code)
    writer.write(optional: utilization?.value)
    writer.write(ready)
    writer.write(optional: requestsPerSecond)
    writer.write(optional: latencyP99?.value)
    writer.write(troubled)
  }

  init(from reader: inout PackedReader) throws {
    let at = try reader.date()
    let amount = try reader.optionalString().flatMap { Decimal(string: $0) }
    let currency = try reader.optionalString()
    self.init(
      at: at,
      idlePerHour: amount.flatMap { amount in currency.map { Money(amount, Currency($0)) } },
      utilization: try reader.optionalDouble().flatMap { Ratio($0) }, ready: try reader.int(),
      requestsPerSecond: try reader.optionalDouble(),
      latencyP99: try reader.optionalDouble().map { Milliseconds($0) },
      troubled: try reader.int())
  }
}
