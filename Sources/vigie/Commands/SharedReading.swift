import Domain
import Engine
import Foundation
import Store

/// What a command does when another vigie writes the cache: that one reads the platform for all.
struct SharedReading {
  let store: Store

  /// How long a reading of the other one is waited for: at its start it may take a while.
  private static let patience = 10.0
  /// How long one that only runs a command may have the cache.
  private static let shortly = 3.0

  /// How the other one's reading of some lists stands, once it is fresh; nil when this process
  /// writes, and so reads by itself.
  ///
  /// `asked` is when the other one was asked for more: only what it read later counts.
  func report(
    of chosen: Set<SyncResource>? = nil, since asked: Date? = nil
  ) throws -> SyncReport? {
    let end = Date().addingTimeInterval(Self.patience)
    while true {
      if try Failures.stored({ try store.claim() }) { return nil }
      _ = try Failures.stored { try store.follow() }
      let states = try Failures.stored { try store.syncStates() }
      // A source that the other one does not know is never read.
      let wanted = (chosen ?? Set(SyncResource.allCases)).filter { resource in
        resource != .accelerators || states.contains { $0.resource == resource }
      }
      let now = Date()
      let lines = SyncResource.allCases.filter(wanted.contains).map { resource in
        line(resource, states.first { $0.resource == resource }, since: asked, now: now)
      }
      guard lines.contains(where: \.isLate), now < end else {
        return SyncReport(
          lines: lines.map { SyncReport.Line(resource: $0.resource, failure: $0.failure) })
      }
      usleep(100_000)
    }
  }

  /// Waits a little to be the one that writes; else ends the command with one sentence.
  func insist(_ advice: String) throws {
    let end = Date().addingTimeInterval(Self.shortly)
    while try !Failures.stored({ try store.claim() }) {
      guard Date() < end else {
        throw StoreErrorText(message: "\(store.heldElsewhere.message); \(advice)")
      }
      usleep(50_000)
    }
  }

  private struct Line {
    var resource: SyncResource
    var failure: String?
    /// It was not read as it should have been, and may be soon.
    var isLate = false
  }

  private func line(
    _ resource: SyncResource, _ state: SyncState?, since asked: Date?, now: Date
  ) -> Line {
    let line = Line(resource: resource, failure: state?.failure)
    guard line.failure == nil else { return line }
    let holder = store.heldElsewhere.message
    guard let state, let completed = state.completedAt else {
      return Line(resource: resource, failure: "not read yet: \(holder)", isLate: true)
    }
    guard !state.isStale(at: now), completed >= asked ?? .distantPast else {
      let age = Formatting.age(from: completed, to: now)
      return Line(resource: resource, failure: "read \(age) ago: \(holder)", isLate: true)
    }
    return line
  }
}
