package import Domain
package import FoundationEssentials
package import Store
import Synchronization

/// What the console shows of the past, from the cache alone.
package struct PastFeed: Sendable {
  private let store: Store
  private let rules: @Sendable () -> Rulebook
  private let kept = KeptPictures()

  package init(store: Store, rules: @escaping @Sendable () -> Rulebook = { Rulebook() }) {
    self.store = store
    self.rules = rules
  }

  /// The whole picture as it was known at an instant, by the same rules as now.
  package func snapshot(at instant: Date) throws(StoreError) -> FleetSnapshot {
    let rules = rules()
    if let known = kept.picture(of: instant, by: rules) { return known }
    let snapshot = FleetAssembler(rules: rules).snapshot(
      from: try store.facts(asOf: instant, now: instant), now: instant)
    if store.isSettled(instant) { kept.keep(snapshot, of: instant, by: rules) }
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
    return FleetAssembler(rules: rules()).detail(
      of: id, from: facts, more: try store.workloadFacts(of: id, asOf: instant), now: instant)
  }

  package func timeline(in span: ClosedRange<Date>) throws(StoreError) -> Timeline {
    try store.timeline(in: span)
  }

  /// What differs between two instants; nil when one of them is not recorded.
  package func changes(
    from start: Date, to end: Date, of workload: WorkloadID?
  ) throws(StoreError) -> [FleetChange]? {
    let rules = rules()
    let assembler = FleetAssembler(rules: rules)
    let old = try store.comparableFacts(at: start)
    // The first picture is made while the second is read.
    let (before, after) = try together { () throws(StoreError) in
      assembler.snapshot(from: old, now: old.asOf)
    } and: { () throws(StoreError) in
      let facts = try store.comparableFacts(at: end)
      return (facts: facts, snapshot: assembler.snapshot(from: facts, now: facts.asOf))
    }
    guard !before.recording.isGap, !after.snapshot.recording.isGap else { return nil }
    return FleetComparison(rules: rules).changes(
      from: (old, before), to: (after.facts, after.snapshot), of: workload)
  }
}

/// The last few pictures of the past, so that a step there and back costs nothing.
private final class KeptPictures: Sendable {
  /// The one that is shown, its neighbours, and one step ahead.
  private static let limit = 4

  private struct Contents {
    /// By which they were judged.
    var rules = Rulebook()
    var pictures: [(instant: Date, snapshot: FleetSnapshot)] = []
  }

  private let contents = Mutex(Contents())

  func picture(of instant: Date, by rules: Rulebook) -> FleetSnapshot? {
    contents.withLock { contents in
      guard contents.rules == rules,
        let place = contents.pictures.firstIndex(where: { $0.instant == instant })
      else { return nil }
      let found = contents.pictures.remove(at: place)
      contents.pictures.append(found)
      return found.snapshot
    }
  }

  func keep(_ snapshot: FleetSnapshot, of instant: Date, by rules: Rulebook) {
    contents.withLock { contents in
      if contents.rules != rules { contents = Contents(rules: rules) }
      contents.pictures.append((instant, snapshot))
      if contents.pictures.count > Self.limit { contents.pictures.removeFirst() }
    }
  }

  func clear() { contents.withLock { $0.pictures = [] } }
}
