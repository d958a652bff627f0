import Foundation

/// What a row's payload can hold.
///
/// What there are many of is packed; a single catalogue or a source's state is JSON.
protocol Payload: Codable, Equatable, Sendable {
  func payload() throws -> Data
  init(payload bytes: UnsafeRawBufferPointer, pools: PackedPools) throws
}

extension Payload {
  func payload() throws -> Data { try JSONEncoder().encode(self) }

  init(payload bytes: UnsafeRawBufferPointer, pools: PackedPools) throws {
    self = try JSONDecoder().decode(Self.self, from: Data(bytes))
  }

  init(payload data: Data, pools: PackedPools = PackedPools()) throws {
    self = try data.withUnsafeBytes { try Self(payload: $0, pools: pools) }
  }
}

/// Has a packed form; its rows begin with the format's number.
protocol Packed: Payload {
  func write(to writer: inout PackedWriter)
  init(from reader: inout PackedReader) throws
}

enum PackedFormat {
  /// Never the first byte of JSON, which the first versions wrote.
  static let number: UInt8 = 1
}

extension Packed {
  func payload() -> Data {
    var writer = PackedWriter()
    write(to: &writer)
    return Data([PackedFormat.number] + writer.bytes)
  }

  init(payload bytes: UnsafeRawBufferPointer, pools: PackedPools) throws {
    guard bytes.first == PackedFormat.number else {
      self = try JSONDecoder().decode(Self.self, from: Data(bytes))
      return
    }
    var reader = PackedReader(bytes, from: 1, pools: pools)
    try self.init(from: &reader)
    guard reader.isAtEnd else { throw PackedReader.Damaged() }
  }
}
