package import FoundationEssentials

/// Evenly spaced values of the recent past, oldest first; a gap is nil, never a number.
///
/// Values are kept as `Float` (NaN for a gap): 20,000 accelerators carry one each.
package struct History: Sendable {
  package let step: Duration
  /// The instant of the last value.
  package let end: Date
  private let storage: [Float]

  package init(step: Duration, end: Date, values: [Double?]) {
    self.step = step
    self.end = end
    storage = values.map { $0.map(Float.init) ?? .nan }
  }

  /// Takes the values as they are kept: NaN for a gap.
  package init(step: Duration, end: Date, storage: [Float]) {
    self.step = step
    self.end = end
    self.storage = storage
  }

  package var count: Int { storage.count }

  package subscript(index: Int) -> Double? {
    storage[index].isNaN ? nil : Double(storage[index])
  }

  package var values: [Double?] { storage.map { $0.isNaN ? nil : Double($0) } }

  /// The last so many values; fewer when there are not as many.
  package func suffix(_ length: Int) -> [Double?] {
    storage.suffix(length).map { $0.isNaN ? nil : Double($0) }
  }
}

extension History: Equatable {
  package static func == (left: Self, right: Self) -> Bool {
    left.step == right.step && left.end == right.end
      && left.storage.elementsEqual(right.storage) { $0.bitPattern == $1.bitPattern }
  }
}

extension History: Codable {
  private enum CodingKeys: String, CodingKey {
    case step, end, values
  }

  package init(from decoder: any Decoder) throws {
    let container = try decoder.container(keyedBy: CodingKeys.self)
    self.init(
      step: .seconds(try container.decode(Int.self, forKey: .step)),
      end: try container.decode(Date.self, forKey: .end),
      values: try container.decode([Double?].self, forKey: .values))
  }

  package func encode(to encoder: any Encoder) throws {
    var container = encoder.container(keyedBy: CodingKeys.self)
    try container.encode(step.components.seconds, forKey: .step)
    try container.encode(end, forKey: .end)
    try container.encode(values, forKey: .values)
  }
}
