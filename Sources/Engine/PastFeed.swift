package import Domain
package import FoundationEssentials
package import Store
import Synchronization

/// What the console shows of the past, from the cache alone.
package struct PastFeed: Sendable {
  private let store: Store
  private let assembler: FleetAssembler
  private let comparison: FleetComparison
  private let kept = KeptPictures()

  package init(store: Store, rules: Rulebook = Rulebook()) {
    self.store = store
    assembler = FleetAssembler(rules: rules)
    comparison = FleetComparison(rules: rules)
  }

  /// The whole picture as it was known at an instant, by the same rules as now.
  package func snapshot(at instant: Date) throws(StoreError) -> FleetSnapshot {
    if let known = kept.picture(of: instant) { return known }
    let snapshot = assembler.snapshot(
      from: try store.facts(asOf: instant, now: instant), now: instant)
    if store.isSettled(instant) { kept.keep(snapshot, of: instant) }
    return snapshot
  }

  /// Makes the picture of an instant that is likely to be asked for next; nil lets go of all.
  package func prepare(_ instant: Date?) {
    guard let instant else { return kept.clear() }
    if store.isSettled(instant) { _ = try? snapshot(at: instant) }
  }

  package func detail(of id: WorkloadID, at instant: Date) throws(StoreError) -> WorkloadDetail? {
    let facts = try store.facts(asOf: instant, now: instant)
    guard !facts.recording.isGap else { return nil }
    return assembler.detail(
      of: id, from: facts, more: try store.workloadFacts(of: id, asOf: instant), now: instant)
  }

  package func timeline(in span: ClosedRange<Date>) throws(StoreError) -> Timeline {
    try store.timeline(in: span)
  }

  /// What differs between two instants.
  package func changes(
    from start: Date, to end: Date, of workload: WorkloadID?
  ) throws(StoreError) -> [FleetChange] {
    let old = try store.comparableFacts(at: start)
    // The first picture is made while the second is read.
    let (before, after) = try together { () throws(StoreError) in
      assembler.snapshot(from: old, now: old.asOf)
    } and: { () throws(StoreError) in
      let facts = try store.comparableFacts(at: end)
      return (facts: facts, snapshot: assembler.snapshot(from: facts, now: facts.asOf))
    }
    return comparison.changes(
      from: (old, before), to: (after.facts, after.snapshot), of: workload)
  }
}

/// The last few pictures of the past, so that a step there and back costs nothing.
private final class KeptPictures: Sendable {
  /// The one that is shown, its neighbours, and one step ahead.
  private static let limit = 4

  private let pictures = Mutex<[(instant: Date, snapshot: FleetSnapshot)]>([])

  func picture(of instant: Date) -> FleetSnapshot? {
    pictures.withLock { pictures in
      guard let place = pictures.firstIndex(where: { $0.instant == instant }) else { return nil }
      let found = pictures.remove(at: place)
      pictures.append(found)
      return found.snapshot
    }
  }

  func keep(_ snapshot: FleetSnapshot, of instant: Date) {
    pictures.withLock { pictures in
      pictures.append((instant, snapshot))
      if pictures.count > Self.limit { pictures.removeFirst() }
    }
  }

  func clear() { pictures.withLock { $0 = [] } }
}
