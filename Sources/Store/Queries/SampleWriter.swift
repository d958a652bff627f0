import Domain
import Foundation
import GRDB

/// Writes GPU samples as small integers: utilisation in hundredths of a percent, memory in
/// mebibytes, power in tenths of a watt, temperature in tenths of a degree.
struct SampleWriter {
  private let database: Database

  init(_ database: Database) {
    self.database = database
  }

  func write(_ samples: [AcceleratorSample], at: Date) throws {
    let find = try database.cachedStatement(sql: "SELECT number FROM series WHERE id = ?")
    let make = try database.cachedStatement(sql: "INSERT INTO series (id) VALUES (?)")
    let insert = try database.cachedStatement(
      sql: """
        INSERT OR REPLACE INTO sample (at, series, utilization, memory, power, temperature, error)
        VALUES (?, ?, ?, ?, ?, ?, ?)
        """)
    for sample in samples {
      var number = try Int64.fetchOne(find, arguments: [sample.id.rawValue])
      if number == nil {
        try make.execute(arguments: [sample.id.rawValue])
        number = database.lastInsertedRowID
      }
      try insert.execute(arguments: [
        stamp(at), number, sample.utilization.map { Int(($0.value * 10_000).rounded()) },
        sample.memoryUsed.map { Int($0.count >> 20) }, sample.power.map { Int($0.value * 10) },
        sample.temperature.map { Int($0.value * 10) }, sample.errorCode,
      ])
    }
  }
}

extension AcceleratorSample {
  /// The part that stays while the numbers change: what is kept as state.
  ///
  /// The total memory is added up from parts that are rounded: steps of a quarter of a gibibyte
  /// keep it from changing with them.
  var identity: AcceleratorSample {
    let quarter: Int64 = 1 << 28
    let total = memoryTotal.map { Bytes(($0.count + quarter / 2) / quarter * quarter) }
    return AcceleratorSample(
      id: id, model: model, host: host, index: index, attribution: attribution, utilization: nil,
      signal: signal, memoryUsed: nil, memoryTotal: total, power: nil, temperature: nil,
      errorCode: nil, sampledAt: .distantPast)
  }

  struct Numbers {
    var utilization: Ratio?
    var memory: Bytes?
    var power: Watts?
    var temperature: Celsius?
    var error: Int?
  }

  func with(numbers: Numbers?, at: Date) -> AcceleratorSample {
    AcceleratorSample(
      id: id, model: model, host: host, index: index, attribution: attribution,
      utilization: numbers?.utilization, signal: signal, memoryUsed: numbers?.memory,
      memoryTotal: memoryTotal, power: numbers?.power, temperature: numbers?.temperature,
      errorCode: numbers?.error, sampledAt: at)
  }
}
