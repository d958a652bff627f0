import Domain
import Foundation
import GRDB
import Synchronization

/// When the list of workloads was being watched: rows that are extended while sweeps succeed.
struct Coverage {
  /// The interval under way.
  struct Run {
    var began: Date
    var ended: Date
    /// How long after its end it still says what was so.
    var slack: Double
    var writtenAt: Date?
  }

  static func slack(_ interval: Duration) -> Double { Double(interval.components.seconds) * 2 + 5 }

  static func write(_ run: Run, to database: Database) throws {
    try database.execute(
      sql: "INSERT OR REPLACE INTO coverage (began, ended, slack) VALUES (?, ?, ?)",
      arguments: [stamp(run.began), stamp(run.ended), Int64(run.slack * 1000)])
  }

  /// The newest interval.
  static func last(_ database: Database) throws -> Run? {
    try Row.fetchOne(database, sql: "SELECT * FROM coverage ORDER BY began DESC LIMIT 1").map {
      let slack: Int64 = $0["slack"]
      return Run(
        began: date($0["began"]), ended: date($0["ended"]), slack: Double(slack) / 1000,
        writtenAt: date($0["ended"]))
    }
  }

  /// Whether an instant was watched; if not, between which instants nothing was read.
  ///
  /// The end of the interval under way is on disk only now and then, and so is given.
  static func recording(
    _ database: Database, at instant: Date, underWay: Run?
  ) throws -> Recording {
    let at = stamp(instant)
    let row = try Row.fetchOne(
      database, sql: "SELECT * FROM coverage WHERE began <= ? ORDER BY began DESC LIMIT 1",
      arguments: [at])
    var before = row.map { row -> (began: Int64, ended: Int64, slack: Int64) in
      (row["began"], row["ended"], row["slack"])
    }
    let began = underWay.map { stamp($0.began) }
    if let underWay, let began, began <= at, began >= before?.began ?? began {
      before = (began, stamp(underWay.ended), Int64(underWay.slack * 1000))
    }
    if let before, at <= before.ended + before.slack { return .recorded }
    let after = try Int64.fetchOne(
      database, sql: "SELECT min(began) FROM coverage WHERE began > ?", arguments: [at])
    let next = [after, began].compactMap { $0 }.filter { $0 > at }.min()
    return .gap(from: before.map { date($0.ended) }, until: next.map(date))
  }

  /// The parts of a span in which nothing was read.
  static func gaps(_ database: Database, in span: ClosedRange<Date>) throws -> [ClosedRange<Date>] {
    let rows = try Row.fetchAll(
      database,
      sql: "SELECT * FROM coverage WHERE ended + slack >= ? AND began <= ? ORDER BY began",
      arguments: [stamp(span.lowerBound), stamp(span.upperBound)])
    var gaps: [ClosedRange<Date>] = []
    var end = span.lowerBound
    for row in rows {
      let began = date(row["began"])
      if began > end { gaps.append(end...began) }
      let ended: Int64 = row["ended"]
      let slack: Int64 = row["slack"]
      let covered = date(ended + slack)
      // The silence began at the last good reading; the slack only says that it was no alarm yet.
      end = max(end, covered >= span.upperBound ? span.upperBound : date(ended))
    }
    if end < span.upperBound { gaps.append(end...span.upperBound) }
    return gaps
  }
}

extension Store {
  /// Notes that the list of workloads was read whole, and so that what is known is true of `at`.
  func extendCoverage(at: Date, interval: Duration) throws(StoreError) {
    let slack = Coverage.slack(interval)
    let due = model.withLock { model -> [Coverage.Run] in
      var due: [Coverage.Run] = []
      var run = Coverage.Run(began: at, ended: at, slack: slack)
      if let old = model.coverage {
        if at >= old.ended, at.timeIntervalSince(old.ended) <= old.slack {
          run.began = old.began
          run.writtenAt = old.writtenAt
        } else if old.writtenAt != old.ended {
          // The silence begins where the watch ended, not where that was last written.
          due.append(old)
        }
      }
      // An end that is some seconds behind is made good by the slack after a crash.
      if run.writtenAt.map({ at.timeIntervalSince($0) >= slack }) ?? true {
        run.writtenAt = at
        due.append(run)
      }
      model.coverage = run
      return due
    }
    guard !due.isEmpty else { return }
    try write { database in
      for run in due { try Coverage.write(run, to: database) }
    }
  }

  /// Writes down how far the watch reached; at the end.
  func writeCoverage() throws(StoreError) {
    guard isWriter, let run = model.withLock({ $0.coverage }), run.writtenAt != run.ended else {
      return
    }
    try write { try Coverage.write(run, to: $0) }
    model.withLock { $0.coverage?.writtenAt = run.ended }
  }
}
