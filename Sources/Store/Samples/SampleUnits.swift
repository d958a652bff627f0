import Domain
import Foundation

/// Turns measures into the whole numbers that are kept, and back.
enum SampleUnits {
  static func utilization(_ number: Int) -> Ratio? { Ratio(Double(number) / 10_000) }

  /// What one GPU's place in a reading says.
  static func numbers(_ frame: SampleFrame, _ place: Int) -> AcceleratorSample.Numbers {
    AcceleratorSample.Numbers(
      utilization: frame[.utilization][place].flatMap(utilization),
      memory: frame[.memory][place].map { Bytes(Int64($0) << 20) },
      power: frame[.power][place].map { Watts(Double($0) / 10) },
      temperature: frame[.temperature][place].map { Celsius(Double($0) / 10) },
      error: frame[.error][place])
  }

  /// In the order of the columns.
  static func row(_ sample: AcceleratorSample) -> [Int?] {
    [
      sample.utilization.map { Int(($0.value * 10_000).rounded()) },
      sample.memoryUsed.map { Int($0.count >> 20) }, sample.power.flatMap { tenths($0.value) },
      sample.temperature.flatMap { tenths($0.value) }, sample.errorCode,
    ]
  }

  /// Nil for what is no number, and for what no instrument measures.
  private static func tenths(_ value: Double) -> Int? {
    Int(exactly: (value * 10).rounded(.towardZero))
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
