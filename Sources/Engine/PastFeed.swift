package import Domain
package import FoundationEssentials
package import Store

/// What the console shows of the past, from the cache alone.
package struct PastFeed: Sendable {
  private let store: Store
  private let assembler = FleetAssembler()

  package init(store: Store) {
    self.store = store
  }

  /// The whole picture as it was known at an instant, by the same rules as now.
  package func snapshot(at instant: Date) throws(StoreError) -> FleetSnapshot {
    assembler.snapshot(from: try store.facts(asOf: instant, now: instant), now: instant)
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
    FleetComparison().changes(
      from: try store.facts(asOf: start, now: start), to: try store.facts(asOf: end, now: end),
      of: workload)
  }
}
