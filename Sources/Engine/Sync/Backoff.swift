/// How long to wait after failures: 800 ms, doubled each time up to 30 s, with full jitter.
package struct Backoff: Equatable, Sendable {
  package static let first: Duration = .milliseconds(800)
  package static let most: Duration = .seconds(30)

  /// Failures in a row.
  package private(set) var failures = 0

  package init() {}

  /// The wait before the next attempt: somewhere between a tenth of the bound and the bound.
  package mutating func next(using generator: inout some RandomNumberGenerator) -> Duration {
    let doubled = Self.first * Int(1 << min(failures, 10))
    failures += 1
    let bound = min(doubled, Self.most)
    return bound * Double.random(in: 0.1...1, using: &generator)
  }

  package mutating func succeed() { failures = 0 }
}
