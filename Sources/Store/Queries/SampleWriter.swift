import Domain
import Foundation
import GRDB

/// Writes readings of GPUs.
struct SampleWriter {
  private let database: Database

  init(_ database: Database) {
    self.database = database
  }

  /// Writes one reading; `numbers` are the series that are known, and those that are new join them.
  func write(
    _ samples: [AcceleratorSample], at: Date, numbers: inout [AcceleratorID: Int]
  ) throws {
    guard !samples.isEmpty else { return }
    var rows: [Int: [Int?]] = [:]
    rows.reserveCapacity(samples.count)
    for sample in samples {
      rows[try number(of: sample.id, among: &numbers)] = SampleUnits.row(sample)
    }
    try SampleTable.readings.add([SampleFrame(at: stamp(at), rows: rows)], to: database)
  }

  private func number(
    of id: AcceleratorID, among numbers: inout [AcceleratorID: Int]
  ) throws -> Int {
    if let known = numbers[id] { return known }
    try database.cachedStatement(sql: "INSERT OR IGNORE INTO series (id) VALUES (?)")
      .execute(arguments: [id.rawValue])
    let number = try Int.fetchOne(
      try database.cachedStatement(sql: "SELECT number FROM series WHERE id = ?"),
      arguments: [id.rawValue])
    guard let number else { throw PackedReader.Damaged() }
    numbers[id] = number
    return number
  }
}
