import Domain
import Foundation
import GRDB

/// Reads back the samples of the last minutes.
enum SampleReader {
  /// The readings of the last quarter of an hour.
  static func ring(
    _ database: Database, identities: [AcceleratorID: AcceleratorSample],
    names: [Int: AcceleratorID]
  ) throws -> AcceleratorRing {
    let source = try SampleSource(database)
    guard let newest = try source.newest() else { return AcceleratorRing() }
    let begin = newest - 900_000
    var builder = RingBuilder(step: .seconds(15))
    try source.forEach(after: newest - 7_200_000, upTo: newest) { at in
      at > begin ? SampleFrame.Column.allCases : [.utilization]
    } _: { frame in
      if frame.at > begin { builder.add(frame) } else { builder.addOlder(frame) }
    }
    return builder.ring { number in names[number].flatMap { identities[$0] } }
  }

  /// The readings of the ring as it was at an instant: one a minute, and every fifth minute of two hours
  /// for how long a GPU had been idle.
  ///
  /// Reading fewer ticks than there were keeps a step back fast for thousands of GPUs.
  static func pastReadings(_ database: Database, at end: Int64) throws -> RingBuilder {
    var source = try SampleSource(database)
    var builder = RingBuilder(step: .seconds(60))
    for number in (3..<24).reversed() {
      let limit = end - Int64(number) * 300_000
      if let frame = try source.frame(before: limit, within: 300_000, columns: [.utilization]) {
        builder.addOlder(frame)
      }
    }
    for number in (0..<15).reversed() {
      let limit = end - Int64(number) * 60_000
      if let frame = try source.frame(before: limit, within: 60_000) { builder.add(frame) }
    }
    return builder
  }

  /// Which GPU each series is of.
  static func seriesNames(_ database: Database) throws -> [Int: AcceleratorID] {
    var names: [Int: AcceleratorID] = [:]
    let rows = try Row.fetchCursor(database, sql: "SELECT number, id FROM series")
    while let row = try rows.next() { names[row[0]] = AcceleratorID(row[1]) }
    return names
  }
}
