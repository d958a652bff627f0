import Foundation
import GRDB

/// Finds readings by their instants, whichever table they are in.
///
/// Rows that were read once are kept while it lives: neighbouring instants share chunks.
struct SampleSource {
  private let database: Database
  private let hasRows: Bool
  private var chunks: [Key: ChunkReader] = [:]

  private struct Key: Hashable {
    var table: String
    var start: Int64
  }

  init(_ database: Database) throws {
    self.database = database
    hasRows =
      try Bool.fetchOne(
        database,
        sql: """
          SELECT EXISTS (SELECT 1 FROM sample LIMIT 1)
            OR EXISTS (SELECT 1 FROM sample_minute LIMIT 1)
          """) ?? false
  }

  /// When the newest reading of all was made.
  func newest() throws -> Int64? {
    let statement = try database.cachedStatement(
      sql: "SELECT at, payload FROM sample_chunk ORDER BY at DESC LIMIT 1")
    let chunk = try Row.fetchOne(statement).map { try ChunkReader($0[1], start: $0[0]) }
    let row = hasRows ? try Int64.fetchOne(database, sql: "SELECT max(at) FROM sample") : nil
    return [chunk?.times.last, row].compactMap { $0 }.max()
  }

  /// Calls `body` with each reading after `start` and up to `end`, oldest first.
  func forEach(
    after start: Int64, upTo end: Int64,
    columns: @escaping (Int64) -> [SampleFrame.Column], _ body: (SampleFrame) throws -> Void
  ) throws {
    var old =
      hasRows ? try SampleRows.readings.frames(database, after: start, upTo: end)[...] : []
    let rows = try Row.fetchCursor(
      database, sql: "SELECT at, payload FROM sample_chunk WHERE at > ? AND at <= ? ORDER BY at",
      arguments: [start - SampleTable.readings.length, end])
    while let row = try rows.next() {
      let chunk = try ChunkReader(row[1], start: row[0])
      for (place, at) in chunk.times.enumerated() where at > start && at <= end {
        while old.first.map({ $0.at < at }) ?? false { try body(old.removeFirst()) }
        try body(try chunk.frame(place, columns: columns(at)))
      }
    }
    for frame in old { try body(frame) }
  }

  /// The newest reading up to `limit` and less than `distance` before it; where there is no reading
  /// any more, the mean of a minute.
  mutating func frame(
    before limit: Int64, within distance: Int64,
    columns: [SampleFrame.Column] = SampleFrame.Column.allCases
  ) throws -> SampleFrame? {
    let start = limit - distance
    for (table, rows) in [
      (SampleTable.readings, SampleRows.readings), (.minutes, .minutes),
    ] {
      let packed = try place(in: table, after: start, upTo: limit)
      let single = hasRows ? try rows.newest(database, after: start, upTo: limit) : nil
      if let packed, packed.at >= single ?? .min {
        return try packed.chunk.frame(packed.place, columns: columns)
      }
      if let single {
        return try rows.frames(database, after: single - 1, upTo: single).first
      }
    }
    return nil
  }

  private mutating func place(
    in table: SampleTable, after start: Int64, upTo limit: Int64
  ) throws -> (chunk: ChunkReader, place: Int, at: Int64)? {
    var begin = table.start(of: limit)
    while begin + table.length > start {
      if let chunk = try chunk(at: begin, of: table),
        let place = chunk.times.lastIndex(where: { $0 <= limit })
      {
        let at = chunk.times[place]
        return at > start ? (chunk, place, at) : nil
      }
      begin -= table.length
    }
    return nil
  }

  private mutating func chunk(at start: Int64, of table: SampleTable) throws -> ChunkReader? {
    let key = Key(table: table.name, start: start)
    if let known = chunks[key] { return known }
    let statement = try database.cachedStatement(
      sql: "SELECT payload FROM \(table.name) WHERE at = ?")
    guard let payload = try Data.fetchOne(statement, arguments: [start]) else { return nil }
    let chunk = try ChunkReader(payload, start: start)
    chunks[key] = chunk
    return chunk
  }
}
