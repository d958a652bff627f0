import Foundation
import GRDB

/// Keeps the samples small: one step touches a few minutes of them.
struct SampleTidying {
  let database: Database

  /// Minutes of rows that one step moves, and chunks that it folds.
  private static let foldsOfAStep = 3
  /// Chunks that one step drops where there is too much, or what is there is too old.
  private static let chunksOfAStep = 8

  /// How much was done; 0 when nothing is left to do.
  func step(_ rawLimit: Int64, _ keptLimit: Int64) throws -> Int {
    var changed = 0
    for _ in 0..<Self.foldsOfAStep {
      changed += try SampleRows.readings.moveOldestMinute(to: .readings, in: database)
      changed += try SampleRows.minutes.moveOldestMinute(to: .minutes, in: database)
      changed += try foldOldest(before: rawLimit)
    }
    for table in [SampleTable.readings, .minutes] {
      changed += try table.deleteOldest(Self.chunksOfAStep, before: keptLimit, from: database)
    }
    return changed
  }

  /// Drops the oldest of everything.
  func dropOldest() throws -> Int {
    var changed = 0
    for table in [SampleTable.readings, .minutes] {
      changed += try table.deleteOldest(Self.chunksOfAStep, before: .max, from: database)
    }
    return changed
  }

  /// Makes one mean of each minute of the oldest chunk; one that cannot be read is dropped.
  private func foldOldest(before limit: Int64) throws -> Int {
    let table = SampleTable.readings
    guard let start = try table.oldest(database), start + table.length <= limit else { return 0 }
    if let chunk = try? table.chunk(at: start, in: database) {
      try SampleTable.minutes.add(chunk.means(), to: database)
    }
    try table.delete(start, from: database)
    return 1
  }
}

extension SampleChunk {
  static func minute(of at: Int64) -> Int64 {
    SampleTable(name: "", length: 60_000).start(of: at)
  }

  /// Of each minute the mean of utilisation and power, the greatest memory and temperature, and the
  /// last error.
  func means() -> [SampleFrame] {
    Dictionary(grouping: frames) { Self.minute(of: $0.at) }.map { minute, frames in
      var sums: [Int: Sums] = [:]
      for frame in frames {
        for (place, number) in frame.series.enumerated() {
          sums[number, default: Sums()].add(frame, place)
        }
      }
      return SampleFrame(at: minute, rows: sums.mapValues(\.row))
    }.sorted { $0.at < $1.at }
  }

  private struct Sums {
    var utilization = Mean()
    var power = Mean()
    var memory: Int?
    var temperature: Int?
    var error: Int?

    mutating func add(_ frame: SampleFrame, _ place: Int) {
      utilization.add(frame[.utilization][place])
      power.add(frame[.power][place])
      memory = [memory, frame[.memory][place]].compactMap { $0 }.max()
      temperature = [temperature, frame[.temperature][place]].compactMap { $0 }.max()
      error = frame[.error][place] ?? error
    }

    var row: [Int?] { [utilization.value, memory, power.value, temperature, error] }
  }

  private struct Mean {
    var sum = 0.0
    var count = 0

    mutating func add(_ value: Int?) {
      guard let value else { return }
      sum += Double(value)
      count += 1
    }

    var value: Int? { count == 0 ? nil : Int(exactly: (sum / Double(count)).rounded()) }
  }
}
