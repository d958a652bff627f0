import Foundation

/// Values of past states that were decoded before: neighbouring instants share nearly all of them.
final class DecodedStates {
  struct Key: Hashable {
    let kind: Int
    let id: String
    let from: Int64
  }

  private static let most = 60_000
  private var values: [Key: any Sendable] = [:]
  private let decoder = JSONDecoder()

  /// The value under a key; `payload` is only read when it is not there yet.
  func value<Value: Decodable & Sendable>(
    _ type: Value.Type, _ key: Key, payload: () -> Data
  ) throws -> Value {
    if let known = values[key] as? Value { return known }
    let value = try decoder.decode(type, from: payload())
    if values.count >= Self.most { values.removeAll(keepingCapacity: true) }
    values[key] = value
    return value
  }
}
