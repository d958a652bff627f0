/// Tells whether two secret values are equal without keeping either.
///
/// SipHash-2-4 under a random key that never leaves this machine: without the key a fingerprint
/// cannot be compared with guesses, and 64 bits of it are all that is stored.
package struct Fingerprint: Sendable {
  private let first: UInt64
  private let second: UInt64

  /// `key` is random, made once per installation.
  package init(key: (UInt64, UInt64)) {
    first = key.0
    second = key.1
  }

  package func of(_ text: String) -> String {
    let digits = String(sipHash(Array(text.utf8)), radix: 16)
    return String(repeating: "0", count: 16 - digits.count) + digits
  }

  func sipHash(_ bytes: [UInt8]) -> UInt64 {
    var state = State(first, second)
    let whole = bytes.count - bytes.count % 8
    for start in stride(from: 0, to: whole, by: 8) {
      state.absorb(word(bytes, start, 8))
    }
    let rest = word(bytes, whole, bytes.count - whole)
    state.absorb(rest | UInt64(truncatingIfNeeded: bytes.count) << 56)
    return state.finish()
  }

  private func word(_ bytes: [UInt8], _ start: Int, _ count: Int) -> UInt64 {
    (0..<count).reduce(0) { $0 | UInt64(bytes[start + $1]) << UInt64(8 * $1) }
  }

  private struct State {
    var words: (UInt64, UInt64, UInt64, UInt64)

    init(_ first: UInt64, _ second: UInt64) {
      words = (
        first ^ 0x736f_6d65_7073_6575, second ^ 0x646f_7261_6e64_6f6d,
        first ^ 0x6c79_6765_6e65_7261, second ^ 0x7465_6462_7974_6573
      )
    }

    mutating func absorb(_ word: UInt64) {
      words.3 ^= word
      mix()
      mix()
      words.0 ^= word
    }

    mutating func finish() -> UInt64 {
      words.2 ^= 0xff
      for _ in 0..<4 { mix() }
      return words.0 ^ words.1 ^ words.2 ^ words.3
    }

    private mutating func mix() {
      words.0 = words.0 &+ words.1
      words.1 = rotate(words.1, 13) ^ words.0
      words.0 = rotate(words.0, 32)
      words.2 = words.2 &+ words.3
      words.3 = rotate(words.3, 16) ^ words.2
      words.0 = words.0 &+ words.3
      words.3 = rotate(words.3, 21) ^ words.0
      words.2 = words.2 &+ words.1
      words.1 = rotate(words.1, 17) ^ words.2
      words.2 = rotate(words.2, 32)
    }

    private func rotate(_ value: UInt64, _ by: UInt64) -> UInt64 {
      value << by | value >> (64 - by)
    }
  }
}
