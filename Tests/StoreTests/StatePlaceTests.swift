import Foundation
import GRDB
import Testing

@testable import Store

/// States stand in the table by when they held.
struct StatePlaceTests {
  /// Kind, identifier, beginning and end.
  private typealias Interval = (kind: Int, id: String, from: Int64, until: Int64?)

  /// Intervals of all lengths that follow each other, some at odd times.
  private func intervals(_ count: Int, _ generator: inout Seeded) -> [Interval] {
    var intervals: [Interval] = []
    for number in 0..<count {
      var from = Int64.random(in: -5000...1 << 41, using: &generator)
      for _ in 0..<Int.random(in: 0...3, using: &generator) {
        let length = Int64(pow(2, Double.random(in: 0...36, using: &generator))) - 1
        intervals.append((number % 9 + 1, "\(number)", from, from + length))
        from += length + 1
      }
      if number % 3 > 0 { intervals.append((number % 9 + 1, "\(number)", from, nil)) }
    }
    return intervals
  }

  private func rows(_ queue: DatabaseQueue) throws -> [Row] {
    try queue.read { database in
      try Row.fetchAll(
        database,
        sql: """
          SELECT kind, id, valid_from, valid_until, owner, payload FROM state
          ORDER BY kind, id, valid_from
          """)
    }
  }

  @Test(arguments: 1...3 as ClosedRange<UInt64>)
  func `a cache of before keeps every state`(seed: UInt64) throws {
    var generator = Seeded(state: seed)
    let queue = try DatabaseQueue()
    try Migrations.cache.migrate(queue, upTo: "v3")
    let intervals = intervals(300, &generator)
    try queue.write { database in
      for (number, interval) in intervals.enumerated() {
        try database.execute(
          sql: "INSERT INTO state VALUES (?, ?, ?, ?, ?, ?)",
          arguments: [
            interval.kind, interval.id, interval.from, interval.until,
            number % 2 == 0 ? nil : "owner \(number)", Data("\(number)".utf8),
          ])
      }
    }
    let before = try rows(queue)
    try Migrations.cache.migrate(queue)
    #expect(before.count == intervals.count)
    #expect(try rows(queue) == before)
    let places = try queue.read {
      try Row.fetchAll($0, sql: "SELECT place, valid_from, valid_until FROM state")
    }
    for row in places {
      let (from, until): (Int64, Int64?) = (row[1], row[2])
      #expect(StatePlace.places(from: from, until: until).contains(row[0]))
    }
  }

  @Test func `many states of one instant have a place each, and end`() throws {
    let queue = try DatabaseQueue()
    try Migrations.cache.migrate(queue)
    try queue.write { database in
      for at in [1000, 1000, 1001, 64_000] as [Int64] {
        let writer = StateWriter(database: database, at: at)
        for number in 0..<50 {
          try writer.replace(.replica, id: "\(number)", owner: nil, data: Data("\(at)".utf8))
        }
      }
      // A clock that was set back ends nothing before it began.
      try StateWriter(database: database, at: 5).end(.replica, id: "7")
    }
    let found = try rows(queue)
    #expect(found.count == 150)
    #expect(found.count { $0["valid_until"] as Int64? == nil } == 49)
    #expect(found.count { $0["valid_until"] as Int64? == 1001 } == 50)
    #expect(found.count { $0["valid_until"] as Int64? == 64_000 } == 51)
  }

  @Test func `only states that ended before are deleted, and so many at most`() throws {
    var generator = Seeded(state: 7)
    let queue = try DatabaseQueue()
    try Migrations.cache.migrate(queue)
    let intervals = intervals(200, &generator)
    let limit: Int64 = 1 << 40
    let ended = intervals.count { $0.until.map { $0 < limit } ?? false }
    try queue.write { database in
      for (number, interval) in intervals.enumerated() {
        let place = StatePlace.places(from: interval.from, until: interval.until).lowerBound
        try database.execute(
          sql: "INSERT INTO state VALUES (?, ?, ?, ?, ?, NULL, x'')",
          arguments: [
            place + Int64(number), interval.kind, interval.id, interval.from, interval.until,
          ])
      }
      #expect(try StateWriter.deleteEnded(before: limit, limit: 10, from: database) == 10)
      #expect(
        try StateWriter.deleteEnded(before: limit, limit: 10_000, from: database) == ended - 10)
    }
    #expect(try rows(queue).count == intervals.count - ended)
  }
}
