import Foundation
import GRDB

/// A table of chunks, one row for each while.
struct SampleTable {
  let name: String
  /// How long the while of a row is, in milliseconds.
  let length: Int64

  /// Readings as they were made.
  static let readings = SampleTable(name: "sample_chunk", length: 120_000)
  /// Means of a minute, of what the readings no longer say.
  static let minutes = SampleTable(name: "minute_chunk", length: 300_000)

  func start(of at: Int64) -> Int64 {
    let rest = at % length
    return at - (rest < 0 ? rest + length : rest)
  }

  /// Adds readings to their chunks.
  ///
  /// A chunk that cannot be read is written anew: nothing can be added to it.
  func add(_ frames: [SampleFrame], to database: Database) throws {
    for (start, frames) in Dictionary(grouping: frames, by: { start(of: $0.at) }) {
      var chunk = (try? self.chunk(at: start, in: database)) ?? SampleChunk(start: start)
      for frame in frames { chunk.add(frame) }
      try write(chunk, to: database)
    }
  }

  func write(_ chunk: SampleChunk, to database: Database) throws {
    guard !chunk.frames.isEmpty else { return try delete(chunk.start, from: database) }
    try database.cachedStatement(
      sql: "INSERT OR REPLACE INTO \(name) (at, samples, payload) VALUES (?, ?, ?)"
    ).execute(arguments: [chunk.start, chunk.sampleCount, chunk.payload()])
  }

  func delete(_ start: Int64, from database: Database) throws {
    try database.cachedStatement(sql: "DELETE FROM \(name) WHERE at = ?")
      .execute(arguments: [start])
  }

  /// The chunk that begins at an instant; empty when there is none.
  func chunk(at start: Int64, in database: Database) throws -> SampleChunk {
    let payload = try Data.fetchOne(
      try database.cachedStatement(sql: "SELECT payload FROM \(name) WHERE at = ?"),
      arguments: [start])
    return try payload.map { try SampleChunk(payload: $0, start: start) }
      ?? SampleChunk(start: start)
  }

  /// When the oldest chunk begins; nil when there is none.
  func oldest(_ database: Database) throws -> Int64? {
    try Int64.fetchOne(try database.cachedStatement(sql: "SELECT min(at) FROM \(name)"))
  }

  /// Deletes up to so many of the oldest chunks that end before an instant; their number.
  func deleteOldest(_ count: Int, before limit: Int64, from database: Database) throws -> Int {
    try database.execute(
      sql: """
        DELETE FROM \(name) WHERE at IN (
          SELECT at FROM \(name) WHERE at <= ? ORDER BY at LIMIT ?)
        """, arguments: [limit == .max ? limit : limit - length, count])
    return database.changesCount
  }

  /// Leaves the readings of a span; a chunk at its edge is written anew without the others.
  func cut(_ database: Database, to span: ClosedRange<Int64>) throws {
    try database.execute(
      sql: "DELETE FROM \(name) WHERE at <= ? OR at > ?",
      arguments: [span.lowerBound - length, span.upperBound])
    for edge in Set([start(of: span.lowerBound), start(of: span.upperBound)]) {
      var chunk = try self.chunk(at: edge, in: database)
      chunk.keep { span.contains($0.at) }
      try write(chunk, to: database)
    }
  }
}
