/// What went wrong with a platform, sorted by what the caller can do about it.
package enum PlatformError: Error, Equatable, Sendable {
  /// No answer: try again later. After a write, whether it took effect is not known.
  case unreachable(String)
  /// The token is not accepted: read it again, or ask for another.
  case unauthorized(String)
  /// The token may not do this one thing.
  case forbidden(String)
  case notFound(String)
  /// Nothing before this time.
  case rateLimited(retryAfter: Duration)
  /// The platform said no, and why.
  case rejected(status: Int, message: String, fields: [Field])
  /// An answer that is not what the platform documents.
  case unreadable(route: String, detail: String)
  /// Not sent, or not followed, for safety: a redirect, an address that is not allowed.
  case refused(String)

  /// A part of a request that the platform did not accept.
  package struct Field: Hashable, Sendable {
    package let name: String
    package let description: String

    package init(name: String, description: String) {
      self.name = name
      self.description = description
    }
  }

  /// One clear sentence.
  package var message: String {
    switch self {
    case .unreachable(let reason): return reason
    case .unauthorized(let reason): return "the token is not accepted: \(reason)"
    case .forbidden(let reason): return "the token may not do this: \(reason)"
    case .notFound(let what): return "\(what) is not there"
    case .rateLimited(let wait):
      return "too many requests; the platform asks to wait \(wait.components.seconds)s"
    case .rejected(let status, let message, let fields):
      let details = fields.map { "\($0.name): \($0.description)" }.joined(separator: ", ")
      return "refused (\(status)): \(message)" + (details.isEmpty ? "" : " (\(details))")
    case .unreadable(let route, let detail):
      return "\(route) answered what is not expected: \(detail)"
    case .refused(let reason): return reason
    }
  }

  /// Whether a write that ended so may still have happened.
  package var leavesWriteUnknown: Bool {
    switch self {
    case .unreachable, .unreadable: true
    case .rejected(let status, _, _): status >= 500
    case .unauthorized, .forbidden, .notFound, .rateLimited, .refused: false
    }
  }
}
