import Glibc

/// A place in JSON text and the steps from it, each bounded by the bytes there are.
struct JSONCursor {
  /// The text is no JSON, is cut short, or nests deeper than any answer.
  struct Malformed: Error {}

  enum Kind { case object, array, string, number, word }

  /// A string as it stands between its quotes.
  struct Text {
    var range: Range<Int>
    var hasEscapes: Bool
  }

  private static let quote = UInt8(ascii: "\"")

  private let bytes: UnsafeRawBufferPointer
  private var place = 0
  private var depth = 0

  /// `bytes` must outlive the cursor.
  init(_ bytes: UnsafeRawBufferPointer) {
    self.bytes = bytes
  }

  /// Whether nothing but space is left.
  var isAtEnd: Bool { bytes[place...].allSatisfy(Self.isSpace) }

  /// The next byte that is no space; it stays where it is.
  mutating func next() throws(Malformed) -> UInt8 {
    while place < bytes.count {
      let byte = bytes[place]
      guard Self.isSpace(byte) else { return byte }
      place += 1
    }
    throw Malformed()
  }

  mutating func isNext(_ kind: Kind) throws(Malformed) -> Bool { try self.kind() == kind }

  private mutating func kind() throws(Malformed) -> Kind {
    switch try next() {
    case UInt8(ascii: "{"): .object
    case UInt8(ascii: "["): .array
    case Self.quote: .string
    case UInt8(ascii: "-"), UInt8(ascii: "0")...UInt8(ascii: "9"): .number
    default: .word
    }
  }

  private mutating func take(_ byte: UInt8) throws(Malformed) -> Bool {
    guard try next() == byte else { return false }
    place += 1
    return true
  }

  private static func isSpace(_ byte: UInt8) -> Bool {
    byte == 0x20 || byte == 0x0A || byte == 0x0D || byte == 0x09
  }

  /// Steps into an object or an array; false when it is empty and already left.
  mutating func enter(_ kind: Kind) throws(Malformed) -> Bool {
    guard depth < 64, try take(UInt8(ascii: kind == .object ? "{" : "[")) else {
      throw Malformed()
    }
    depth += 1
    return try !leave(kind)
  }

  /// Steps over a comma to what comes next; false at the end, which is left.
  mutating func goesOn(in kind: Kind) throws(Malformed) -> Bool {
    if try take(UInt8(ascii: ",")) { return true }
    guard try leave(kind) else { throw Malformed() }
    return false
  }

  private mutating func leave(_ kind: Kind) throws(Malformed) -> Bool {
    guard try take(UInt8(ascii: kind == .object ? "}" : "]")) else { return false }
    depth -= 1
    return true
  }

  mutating func key() throws(Malformed) -> Text {
    let key = try string()
    guard try take(UInt8(ascii: ":")) else { throw Malformed() }
    return key
  }

  mutating func stringOrSkip() throws(Malformed) -> Text? {
    guard try isNext(.string) else {
      try skip()
      return nil
    }
    return try string()
  }

  mutating func skip() throws(Malformed) {
    let kind = try kind()
    switch kind {
    case .string: _ = try string()
    case .number: _ = try number()
    case .word: try word()
    case .object, .array:
      var goesOn = try enter(kind)
      while goesOn {
        if kind == .object { _ = try key() }
        try skip()
        goesOn = try self.goesOn(in: kind)
      }
    }
  }

  private mutating func word() throws(Malformed) {
    for word: StaticString in ["true", "false", "null"] {
      let end = place + word.utf8CodeUnitCount
      guard end <= bytes.count, equals(place..<end, word) else { continue }
      place = end
      return
    }
    throw Malformed()
  }

  private mutating func string() throws(Malformed) -> Text {
    guard try take(Self.quote) else { throw Malformed() }
    let start = place
    var hasEscapes = false
    while true {
      place = endOfPlain(from: place)
      guard place < bytes.count else { throw Malformed() }
      if bytes[place] == Self.quote { break }
      guard let escape = escape(at: place) else { throw Malformed() }
      hasEscapes = true
      place += escape.length
    }
    place += 1
    return Text(range: start..<place - 1, hasEscapes: hasEscapes)
  }

  mutating func number() throws(Malformed) -> Text {
    _ = try next()
    let start = place
    stepOver("-")
    // Zero stands alone, other digits need no zero before them.
    let hasLeadingZero = stepOver("0")
    guard stepOverDigits() != hasLeadingZero else { throw Malformed() }
    if stepOver("."), !stepOverDigits() { throw Malformed() }
    if stepOver("e") || stepOver("E") {
      _ = stepOver("+") || stepOver("-")
      guard stepOverDigits() else { throw Malformed() }
    }
    return Text(range: start..<place, hasEscapes: false)
  }

  @discardableResult
  private mutating func stepOver(_ character: Unicode.Scalar) -> Bool {
    guard place < bytes.count, bytes[place] == UInt8(ascii: character) else { return false }
    place += 1
    return true
  }

  private mutating func stepOverDigits() -> Bool {
    let start = place
    while place < bytes.count, bytes[place] &- 0x30 < 10 { place += 1 }
    return place > start
  }
}

/// What stands in the text: strings with their escapes, numbers, and whether two are equal.
extension JSONCursor {
  /// The number that is written there, or nil.
  func double(_ text: Text) -> Double? {
    guard !text.hasEscapes else { return Double(decoded(text)) }
    // Not `strtod`: its decimal point is the locale's.
    return plainDouble(text.range) ?? Double(decoded(text))
  }

  /// Digits that 53 bits hold, divided by an exact power of ten: rounded once, hence rightly.
  private func plainDouble(_ range: Range<Int>) -> Double? {
    guard range.count <= 18, let first = range.first else { return nil }
    let isNegative = bytes[first] == UInt8(ascii: "-")
    var digits: UInt64 = 0
    var scale: Double?
    var hasDigits = false
    for byte in bytes[range].dropFirst(isNegative ? 1 : 0) {
      if byte == UInt8(ascii: "."), scale == nil {
        scale = 1
        continue
      }
      guard byte &- 0x30 < 10 else { return nil }
      digits = digits * 10 + UInt64(byte & 0x0F)
      scale = scale.map { $0 * 10 }
      hasDigits = true
    }
    guard hasDigits, digits < 1 << 53 else { return nil }
    let value = Double(digits) / (scale ?? 1)
    return isNegative ? -value : value
  }

  func decoded(_ text: Text) -> String {
    guard text.hasEscapes else { return String(decoding: bytes[text.range], as: UTF8.self) }
    // By way of UTF-16: there `\u` is one unit, and String pairs surrogates and mends lone ones.
    var units: [UInt16] = []
    var place = text.range.lowerBound
    while place < text.range.upperBound {
      let end = min(endOfPlain(from: place), text.range.upperBound)
      units += String(decoding: bytes[place..<end], as: UTF8.self).utf16
      guard end < text.range.upperBound, let escape = escape(at: end) else { break }
      units.append(escape.unit)
      place = end + escape.length
    }
    return String(decoding: units, as: UTF16.self)
  }

  /// The UTF-16 unit for which an escape stands, and its bytes with the backslash.
  private func escape(at place: Int) -> (unit: UInt16, length: Int)? {
    guard place + 1 < bytes.count, bytes[place] == UInt8(ascii: "\\") else { return nil }
    switch bytes[place + 1] {
    case Self.quote, UInt8(ascii: "\\"), UInt8(ascii: "/"): return (UInt16(bytes[place + 1]), 2)
    case UInt8(ascii: "b"): return (0x08, 2)
    case UInt8(ascii: "f"): return (0x0C, 2)
    case UInt8(ascii: "n"): return (0x0A, 2)
    case UInt8(ascii: "r"): return (0x0D, 2)
    case UInt8(ascii: "t"): return (0x09, 2)
    case UInt8(ascii: "u"):
      guard place + 6 <= bytes.count else { return nil }
      var unit: UInt16 = 0
      for byte in bytes[place + 2..<place + 6] {
        guard let digit = Character(Unicode.Scalar(byte)).hexDigitValue else { return nil }
        unit = unit << 4 | UInt16(digit)
      }
      return (unit, 6)
    default: return nil
    }
  }

  func text(_ text: Text, is word: StaticString) -> Bool {
    guard !text.hasEscapes else { return decoded(text) == word.description }
    return equals(text.range, word)
  }

  private func equals(_ range: Range<Int>, _ word: StaticString) -> Bool {
    equals(range, UnsafeRawBufferPointer(start: word.utf8Start, count: word.utf8CodeUnitCount))
  }

  func equals(_ range: Range<Int>, _ other: UnsafeRawBufferPointer) -> Bool {
    guard range.count == other.count else { return false }
    guard let start = bytes.baseAddress, let otherStart = other.baseAddress else { return true }
    return memcmp(start + range.lowerBound, otherStart, range.count) == 0
  }

  func areEqual(_ one: Range<Int>, _ other: Range<Int>) -> Bool {
    equals(one, UnsafeRawBufferPointer(rebasing: bytes[other]))
  }

  /// FNV-1a over eight bytes at a time.
  func hash(_ range: Range<Int>) -> UInt64 {
    var hash: UInt64 = 0xcbf2_9ce4_8422_2325
    for place in stride(from: range.lowerBound, to: range.upperBound, by: 8) {
      hash = (hash ^ head(of: place..<range.upperBound)) &* 0x0000_0100_0000_01b3
      hash ^= hash >> 29
    }
    return hash
  }

  /// Where the text ends that stands for itself: at a quote, a backslash or a control character.
  private func endOfPlain(from start: Int) -> Int {
    var place = start
    while place < bytes.count {
      let found = Self.special(word(at: place))
      // A word is padded with zeros past the end: they are control characters.
      if found != 0 { return place + found.trailingZeroBitCount / 8 }
      place += 8
    }
    return place
  }

  /// The first eight bytes, or fewer and then zeros: enough to tell most names apart.
  func head(of range: Range<Int>) -> UInt64 {
    guard range.count < 8 else { return word(at: range.lowerBound) }
    return word(at: range.lowerBound) & (1 << UInt64(range.count * 8) - 1)
  }

  /// The eight bytes that begin there, the first one lowest, with zeros past the end.
  private func word(at place: Int) -> UInt64 {
    guard place + 8 > bytes.count else {
      return UInt64(littleEndian: bytes.loadUnaligned(fromByteOffset: place, as: UInt64.self))
    }
    return bytes[place...].reversed().reduce(0) { $0 << 8 | UInt64($1) }
  }

  /// Marks the top bit of each byte that does not stand for itself in a string.
  ///
  /// Borrows can mark a byte wrongly, but only after one that is marked rightly.
  private static func special(_ word: UInt64) -> UInt64 {
    let ones: UInt64 = 0x0101_0101_0101_0101
    let quotes = word ^ (ones * 0x22)
    let backslashes = word ^ (ones * 0x5C)
    let control = (word &- ones * 0x20) & ~word
    return (((quotes &- ones) & ~quotes) | ((backslashes &- ones) & ~backslashes) | control)
      & (ones << 7)
  }
}
