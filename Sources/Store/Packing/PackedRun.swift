import Foundation

/// Many whole numbers side by side: in each block of 64 the least is written once, and of every
/// number only how many steps it is above that, in as many bits as the greatest needs.
///
/// A step is the greatest number that divides all: an instrument that tells whole degrees takes no
/// more room for being kept in tenths.
enum PackedRun {
  static let blockLength = 64
  /// Set beside the width where the step is not one and follows.
  static let stepFlag: UInt8 = 0x80
  /// Up to so many bits a number is found by one load of eight bytes.
  static let widest = 56
}

extension PackedWriter {
  mutating func write(run numbers: [Int]) {
    for begin in stride(from: 0, to: numbers.count, by: PackedRun.blockLength) {
      let end = min(begin + PackedRun.blockLength, numbers.count)
      write(block: numbers[begin..<end])
    }
  }

  private mutating func write(block numbers: ArraySlice<Int>) {
    guard let least = numbers.min(), let most = numbers.max() else { return }
    write(least)
    let range = UInt64(bitPattern: Int64(most &- least))
    let step = Self.step(numbers, least)
    var width = 64 - (range / step).leadingZeroBitCount
    if width > PackedRun.widest { width = 64 }
    guard width < 64 else {
      write(byte: 64)
      for number in numbers { write(fixed: UInt64(bitPattern: Int64(number))) }
      return
    }
    write(byte: UInt8(width) | (step > 1 ? PackedRun.stepFlag : 0))
    if step > 1 { write(step) }
    guard width > 0 else { return }
    var bits: UInt64 = 0
    var filled = 0
    for number in numbers {
      bits |= (UInt64(bitPattern: Int64(number &- least)) / step) << UInt64(filled)
      filled += width
      while filled >= 8 {
        write(byte: UInt8(truncatingIfNeeded: bits))
        bits >>= 8
        filled -= 8
      }
    }
    if filled > 0 { write(byte: UInt8(truncatingIfNeeded: bits)) }
  }

  /// The greatest common divisor of what the numbers are above the least; 1 where that is nothing.
  private static func step(_ numbers: ArraySlice<Int>, _ least: Int) -> UInt64 {
    var step: UInt64 = 0
    for number in numbers {
      var rest = UInt64(bitPattern: Int64(number &- least))
      while rest != 0 { (step, rest) = (rest, step % rest) }
      if step == 1 { return 1 }
    }
    return max(step, 1)
  }
}

extension PackedReader {
  mutating func run(count: Int) throws -> [Int] {
    // A block takes two bytes at least: more numbers than that cannot be there.
    guard count >= 0, count <= left * PackedRun.blockLength / 2 else { throw Damaged() }
    return try [Int](unsafeUninitializedCapacity: count) { numbers, filled in
      while filled < count {
        let end = min(filled + PackedRun.blockLength, count)
        try block(into: UnsafeMutableBufferPointer(rebasing: numbers[filled..<end]))
        filled = end
      }
    }
  }

  private mutating func block(into numbers: UnsafeMutableBufferPointer<Int>) throws {
    let least = try int()
    let head = try byte()
    let width = Int(head & ~PackedRun.stepFlag)
    let step = head & PackedRun.stepFlag == 0 ? 1 : try unsigned()
    switch width {
    case 0: numbers.initialize(repeating: least)
    case 64:
      let words = try raw(numbers.count * 8)
      for index in numbers.indices {
        let word = words.loadUnaligned(fromByteOffset: index * 8, as: UInt64.self)
        numbers.initializeElement(
          at: index, to: Int(Int64(bitPattern: UInt64(littleEndian: word))))
      }
    case 1...PackedRun.widest:
      let bytes = try raw((numbers.count * width + 7) / 8)
      let mask = UInt64(1) << UInt64(width) &- 1
      for index in numbers.indices {
        let bit = index * width
        let word = Self.word(bytes, from: bit >> 3) >> UInt64(bit & 7) & mask
        numbers.initializeElement(at: index, to: least &+ Int(Int64(bitPattern: word &* step)))
      }
    default: throw Damaged()
    }
  }

  /// Eight bytes from a place on; those beyond the end are zero.
  private static func word(_ bytes: UnsafeRawBufferPointer, from place: Int) -> UInt64 {
    if place + 8 <= bytes.count {
      return UInt64(littleEndian: bytes.loadUnaligned(fromByteOffset: place, as: UInt64.self))
    }
    var word: UInt64 = 0
    for index in place..<bytes.count { word |= UInt64(bytes[index]) << UInt64((index - place) * 8) }
    return word
  }
}
