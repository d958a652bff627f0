import Foundation
import GRDB

/// The tables of the first versions, with a row for each sample: they are read, and emptied into
/// chunks step by step, but never written.
struct SampleRows {
  let name: String
  /// The column of errors; means of a minute had none.
  private let error: String

  static let readings = SampleRows(name: "sample", error: "error")
  static let minutes = SampleRows(name: "sample_minute", error: "NULL")

  /// The instant of the newest reading up to `limit` and after `start`; nil when there is none.
  func newest(_ database: Database, after start: Int64, upTo limit: Int64) throws -> Int64? {
    try Int64.fetchOne(
      try database.cachedStatement(sql: "SELECT max(at) FROM \(name) WHERE at > ? AND at <= ?"),
      arguments: [start, limit])
  }

  /// The readings after `start` and up to `end`, oldest first.
  func frames(_ database: Database, after start: Int64, upTo end: Int64) throws -> [SampleFrame] {
    // Columns by place: a name is looked up anew for every row.
    let statement = try database.cachedStatement(
      sql: """
        SELECT at, series, utilization, memory, power, temperature, \(error) FROM \(name)
        WHERE at > ? AND at <= ? ORDER BY at
        """)
    let rows = try Row.fetchCursor(statement, arguments: [start, end])
    var frames: [SampleFrame] = []
    var tick: (at: Int64, rows: [Int: [Int?]])?
    while let row = try rows.next() {
      let at: Int64 = row[0]
      if let full = tick, full.at != at {
        frames.append(SampleFrame(at: full.at, rows: full.rows))
        tick = nil
      }
      var next = tick ?? (at, [:])
      tick = nil
      next.rows[row[1]] = [row[2], row[3], row[4], row[5], row[6]]
      tick = next
    }
    if let tick { frames.append(SampleFrame(at: tick.at, rows: tick.rows)) }
    return frames
  }

  /// Moves the oldest minute of rows into chunks; how many rows those were.
  func moveOldestMinute(to table: SampleTable, in database: Database) throws -> Int {
    guard let oldest = try Int64.fetchOne(database, sql: "SELECT min(at) FROM \(name)") else {
      return 0
    }
    let end = SampleChunk.minute(of: oldest) + 59_999
    try table.add(try frames(database, after: oldest - 1, upTo: end), to: database)
    try database.execute(sql: "DELETE FROM \(name) WHERE at <= ?", arguments: [end])
    return database.changesCount
  }
}
