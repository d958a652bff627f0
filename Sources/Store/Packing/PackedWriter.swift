import Domain
import Foundation

/// Writes values one after another as few bytes: numbers by their size, no names.
///
/// The order of the fields is the format: it is versioned as a whole (`PackedFormat`), and a field
/// is only ever added by a new version.
struct PackedWriter {
  private(set) var bytes: [UInt8] = []

  init() { bytes.reserveCapacity(256) }

  /// Seven bits a byte, least first.
  mutating func write(_ number: UInt64) {
    var rest = number
    while rest >= 0x80 {
      bytes.append(UInt8(truncatingIfNeeded: rest) | 0x80)
      rest >>= 7
    }
    bytes.append(UInt8(rest))
  }

  /// Small magnitudes in few bytes, whatever their sign.
  mutating func write(_ number: Int) {
    let wide = Int64(number)
    write(UInt64(bitPattern: (wide << 1) ^ (wide >> 63)))
  }

  mutating func write(_ flag: Bool) { bytes.append(flag ? 1 : 0) }

  mutating func write(_ text: String) {
    var copy = text
    copy.withUTF8 { utf8 in
      write(UInt64(utf8.count))
      bytes.append(contentsOf: utf8)
    }
  }

  mutating func write(_ number: Double) { write(fixed: number.bitPattern) }

  /// Exact: a date that is read back equals the one that was written.
  mutating func write(_ date: Date) {
    write(fixed: date.timeIntervalSinceReferenceDate.bitPattern)
  }

  mutating func write<Subject>(_ id: Identifier<Subject>) {
    if let halves = id.halves {
      bytes.append(1)
      write(fixed: halves.high)
      write(fixed: halves.low)
    } else {
      bytes.append(0)
      write(id.rawValue)
    }
  }

  mutating func write<Value>(
    _ value: Value?, _ body: (inout PackedWriter, Value) -> Void
  ) {
    write(value != nil)
    if let value { body(&self, value) }
  }

  mutating func write<Value>(
    _ values: [Value], _ body: (inout PackedWriter, Value) -> Void
  ) {
    write(UInt64(values.count))
    for value in values { body(&self, value) }
  }

  /// With its length before it, so that a reader that knows the same bytes need not read them.
  mutating func block(_ body: (inout PackedWriter) -> Void) {
    var inner = PackedWriter()
    body(&inner)
    write(UInt64(inner.bytes.count))
    bytes += inner.bytes
  }

  mutating func write(byte: UInt8) { bytes.append(byte) }

  /// Eight bytes, least first.
  mutating func write(fixed number: UInt64) {
    withUnsafeBytes(of: number.littleEndian) { bytes.append(contentsOf: $0) }
  }
}

extension PackedWriter {
  mutating func write(optional value: String?) { write(value) { $0.write($1) } }
  mutating func write(optional value: Int?) { write(value) { $0.write($1) } }
  mutating func write(optional value: Double?) { write(value) { $0.write($1) } }
  mutating func write(optional value: Date?) { write(value) { $0.write($1) } }
  mutating func write(optional value: UInt64?) { write(value) { $0.write($1) } }
  mutating func write<Subject>(optional value: Identifier<Subject>?) {
    write(value) { $0.write($1) }
  }
  mutating func write(_ values: [String]) { write(values) { $0.write($1) } }
  mutating func write<Subject>(_ values: [Identifier<Subject>]) { write(values) { $0.write($1) } }
}
