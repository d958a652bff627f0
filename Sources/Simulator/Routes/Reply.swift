import Foundation
import Hummingbird
import Platform

/// Answers as Koyeb's API gives them.
enum Reply {
  static func json(_ value: JSONValue, status: HTTPResponse.Status = .ok) throws -> Response {
    var text = JSONText()
    text.write(value)
    return Response(
      status: status, headers: [.contentType: "application/json"],
      body: ResponseBody(byteBuffer: ByteBuffer(bytes: text.bytes)))
  }

  static func error(
    _ status: HTTPResponse.Status, code: String, _ message: String,
    fields: [(name: String, description: String)] = []
  ) throws -> Response {
    var members: [String: JSONValue] = [
      "status": .number(Decimal(status.code)), "code": .string(code), "message": .string(message),
    ]
    if status == .badRequest {
      members["fields"] = .array(
        fields.map { .object(["field": .string($0.name), "description": .string($0.description)]) })
    }
    return try json(.object(members), status: status)
  }

  static func notFound(_ what: String) throws -> Response {
    try error(.notFound, code: "unknown_resource", "\(what) not found")
  }

  enum Ending {
    case countAndNext, count, next
  }

  /// One page of a list, with what that list says of there being more.
  static func page(
    _ key: String, total: Int, query: ListQuery, ending: Ending, _ item: (Int) throws -> JSONValue
  ) throws -> Response {
    let upper = min(total, query.offset + query.limit)
    let items = try query.offset < upper ? (query.offset..<upper).map(item) : []
    var members: [String: JSONValue] = [
      key: .array(items), "limit": .number(Decimal(query.limit)),
      "offset": .number(Decimal(query.offset)),
    ]
    if ending != .next { members["count"] = .number(Decimal(total)) }
    if ending != .count { members["has_next"] = .bool(upper < total) }
    return try json(.object(members))
  }
}

/// What a list was asked for.
struct ListQuery {
  let limit: Int
  let offset: Int
  private let parameters: [(name: Substring, value: String)]

  init(_ request: Request) {
    let parameters: [(name: Substring, value: String)] = (request.uri.query ?? "").split(
      separator: "&"
    ).map { pair in
      let parts = pair.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
      let value = parts.count > 1 ? String(parts[1]) : ""
      return (
        parts[0], value.replacingOccurrences(of: "+", with: " ").removingPercentEncoding ?? value
      )
    }
    self.parameters = parameters
    func number(_ name: String) -> Int? {
      parameters.first { $0.name == name }.flatMap { Int($0.value) }
    }
    limit = min(max(number("limit") ?? 20, 1), 100)
    offset = max(number("offset") ?? 0, 0)
  }

  func value(_ name: String) -> String? {
    parameters.first { $0.name == name && !$0.value.isEmpty }?.value
  }

  func values(_ name: String) -> [String] {
    parameters.filter { $0.name == name && !$0.value.isEmpty }.map(\.value)
  }

  func date(_ name: String) -> Date? {
    value(name).flatMap { text in
      (try? Date(text, strategy: .iso8601))
        ?? (try? Date(text, strategy: Date.ISO8601FormatStyle(includingFractionalSeconds: true)))
    }
  }
}
