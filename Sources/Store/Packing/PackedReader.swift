import Domain
import Foundation

/// Reads what `PackedWriter` wrote.
///
/// Every step is bounded by the bytes there are: a damaged row is an error, never a trap.
struct PackedReader {
  struct Damaged: Error {}

  private let bytes: UnsafeRawBufferPointer
  private var place: Int
  /// Nil where there are only numbers.
  let pools: PackedPools?

  /// `bytes` must outlive the reader.
  init(_ bytes: UnsafeRawBufferPointer, from place: Int = 0, pools: PackedPools? = nil) {
    self.bytes = bytes
    self.place = place
    self.pools = pools
  }

  var isAtEnd: Bool { place == bytes.count }

  /// How many bytes were not read yet.
  var left: Int { bytes.count - place }

  mutating func byte() throws -> UInt8 {
    guard place < bytes.count else { throw Damaged() }
    defer { place += 1 }
    return bytes[place]
  }

  mutating func unsigned() throws -> UInt64 {
    var number: UInt64 = 0
    var shift: UInt64 = 0
    while true {
      let byte = try byte()
      guard shift < 63 || byte <= 1 else { throw Damaged() }
      number |= UInt64(byte & 0x7F) << shift
      if byte < 0x80 { return number }
      shift += 7
      guard shift <= 63 else { throw Damaged() }
    }
  }

  mutating func int() throws -> Int {
    let raw = try unsigned()
    return Int(Int64(bitPattern: raw >> 1) ^ -Int64(bitPattern: raw & 1))
  }

  mutating func bool() throws -> Bool {
    switch try byte() {
    case 0: false
    case 1: true
    default: throw Damaged()
    }
  }

  mutating func double() throws -> Double { Double(bitPattern: try fixed()) }

  mutating func date() throws -> Date {
    Date(timeIntervalSinceReferenceDate: Double(bitPattern: try fixed()))
  }

  mutating func string() throws -> String {
    let text = try span()
    return pools?.text(text) ?? String(decoding: text, as: UTF8.self)
  }

  mutating func identifier<Subject>() throws -> Identifier<Subject> {
    if try bool() { return Identifier(high: try fixed(), low: try fixed()) }
    return Identifier(try string())
  }

  mutating func optional<Value>(
    _ body: (inout PackedReader) throws -> Value
  ) throws -> Value? {
    try bool() ? try body(&self) : nil
  }

  mutating func array<Value>(
    _ body: (inout PackedReader) throws -> Value
  ) throws -> [Value] {
    let count = try length()
    guard count > 0 else { return [] }
    var values: [Value] = []
    values.reserveCapacity(count)
    for _ in 0..<count { values.append(try body(&self)) }
    return values
  }

  /// A block that is often the same: read once, then shared.
  mutating func shared<Value>(
    _ pool: KeyPath<PackedPools, PackedPools.Blocks<Value>>,
    _ body: (inout PackedReader) throws -> Value
  ) throws -> Value {
    let block = try span()
    let blocks = pools?[keyPath: pool]
    if let known = blocks?.value(of: block) { return known }
    var inner = PackedReader(block, pools: pools)
    let value = try body(&inner)
    guard inner.isAtEnd else { throw Damaged() }
    blocks?.keep(value, of: block)
    return value
  }

  /// A block's bytes, without a look at them.
  mutating func span() throws -> UnsafeRawBufferPointer { try raw(try length()) }

  /// So many bytes as they are.
  mutating func raw(_ count: Int) throws -> UnsafeRawBufferPointer {
    guard count >= 0, count <= left else { throw Damaged() }
    defer { place += count }
    return UnsafeRawBufferPointer(rebasing: bytes[place..<place + count])
  }

  /// Of so many elements each has a byte at least.
  private mutating func length() throws -> Int {
    let count = try unsigned()
    guard count <= UInt64(bytes.count - place) else { throw Damaged() }
    return Int(count)
  }

  private mutating func fixed() throws -> UInt64 {
    guard bytes.count - place >= 8 else { throw Damaged() }
    defer { place += 8 }
    return UInt64(littleEndian: bytes.loadUnaligned(fromByteOffset: place, as: UInt64.self))
  }
}

/// Equal texts and blocks of a fleet, held once: images, hosts, bounds, ports.
///
/// A pool forgets: it is a table of a fixed size, and what does not fit in its place is replaced.
final class PackedPools {
  final class Blocks<Value> {
    private var slots: [(key: [UInt8], value: Value)?]

    init(size: Int = 1024) { slots = Array(repeating: nil, count: size) }

    func value(of bytes: UnsafeRawBufferPointer) -> Value? {
      guard let slot = slots[place(bytes)], slot.key.elementsEqual(bytes) else { return nil }
      return slot.value
    }

    func keep(_ value: Value, of bytes: UnsafeRawBufferPointer) {
      slots[place(bytes)] = (Array(bytes), value)
    }

    private func place(_ bytes: UnsafeRawBufferPointer) -> Int {
      Int(PackedPools.hash(bytes) % UInt64(slots.count))
    }
  }

  private var texts = [String](repeating: "", count: 8192)
  let definitions = Blocks<Definition>(size: 256)
  let regions = Blocks<[RegionID]>()
  let scalings = Blocks<[Definition.Scaling]>()
  let types = Blocks<[Definition.TypeChoice]>()
  let lists = Blocks<[String]>()

  /// Up to fifteen bytes need no allocation and are not kept.
  func text(_ bytes: UnsafeRawBufferPointer) -> String {
    guard bytes.count > 15 else { return String(decoding: bytes, as: UTF8.self) }
    let place = Int(Self.hash(bytes) % UInt64(texts.count))
    if texts[place].utf8.count == bytes.count, texts[place].utf8.elementsEqual(bytes) {
      return texts[place]
    }
    texts[place] = String(decoding: bytes, as: UTF8.self)
    return texts[place]
  }

  /// FNV-1a.
  private static func hash(_ bytes: UnsafeRawBufferPointer) -> UInt64 {
    bytes.reduce(14_695_981_039_346_656_037) { ($0 ^ UInt64($1)) &* 1_099_511_628_211 }
  }
}

extension PackedReader {
  mutating func optionalString() throws -> String? { try optional { try $0.string() } }
  mutating func optionalInt() throws -> Int? { try optional { try $0.int() } }
  mutating func optionalDouble() throws -> Double? { try optional { try $0.double() } }
  mutating func optionalDate() throws -> Date? { try optional { try $0.date() } }
  mutating func optionalIdentifier<Subject>() throws -> Identifier<Subject>? {
    try optional { try $0.identifier() }
  }
  mutating func strings() throws -> [String] { try array { try $0.string() } }
  mutating func identifiers<Subject>() throws -> [Identifier<Subject>] {
    try array { try $0.identifier() }
  }
}
