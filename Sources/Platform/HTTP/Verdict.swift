import FoundationEssentials
import NIOCore
import NIOHTTP1

/// Decides what an answer means before anything in it is believed.
struct Verdict {
  let route: String
  let answer: HTTPTransport.Answer

  func body() throws(PlatformError) -> ByteBuffer {
    switch answer.status {
    case 200..<300:
      guard isJSON else {
        throw .unreadable(route: route, detail: "not JSON but \(contentType ?? "no content type")")
      }
      return answer.body
    case 300..<400:
      let target = answer.headers.first(name: "location").flatMap { URL(string: $0)?.host() }
      throw .refused("\(route) redirects to \(target ?? "another address"); not followed")
    case 401: throw .unauthorized(said ?? "it is invalid or has expired")
    case 403: throw .forbidden(said ?? "forbidden")
    case 404: throw .notFound(route)
    case 429: throw .rateLimited(retryAfter: retryAfter)
    default:
      let error = explanation
      throw .rejected(
        status: answer.status, message: error?.text ?? "no explanation",
        fields: (error?.fields ?? []).map {
          PlatformError.Field(name: $0.field ?? "", description: clip($0.description ?? ""))
        })
    }
  }

  private var contentType: String? { answer.headers.first(name: "content-type") }

  private var isJSON: Bool {
    contentType?.lowercased().hasPrefix("application/json") ?? false
  }

  private var said: String? { explanation?.text }

  private var retryAfter: Duration {
    let named = ["retry-after", "x-ratelimit-reset"].lazy
      .compactMap { answer.headers.first(name: $0).flatMap(HTTPTransport.leadingNumber) }
    // A limit of fifteen minutes, then asking again is fair.
    return .seconds(min(max(named.first ?? 30, 1), 900))
  }

  private var explanation: Explanation? {
    guard isJSON else { return nil }
    return try? JSONDecoder().decode(Explanation.self, from: Data(answer.body.readableBytesView))
  }

  private struct Explanation: Decodable {
    struct Field: Decodable {
      var field: String?
      var description: String?
    }

    var message: String?
    var error: String?
    var fields: [Field]?

    var text: String? { (message ?? error).map { String($0.prefix(300)) } }
  }

  private func clip(_ text: String) -> String { String(text.prefix(200)) }
}
