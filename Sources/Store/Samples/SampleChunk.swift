import Foundation

/// Readings of a short while in one row: the first as it is, the others as what differs from it.
///
/// A chunk needs no other one to be read, and knows no absolute time: its row does.
struct SampleChunk {
  /// The first byte of a payload; another one is another format.
  static let format: UInt8 = 1

  /// Milliseconds since 1970 at which the while begins.
  let start: Int64
  private(set) var frames: [SampleFrame]

  init(start: Int64, frames: [SampleFrame] = []) {
    self.start = start
    self.frames = frames.sorted { $0.at < $1.at }
  }

  init(payload: Data, start: Int64) throws {
    let reader = try ChunkReader(payload, start: start)
    self.init(start: start, frames: try reader.times.indices.map { try reader.frame($0) })
  }

  var sampleCount: Int { frames.reduce(0) { $0 + $1.series.count } }

  mutating func add(_ frame: SampleFrame) {
    if let place = frames.firstIndex(where: { $0.at == frame.at }) {
      frames[place] = frames[place].merged(with: frame)
    } else {
      frames = (frames + [frame]).sorted { $0.at < $1.at }
    }
  }

  mutating func keep(where isWanted: (SampleFrame) -> Bool) { frames.removeAll { !isWanted($0) } }

  func payload() -> Data {
    var writer = PackedWriter()
    writer.write(byte: Self.format)
    writer.write(UInt64(frames.count))
    for (place, frame) in frames.enumerated() {
      let first = place == 0 ? nil : frames.first
      writer.write(UInt64(frame.at - start))
      writer.block { Self.write(frame.series, unless: first?.series, to: &$0) }
      let places = first.map { Self.places(of: frame.series, in: $0.series) }
      for column in SampleFrame.Column.allCases {
        let base = places.flatMap { places in first?[column].moved(to: places) }
        writer.block { Self.write(frame[column], from: base, to: &$0) }
      }
    }
    return Data(writer.bytes)
  }

  /// An empty block says that they are those of the first reading.
  private static func write(_ series: [Int], unless known: [Int]?, to writer: inout PackedWriter) {
    guard series != known else { return }
    writer.write(UInt64(series.count))
    var before = -1
    writer.write(
      run: series.map { number in
        defer { before = number }
        return number &- before &- 1
      })
  }

  private static func write(
    _ column: SampleColumn, from base: SampleColumn?, to writer: inout PackedWriter
  ) {
    let present = column.present
    guard !present.isEmpty else { return }
    let isWhole = present.count == column.count
    writer.write(isWhole)
    if !isWhole {
      for begin in stride(from: 0, to: column.count, by: 8) {
        var byte: UInt8 = 0
        for place in begin..<min(begin + 8, column.count) where column[place] != nil {
          byte |= 1 << UInt8(place - begin)
        }
        writer.write(byte: byte)
      }
    }
    guard let base else { return writer.write(run: present) }
    var differences: [Int] = []
    differences.reserveCapacity(present.count)
    for place in 0..<column.count {
      if let value = column[place] { differences.append(value &- (base[place] ?? 0)) }
    }
    writer.write(run: differences)
  }

  /// Where each of some series stands among others; both are in rising order.
  static func places(of series: [Int], in others: [Int]) -> [Int?] {
    if series == others { return others.indices.map { Optional($0) } }
    var other = 0
    return series.map { number in
      while other < others.count, others[other] < number { other += 1 }
      return other < others.count && others[other] == number ? other : nil
    }
  }
}

/// Reads single readings, and single columns of them, of a chunk.
struct ChunkReader {
  /// When each reading was, in milliseconds since 1970, rising.
  let times: [Int64]
  private let payload: Data
  private let parts: [Part]

  /// Where the blocks of one reading are in the payload.
  private struct Part {
    var series: Range<Int>
    var columns: [Range<Int>]
  }

  init(_ payload: Data, start: Int64) throws {
    self.payload = payload
    (times, parts) = try payload.withUnsafeBytes { bytes in
      var reader = PackedReader(bytes)
      guard try reader.byte() == SampleChunk.format else { throw PackedReader.Damaged() }
      let count = try reader.unsigned()
      var times: [Int64] = []
      var parts: [Part] = []
      guard count <= UInt64(bytes.count) else { throw PackedReader.Damaged() }
      for _ in 0..<count {
        // A chunk is a matter of minutes; a year is beyond any.
        let offset = try reader.unsigned()
        guard offset < 1 << 35 else { throw PackedReader.Damaged() }
        let at = start &+ Int64(offset)
        guard times.last.map({ $0 < at }) ?? true else { throw PackedReader.Damaged() }
        times.append(at)
        func block() throws -> Range<Int> {
          let block = try reader.span()
          let end = bytes.count - reader.left
          return end - block.count..<end
        }
        parts.append(
          Part(
            series: try block(), columns: try SampleFrame.Column.allCases.map { _ in try block() }))
      }
      guard reader.isAtEnd else { throw PackedReader.Damaged() }
      return (times, parts)
    }
  }

  /// One reading; columns that are not wanted are as if nothing were known.
  func frame(
    _ place: Int, columns wanted: [SampleFrame.Column] = SampleFrame.Column.allCases
  ) throws -> SampleFrame {
    let first = try series(0, first: nil)
    let own = place == 0 ? first : try series(place, first: first)
    let isSame = own == first
    let places = isSame ? [] : SampleChunk.places(of: own, in: first)
    let columns = try SampleFrame.Column.allCases.map { column in
      guard wanted.contains(column) else { return SampleColumn(absent: own.count) }
      let base = try self.column(column, 0, count: first.count, base: nil)
      guard place > 0 else { return base }
      return try self.column(
        column, place, count: own.count, base: isSame ? base : base.moved(to: places))
    }
    return SampleFrame(at: times[place], series: own, columns: columns)
  }

  private func read<Value>(
    _ range: Range<Int>, _ body: (inout PackedReader) throws -> Value
  ) throws -> Value {
    try payload.withUnsafeBytes { bytes in
      var reader = PackedReader(UnsafeRawBufferPointer(rebasing: bytes[range]))
      let value = try body(&reader)
      guard reader.isAtEnd else { throw PackedReader.Damaged() }
      return value
    }
  }

  private func series(_ place: Int, first: [Int]?) throws -> [Int] {
    let range = parts[place].series
    if range.isEmpty, let first { return first }
    return try read(range) { reader in
      let count = try reader.unsigned()
      guard count <= UInt64(Int32.max) else { throw PackedReader.Damaged() }
      var before = -1
      return try reader.run(count: Int(count)).map { step in
        let (number, isTooLarge) = before.addingReportingOverflow(1)
        let (next, isBeyond) = number.addingReportingOverflow(step)
        guard step >= 0, !isTooLarge, !isBeyond else { throw PackedReader.Damaged() }
        before = next
        return next
      }
    }
  }

  private func column(
    _ column: SampleFrame.Column, _ place: Int, count: Int, base: SampleColumn?
  ) throws -> SampleColumn {
    let range = parts[place].columns[column.rawValue]
    if range.isEmpty { return SampleColumn(absent: count) }
    return try read(range) { reader in
      guard try !reader.bool() else {
        let values = try reader.run(count: count)
        guard let base else { return SampleColumn(all: values) }
        return SampleColumn(all: values.indices.map { values[$0] &+ (base[$0] ?? 0) })
      }
      let bits = try reader.raw((count + 7) / 8)
      func isPresent(_ place: Int) -> Bool { bits[place >> 3] >> UInt8(place & 7) & 1 == 1 }
      let present = (0..<count).filter(isPresent)
      let values = try reader.run(count: present.count)
      let added = zip(present, values).map { place, value in value &+ (base?[place] ?? 0) }
      return try SampleColumn(added, where: isPresent, count: count)
    }
  }
}
