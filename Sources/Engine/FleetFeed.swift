package import Domain
package import FoundationEssentials
import Logging
package import Store
import Synchronization

/// Turns commits into pictures, away from the thread that draws, and at most once a second.
package struct FleetFeed: Sendable {
  private let store: Store
  private let now: @Sendable () -> Date
  private let sleep: @Sendable (Duration) async throws -> Void
  private let assembler: FleetAssembler

  /// Seconds after which what time alone changes (idle, pinned, stale samples) is judged anew.
  private static let longestReuse = 10.0

  package init(
    store: Store, rules: Rulebook = Rulebook(), now: @escaping @Sendable () -> Date,
    sleep: @escaping @Sendable (Duration) async throws -> Void
  ) {
    self.store = store
    assembler = FleetAssembler(rules: rules)
    self.now = now
    self.sleep = sleep
  }

  /// The picture as it is now.
  package func snapshot() throws(StoreError) -> FleetSnapshot {
    let instant = now()
    return assembler.snapshot(from: try store.facts(now: instant), now: instant)
  }

  package func detail(of id: WorkloadID) throws(StoreError) -> WorkloadDetail? {
    let instant = now()
    return assembler.detail(
      of: id, from: try store.facts(now: instant), more: try store.workloadFacts(of: id),
      now: instant)
  }

  /// A picture after each change; one that is the same as the last is left out.
  package func snapshots() -> AsyncStream<FleetSnapshot> {
    let last = Mutex<(content: Int, madeAt: Date, snapshot: FleetSnapshot)?>(nil)
    let savedContent = Mutex<Int?>(nil)
    return stream {
      // When only the sync itself went on, the old picture is true but for its ages.
      let content = store.contentNumber
      let instant = now()
      if let known = last.withLock({ $0 }), known.content == content,
        instant.timeIntervalSince(known.madeAt)
          < (known.snapshot.workloadCount > 1000 ? 6 : 1) * Self.longestReuse,
        let sync = try? store.syncStates(), let source = try? store.metricsSource()
      {
        try? store.record(trend: TrendPoint(known.snapshot, at: instant))
        return assembler.refreshed(known.snapshot, sync: sync, source: source, now: instant)
      }
      guard let fresh = try? next(after: last.withLock { $0 }, at: instant) else { return nil }
      // Kept with their times, so that the past knows when each was open.
      try? store.record(findings: fresh.findings, at: fresh.asOf)
      try? store.record(trend: TrendPoint(fresh, at: fresh.asOf))
      last.withLock { $0 = (content, instant, fresh) }
      return fresh
    } saving: { snapshot in
      // The first picture of the next start; one of the same content is as good.
      let content = last.withLock { $0?.content }
      guard savedContent.withLock({ $0 }) != content else { return }
      savedContent.withLock { $0 = content }
      try? store.saveHead(snapshot)
    }
  }

  private typealias Made = (content: Int, madeAt: Date, snapshot: FleetSnapshot)

  /// A new picture; only what changed, or what time changes, is judged anew.
  private func next(after known: Made?, at instant: Date) throws(StoreError) -> FleetSnapshot {
    // Asked before the facts are taken: what changes in between is judged twice, never missed.
    let touched = store.takeTouched()
    let facts: FleetFacts
    do throws(StoreError) {
      facts = try store.facts(now: instant)
    } catch {
      // No picture was made of it: the next one must not miss it.
      store.giveBack(touched)
      throw error
    }
    guard let known else { return assembler.snapshot(from: facts, now: instant) }
    return assembler.rejudged(
      known.snapshot, madeAt: known.madeAt, touched: touched, from: facts, now: instant)
  }

  package func details(of id: WorkloadID) -> AsyncStream<WorkloadDetail> {
    stream {
      (try? detail(of: id)) ?? nil
    } saving: { _ in
    }
  }

  private func stream<Value: Sendable>(
    _ make: @escaping @Sendable () -> Value?, saving save: @escaping @Sendable (Value) -> Void
  ) -> AsyncStream<Value> {
    let (stream, continuation) = AsyncStream<Value>.makeStream(bufferingPolicy: .bufferingNewest(1))
    let changes = store.changes()
    let sleep = sleep
    let now = now
    let task = Task {
      var savedAt = Date.distantPast
      for await _ in changes {
        let began = ContinuousClock.now
        if let value = make() {
          continuation.yield(value)
          if now().timeIntervalSince(savedAt) > 15 {
            savedAt = now()
            save(value)
          }
        }
        // A large fleet's picture is dear: at most a tenth of the time goes into making it.
        let pause = max(.milliseconds(900), (ContinuousClock.now - began) * 9)
        do { try await sleep(pause) } catch { break }
      }
      continuation.finish()
    }
    continuation.onTermination = { _ in task.cancel() }
    return stream
  }
}
