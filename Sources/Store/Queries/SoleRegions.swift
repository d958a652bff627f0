import Domain
import Foundation
import GRDB

/// Tells of which region an entry is, where its workload runs in one alone.
struct SoleRegions {
  private let database: Database
  private let pools = PackedPools()

  /// Of each workload so many of the revisions that changed last are looked at.
  private static let depth = 6

  init(_ database: Database) {
    self.database = database
  }

  /// The entries, with the region of those that did not name one.
  func completing(_ entries: [TimelineEntry]) throws -> [TimelineEntry] {
    var known: [WorkloadID: [Revision]] = [:]
    var entries = entries
    for (index, entry) in entries.enumerated() {
      guard entry.region == nil, let workload = entry.workloadID else { continue }
      let revisions = try known[workload] ?? revisions(of: workload)
      known[workload] = revisions
      // A revision that came about a moment later is what the entry tells of.
      let limit = entry.at.addingTimeInterval(5)
      let regions =
        (revisions.last { $0.createdAt <= limit } ?? revisions.first)?.definition.regions ?? []
      if regions.count == 1 { entries[index].region = regions[0] }
    }
    return entries
  }

  /// Oldest first.
  private func revisions(of workload: WorkloadID) throws -> [Revision] {
    let payloads = try Data.fetchAll(
      database,
      sql: """
        SELECT payload FROM state INDEXED BY state_owner
        WHERE kind = ? AND owner = ? ORDER BY valid_from DESC LIMIT ?
        """, arguments: [StateKind.revision.rawValue, workload.rawValue, Self.depth])
    return payloads.compactMap { try? Revision(payload: $0, pools: pools) }
      .sorted { $0.createdAt < $1.createdAt }
  }
}
