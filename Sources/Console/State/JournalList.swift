import Domain

/// The journal as a list; what is chosen is named by its number.
package struct JournalList: Equatable, Sendable {
  /// Nil is the newest.
  package var selected: Int64?

  package init() {}

  func index(in entries: [JournalEntry]) -> Int? {
    guard !entries.isEmpty else { return nil }
    return selected.flatMap { id in entries.firstIndex { $0.id == id } } ?? 0
  }

  mutating func move(by distance: Int, in entries: [JournalEntry]) {
    guard let index = index(in: entries) else { return }
    selected = entries[min(max(index + distance, 0), entries.count - 1)].id
  }
}
