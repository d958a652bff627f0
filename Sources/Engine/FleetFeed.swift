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
  private let rules: @Sendable () -> Rulebook

  /// Seconds after which what time alone changes (idle, pinned, stale samples) is judged anew.
  private static let longestReuse = 10.0

  package init(
    store: Store, rules: @escaping @Sendable () -> Rulebook = { Rulebook() },
    now: @escaping @Sendable () -> Date,
    sleep: @escaping @Sendable (Duration) async throws -> Void
  ) {
    self.store = store
    self.rules = rules
    self.now = now
    self.sleep = sleep
  }

  /// The picture as it is now.
  package func snapshot() throws(StoreError) -> FleetSnapshot {
    let instant = now()
    return FleetAssembler(rules: rules()).snapshot(
      from: try store.facts(now: instant), now: instant)
  }

  package func detail(of id: WorkloadID) throws(StoreError) -> WorkloadDetail? {
    let instant = now()
    return FleetAssembler(rules: rules()).detail(
      of: id, from: try store.facts(now: instant), more: try store.workloadFacts(of: id),
      now: instant)
  }

  /// A picture after each change; one that is the same as the last is left out.
  ///
  /// When the cache cannot be read or written, the last picture comes again and says so.
  package func snapshots() -> AsyncStream<FleetSnapshot> {
    let last = Mutex<Made?>(nil)
    let savedContent = Mutex<Int?>(nil)
    let trouble = Trouble()
    return stream {
      let instant = now()
      let known = last.withLock { $0 }
      var shown = known?.snapshot
      do throws(StoreError) {
        let made = try made(after: known, at: instant)
        shown = made.snapshot
        if made.madeAt == instant { last.withLock { $0 = made } }
        try keep(made.snapshot, isFresh: made.madeAt == instant, at: instant)
        trouble.note(store.followingFailed, at: instant)
      } catch {
        trouble.note(error, at: instant)
      }
      return trouble.told(of: shown ?? store.head() ?? empty(at: instant), at: instant)
    } saving: { _ in
      // The first picture of the next start; one of the same content is as good.
      guard store.isWriter, let made = last.withLock({ $0 }),
        savedContent.withLock({ $0 }) != made.content
      else { return }
      savedContent.withLock { $0 = made.content }
      do throws(StoreError) { try store.saveHead(made.snapshot) } catch {
        trouble.note(error, at: now())
      }
    }
  }

  /// A picture with what it was made from.
  private struct Made {
    var content: Int
    var rules: Rulebook
    var madeAt: Date
    var snapshot: FleetSnapshot
  }

  /// The picture of now; when nothing but the sync went on, the old one with its newer ages.
  private func made(after known: Made?, at instant: Date) throws(StoreError) -> Made {
    let content = store.contentNumber
    let rules = rules()
    // Judged by other rules it is of no use.
    let known = known.flatMap { $0.rules == rules ? $0 : nil }
    let assembler = FleetAssembler(rules: rules)
    guard let known, known.content == content,
      instant.timeIntervalSince(known.madeAt)
        < (known.snapshot.workloadCount > 1000 ? 6 : 1) * Self.longestReuse
    else {
      let snapshot = try next(after: known, by: assembler, at: instant)
      return Made(content: content, rules: rules, madeAt: instant, snapshot: snapshot)
    }
    let refreshed = assembler.refreshed(
      known.snapshot, sync: try store.syncStates(), source: try store.metricsSource(), now: instant)
    return Made(content: content, rules: rules, madeAt: known.madeAt, snapshot: refreshed)
  }

  /// Remembers what only the picture tells; the process that writes does so for all.
  private func keep(
    _ snapshot: FleetSnapshot, isFresh: Bool, at instant: Date
  ) throws(StoreError) {
    guard store.isWriter else { return }
    // Kept with their times, so that the past knows when each was open.
    if isFresh { try store.record(findings: snapshot.findings, at: snapshot.asOf) }
    try store.record(trend: TrendPoint(snapshot, at: instant))
  }

  private func empty(at instant: Date) -> FleetSnapshot {
    FleetSnapshot(contextName: store.contextName, platformName: "", asOf: instant)
  }

  /// A new picture; only what changed, or what time changes, is judged anew.
  private func next(
    after known: Made?, by assembler: FleetAssembler, at instant: Date
  ) throws(StoreError) -> FleetSnapshot {
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

/// What is the matter with the cache, and since when; nothing when all is well.
private final class Trouble: Sendable {
  private let state = Mutex<(error: StoreError, since: Date)?>(nil)

  func note(_ error: StoreError?, at instant: Date) {
    state.withLock { state in
      state = error.map { ($0, state?.since ?? instant) }
    }
  }

  /// A picture must not pass for a good one when it is not.
  func told(of snapshot: FleetSnapshot, at instant: Date) -> FleetSnapshot {
    guard let state = state.withLock({ $0 }) else { return snapshot }
    return FleetAssembler().troubled(
      snapshot, by: state.error.message, since: state.since, now: instant)
  }
}
