/// SplitMix64 (Steele, Lea, Flood, 2014): small, and the same everywhere for the same seed.
package struct SeededGenerator: RandomNumberGenerator, Sendable {
  private var state: UInt64

  package init(seed: UInt64) {
    state = seed
  }

  package mutating func next() -> UInt64 {
    state &+= 0x9e37_79b9_7f4a_7c15
    return Self.mix(state)
  }

  static func mix(_ value: UInt64) -> UInt64 {
    var mixed = value
    mixed = (mixed ^ mixed >> 30) &* 0xbf58_476d_1ce4_e5b9
    mixed = (mixed ^ mixed >> 27) &* 0x94d0_49bb_1331_11eb
    return mixed ^ mixed >> 31
  }

  /// 0…1 for a place in a sequence: noise that can be asked for at any instant.
  static func noise(_ seed: UInt64, _ index: Int64) -> Double {
    let value = mix(seed ^ mix(UInt64(bitPattern: index)))
    return Double(value >> 11) / Double(1 << 53)
  }

  /// A UUID of version 4.
  mutating func identifier() -> String {
    var digits = ""
    for _ in 0..<2 {
      let text = String(next(), radix: 16)
      digits += String(repeating: "0", count: 16 - text.count) + text
    }
    var parts = Array(digits)
    parts[12] = "4"
    parts[16] = "89ab".randomElement(using: &self) ?? "8"
    let text = String(parts)
    func piece(_ from: Int, _ to: Int) -> Substring {
      text[text.index(text.startIndex, offsetBy: from)..<text.index(text.startIndex, offsetBy: to)]
    }
    return "\(piece(0, 8))-\(piece(8, 12))-\(piece(12, 16))-\(piece(16, 20))-\(piece(20, 32))"
  }
}
