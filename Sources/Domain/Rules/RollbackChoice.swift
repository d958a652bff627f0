/// Which revision a rollback goes back to unless a person says otherwise.
package enum RollbackChoice {
  /// The place of the newest revision that served in health before the newest of all.
  ///
  /// `revisions` are newest first. Without one that was seen healthy it is the one before the newest;
  /// nil when there is none. A stashed draft was never deployed, and so is never chosen.
  package static func index(in revisions: [RevisionRow]) -> Int? {
    let newest = revisions.firstIndex { $0.revision.status != .stashed } ?? 0
    let earlier = revisions.indices.filter { index in
      index > newest && revisions[index].revision.status != .stashed
    }
    return earlier.first { revisions[$0].healthyFor != nil } ?? earlier.first
  }
}
