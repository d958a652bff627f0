import Foundation
import Hummingbird
import Synchronization

/// What the server counts and how it misbehaves; changed while it runs.
final class Conduct: Sendable {
  struct Contents {
    var plan: FaultPlan
    var generator: SeededGenerator
    var windowStart: ContinuousClock.Instant
    var inWindow = 0
    var requests = 0
    /// By method and route, with `{id}` where an identifier stands.
    var routes: [String: Int] = [:]
    var writes: [String] = []
    /// Those of the writes that changed something.
    var accepted: [String] = []
    /// Called with each write before it is carried out.
    var watcher: (@Sendable (String) -> Void)?
  }

  let contents: Mutex<Contents>
  let rateLimit: Int?

  init(options: SimulatorOptions) {
    rateLimit = options.rateLimit
    contents = Mutex(
      Contents(
        plan: options.faults, generator: SeededGenerator(seed: options.seed ^ 0xfa17),
        windowStart: .now))
  }

  enum Ending {
    case none, error, reset, truncated, malformed, html, hang, limited, dropped, cut
  }

  /// Draws how a request ends, and how long it is held up.
  func draw(path: String, method: String) -> (ending: Ending, latency: Int, isExpired: Bool) {
    contents.withLock { contents in
      let plan = contents.plan
      guard path.hasPrefix(plan.path), plan.method.isEmpty || plan.method == method else {
        return (.none, 0, false)
      }
      var luck = Double(contents.generator.next() >> 11) / Double(1 << 53)
      let shares: [(Double, Ending)] = [
        (plan.error, .error), (plan.reset, .reset), (plan.truncated, .truncated),
        (plan.malformed, .malformed), (plan.html, .html), (plan.hang, .hang),
        (plan.limited, .limited), (plan.dropped, .dropped), (plan.cut, .cut),
      ]
      for (share, ending) in shares {
        if luck < share { return (ending, plan.latency, plan.expired) }
        luck -= share
      }
      return (.none, plan.latency, plan.expired)
    }
  }

  /// Counts a request against the window; what the headers say, and whether it is one too many.
  func count() -> (remaining: Int, reset: Int, isOver: Bool) {
    contents.withLock { contents in
      contents.requests += 1
      guard let rateLimit else { return (0, 0, false) }
      let passed = contents.windowStart.duration(to: .now)
      if passed >= .seconds(60) {
        contents.windowStart = .now
        contents.inWindow = 0
      }
      contents.inWindow += 1
      let left = 60 - Int(min(passed, .seconds(60)) / .seconds(1))
      return (max(0, rateLimit - contents.inWindow), left, contents.inWindow > rateLimit)
    }
  }

  func note(route: String) { contents.withLock { $0.routes[route, default: 0] += 1 } }

  func note(write: String) {
    let watcher = contents.withLock { contents in
      contents.writes.append(write)
      return contents.watcher
    }
    watcher?(write)
  }

  func note(accepted write: String) { contents.withLock { $0.accepted.append(write) } }
}

/// Puts the faults of a plan and the rate limit between a client and the platform's routes.
struct FaultInjector: RouterMiddleware {
  typealias Context = BasicRequestContext

  let conduct: Conduct
  let token: String

  func handle(
    _ request: Request, context: Context,
    next: (Request, Context) async throws -> Response
  ) async throws -> Response {
    let path = request.uri.path
    guard path.hasPrefix("/v1") else { return try await next(request, context) }
    let fate = conduct.draw(path: path, method: request.method.rawValue)
    if fate.latency > 0 { try await Task.sleep(for: .milliseconds(fate.latency)) }
    let window = conduct.count()
    conduct.note(route: "\(request.method.rawValue) \(Self.route(path))")
    if window.isOver || fate.ending == .limited {
      return Response(status: .tooManyRequests, headers: headers(window, isLimited: true))
    }
    guard isAuthentic(request, path), !fate.isExpired else {
      return try Reply.error(
        .unauthorized, code: "authentication_error", "Route needs to be authenticated")
    }
    if let response = try await spoiled(fate.ending) { return response }
    let isWrite = request.method != .get && !(request.uri.query ?? "").contains("dry_run=true")
    let write = "\(request.method.rawValue) \(path)"
    if isWrite { conduct.note(write: write) }
    var response = try await next(request, context)
    if isWrite, response.status.kind == .successful { conduct.note(accepted: write) }
    if fate.ending == .dropped { throw Lost() }
    if fate.ending == .cut { return Self.brokenOff }
    for field in headers(window, isLimited: false) { response.headers[field.name] = field.value }
    return response
  }

  private struct Lost: Error {}

  /// A path with `{id}` in the place of what is a name or an identifier.
  private static func route(_ path: String) -> String {
    path.split(separator: "/").map { part in
      part.count > 8 && part.contains(where: \.isNumber) ? "{id}" : String(part)
    }.reduce("") { $0 + "/" + $1 }
  }

  private func isAuthentic(_ request: Request, _ path: String) -> Bool {
    if path == "/v1/catalog/regions" { return true }
    return request.headers[.authorization] == "Bearer " + token
  }

  private func headers(
    _ window: (remaining: Int, reset: Int, isOver: Bool), isLimited: Bool
  ) -> HTTPFields {
    guard let limit = conduct.rateLimit ?? (isLimited ? 400 : nil) else { return [:] }
    var fields = HTTPFields()
    let values = [
      ("x-ratelimit-limit", "\(limit), \(limit);w=60"),
      ("x-ratelimit-remaining", String(isLimited ? 0 : window.remaining)),
      ("x-ratelimit-reset", String(max(1, window.reset))),
    ]
    for (name, value) in values {
      if let name = HTTPFields.Element.Name(name) { fields[name] = value }
    }
    return fields
  }

  private func spoiled(_ ending: Conduct.Ending) async throws -> Response? {
    let json: HTTPFields = [.contentType: "application/json"]
    switch ending {
    case .none, .limited, .dropped, .cut: return nil
    case .error: return try Reply.error(.internalServerError, code: "api_error", "injected")
    case .malformed:
      return Response(
        status: .ok, headers: json,
        body: ResponseBody(byteBuffer: ByteBuffer(string: #"{"services":[{"id":"#)))
    case .html:
      return Response(
        status: .ok, headers: [.contentType: "text/html"],
        body: ResponseBody(byteBuffer: ByteBuffer(string: "<html>sign in</html>")))
    case .hang:
      try await Task.sleep(for: .seconds(600))
      return nil
    case .reset, .truncated: return Self.brokenOff
    }
  }

  private static var brokenOff: Response {
    Response(
      status: .ok, headers: [.contentType: "application/json"],
      body: ResponseBody { writer in
        try await writer.write(ByteBuffer(string: #"{"count":1,"#))
        throw Lost()
      })
  }
}

/// Counts what is asked of the source of GPU numbers.
struct MetricsCounter: RouterMiddleware {
  typealias Context = BasicRequestContext

  let conduct: Conduct

  func handle(
    _ request: Request, context: Context,
    next: (Request, Context) async throws -> Response
  ) async throws -> Response {
    conduct.note(route: "metrics")
    return try await next(request, context)
  }
}
