import Synchronization

/// What the platform last said of its rate limit; shared by all requests of a client.
package final class RequestBudget: Sendable {
  /// One reading of the `x-ratelimit-*` headers.
  package struct Reading: Equatable, Sendable {
    package var limit: Int
    package var remaining: Int
    /// Until the window starts anew.
    package var reset: Duration

    package init(limit: Int, remaining: Int, reset: Duration) {
      self.limit = limit
      self.remaining = remaining
      self.reset = reset
    }
  }

  private struct Contents {
    var reading: Reading?
    var sent = 0
  }

  private let contents = Mutex(Contents())

  package init() {}

  package var latest: Reading? { contents.withLock { $0.reading } }
  /// Requests sent since the start.
  package var sent: Int { contents.withLock { $0.sent } }

  func count() { contents.withLock { $0.sent += 1 } }
  func note(_ reading: Reading) { contents.withLock { $0.reading = reading } }
}
