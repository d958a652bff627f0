import Domain
import FoundationEssentials
import NIOCore
import NIOHTTP1

/// One page of a list.
package struct Page<Item: Sendable>: Sendable {
  package var items: [Item]
  /// Nil when this list does not say how many there are.
  package var total: Int?
  package var hasMore: Bool
  /// Of the answer as it came: equal hashes mean that nothing changed.
  package var contentHash: UInt64
  /// Items that could not be read and are left out.
  package var rejectedItems: Int
}

/// A page, unless it is the same as the last time.
package enum PageOrUnchanged<Item: Sendable>: Sendable {
  case page(Page<Item>)
  case unchanged

  /// Nil when it is unchanged.
  package var page: Page<Item>? {
    if case .page(let page) = self { page } else { nil }
  }
}

/// Koyeb's REST API, the part that vigie uses.
package struct KoyebClient: Sendable {
  /// What every list accepts at most.
  package static let pageSize = 100

  package let endpoint: PlatformEndpoint
  package let transport: HTTPTransport
  let mapping: Mapping
  private let token: @Sendable () throws(PlatformError) -> Secret

  /// `token` is asked before each request, so that a new one on disk is found without a restart.
  package init(
    endpoint: PlatformEndpoint, transport: HTTPTransport, fingerprint: Fingerprint,
    token: @escaping @Sendable () throws(PlatformError) -> Secret
  ) {
    self.endpoint = endpoint
    self.transport = transport
    mapping = Mapping(fingerprint: fingerprint)
    self.token = token
  }

  // MARK: - One request

  typealias Query = [(String, String)]

  func fetch(_ path: String, _ query: Query = []) async throws(PlatformError) -> ByteBuffer {
    try await transport.send(try request(.GET, path, query, body: nil))
  }

  func write<Body: Encodable>(
    _ method: HTTPMethod, _ path: String, _ query: Query = [], body: Body
  ) async throws(PlatformError) -> ByteBuffer {
    let data: Data
    do { data = try JSONEncoder().encode(body) } catch {
      throw .refused("the request could not be written")
    }
    return try await transport.send(try request(method, path, query, body: ByteBuffer(bytes: data)))
  }

  func remove(_ path: String) async throws(PlatformError) -> ByteBuffer {
    try await transport.send(try request(.DELETE, path, [], body: nil))
  }

  func decode<Value: Decodable>(
    _ type: Value.Type, _ body: ByteBuffer, route: String
  ) throws(PlatformError) -> Value {
    do {
      return try JSONDecoder().decode(type, from: Data(body.readableBytesView))
    } catch {
      throw .unreadable(route: route, detail: "the JSON is damaged or of another shape")
    }
  }

  private func request(
    _ method: HTTPMethod, _ path: String, _ query: Query, body: ByteBuffer?
  ) throws(PlatformError) -> HTTPTransport.Request {
    var headers: [(name: String, value: String)] = [
      (name: "Authorization", value: "Bearer " + (try token()).revealed)
    ]
    if body != nil { headers.append((name: "Content-Type", value: "application/json")) }
    let text = query.map { "\(Self.escape($0.0))=\(Self.escape($0.1))" }.joined(separator: "&")
    return HTTPTransport.Request(
      method: method, url: endpoint.base + path + (text.isEmpty ? "" : "?" + text),
      route: "\(method) \(path)", headers: headers, body: body)
  }

  /// Everything but letters, digits and `-._~` as percent and two digits.
  static func escape(_ text: String) -> String {
    var result = ""
    for byte in text.utf8 {
      let isPlain =
        (byte >= 48 && byte <= 57) || (byte >= 65 && byte <= 90) || (byte >= 97 && byte <= 122)
        || byte == 45 || byte == 46 || byte == 95 || byte == 126
      if isPlain {
        result.unicodeScalars.append(Unicode.Scalar(byte))
      } else {
        let digits = String(byte, radix: 16, uppercase: true)
        result += "%" + (digits.count < 2 ? "0" : "") + digits
      }
    }
    return result
  }

  /// Identifiers come from answers: only what cannot change a path may stand in one.
  func segment<Subject>(_ id: Identifier<Subject>) throws(PlatformError) -> String {
    let text = id.rawValue
    let isPlain = text.utf8.allSatisfy {
      ($0 >= 48 && $0 <= 57) || ($0 >= 65 && $0 <= 90) || ($0 >= 97 && $0 <= 122) || $0 == 45
        || $0 == 95
    }
    guard isPlain, !text.isEmpty, text.utf8.count <= 128 else {
      throw .refused("an identifier of the platform is not usable in an address")
    }
    return text
  }
}
