import AsyncHTTPClient
package import Logging
package import NIOCore
import FoundationEssentials
package import NIOHTTP1

/// Sends one request and gives the body back, or one of the documented errors.
///
/// Follows no redirect, since a header with a token must not reach another host; knows no switch
/// that turns the verification of certificates off; and no answer is larger than its bound.
package struct HTTPTransport: Sendable {
  /// How long each part of a request may take, and how much an answer may hold.
  package struct Limits: Sendable {
    package var connect: Duration = .seconds(5)
    package var head: Duration = .seconds(15)
    package var total: Duration = .seconds(60)
    package var body = 32 << 20

    package init() {}
  }

  package let budget = RequestBudget()
  private let client: HTTPClient
  private let limits: Limits
  private let log: Logger

  package init(limits: Limits = Limits(), log: Logger) {
    var configuration = HTTPClient.Configuration(
      redirectConfiguration: .disallow,
      timeout: .init(
        connect: .nanoseconds(limits.connect.nanoseconds),
        read: .nanoseconds(limits.head.nanoseconds)))
    configuration.connectionPool.retryConnectionEstablishment = false
    configuration.connectionPool.concurrentHTTP1ConnectionsPerHostSoftLimit = 6
    configuration.httpVersion = .http1Only
    client = HTTPClient(eventLoopGroupProvider: .singleton, configuration: configuration)
    self.limits = limits
    self.log = log
  }

  /// Closes the connections; to be called once, at the end.
  package func shutdown() async {
    do { try await client.shutdown() } catch {
      log.debug("the HTTP client was closed before", metadata: ["error": "\(error)"])
    }
  }

  package struct Request: Sendable {
    package var method: HTTPMethod
    package var url: String
    /// What an error names: the path without its ids' query.
    package var route: String
    package var headers: [(name: String, value: String)]
    package var body: ByteBuffer?

    package init(
      method: HTTPMethod = .GET, url: String, route: String,
      headers: [(name: String, value: String)] = [], body: ByteBuffer? = nil
    ) {
      self.method = method
      self.url = url
      self.route = route
      self.headers = headers
      self.body = body
    }
  }

  /// The body of a successful JSON answer.
  package func send(_ request: Request) async throws(PlatformError) -> ByteBuffer {
    budget.count()
    var outgoing = HTTPClientRequest(url: request.url)
    outgoing.method = request.method
    for header in request.headers { outgoing.headers.add(name: header.name, value: header.value) }
    outgoing.headers.add(name: "Accept", value: "application/json")
    outgoing.headers.add(name: "User-Agent", value: "vigie/0.1")
    if let body = request.body { outgoing.body = .bytes(body) }
    let answer: Answer
    do {
      answer = try await exchange(outgoing)
    } catch {
      throw Self.failure(error, route: request.route)
    }
    note(answer.headers)
    return try Verdict(route: request.route, answer: answer).body()
  }

  struct Answer: Sendable {
    var status: Int
    var headers: HTTPHeaders
    var body: ByteBuffer
  }

  private func exchange(_ request: HTTPClientRequest) async throws -> Answer {
    let client = client
    let limits = limits
    let log = log
    return try await withThrowingTaskGroup(of: Answer.self) { group in
      group.addTask {
        let response = try await client.execute(
          request, timeout: .nanoseconds(limits.head.nanoseconds), logger: log)
        let body = try await response.body.collect(upTo: limits.body)
        return Answer(status: Int(response.status.code), headers: response.headers, body: body)
      }
      group.addTask {
        try await ContinuousClock().sleep(for: limits.total)
        throw HTTPClientError.deadlineExceeded
      }
      defer { group.cancelAll() }
      guard let answer = try await group.next() else { throw CancellationError() }
      return answer
    }
  }

  private func note(_ headers: HTTPHeaders) {
    guard let limit = headers.first(name: "x-ratelimit-limit").flatMap(Self.leadingNumber),
      let remaining = headers.first(name: "x-ratelimit-remaining").flatMap(Self.leadingNumber)
    else { return }
    let reset = headers.first(name: "x-ratelimit-reset").flatMap(Self.leadingNumber) ?? 60
    budget.note(.init(limit: limit, remaining: remaining, reset: .seconds(min(reset, 900))))
  }

  static func leadingNumber(_ text: String) -> Int? {
    Int(text.prefix { $0.isASCII && $0.isNumber })
  }

  private static func failure(_ error: any Error, route: String) -> PlatformError {
    if error is CancellationError { return .unreachable("cancelled") }
    if error is NIOTooManyBytesError {
      return .unreadable(route: route, detail: "the answer is larger than allowed")
    }
    if let error = error as? HTTPClientError {
      switch error {
      case .connectTimeout: return .unreachable("no connection in time")
      case .readTimeout, .deadlineExceeded: return .unreachable("no answer in time")
      case .remoteConnectionClosed: return .unreachable("the connection was closed")
      default: return .unreachable("no answer: \(error.shortDescription)")
      }
    }
    if let error = error as? IOError {
      return .unreachable("no connection: \(IOErrorText.of(error))")
    }
    return .unreachable("no answer: \(String(describing: type(of: error)))")
  }
}

enum IOErrorText {
  static func of(_ error: IOError) -> String {
    switch error.errnoCode {
    case 111: "refused"
    case 104: "reset"
    case 113, 101: "no route to the host"
    case 110: "timed out"
    default: "system error \(error.errnoCode)"
    }
  }
}

extension Duration {
  var nanoseconds: Int64 {
    components.seconds * 1_000_000_000 + components.attoseconds / 1_000_000_000
  }
}
