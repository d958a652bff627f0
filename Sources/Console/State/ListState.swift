package import Domain

/// Where a list stands: what is chosen is named, never counted, so that it stays through changes.
package struct ListState: Equatable, Sendable {
  /// Identity of the chosen row; nil is the first.
  package var selected: ObjectID?
  package var filter = ""
  package var sort = 0
  package var isReversed = false
  /// The first row shown.
  package var top = 0

  package init() {}

  /// The place of the chosen row among those that there are.
  func index(in ids: [ObjectID]) -> Int? {
    guard !ids.isEmpty else { return nil }
    return selected.flatMap { ids.firstIndex(of: $0) } ?? 0
  }

  mutating func move(by distance: Int, in ids: [ObjectID]) {
    guard let index = index(in: ids) else { return }
    selected = ids[min(max(index + distance, 0), ids.count - 1)]
  }

  /// Scrolls when needed to show the chosen row in so many rows, and then by a third of them: to scroll
  /// row by row would send all rows with every key.
  func firstRow(index: Int?, height: Int, count: Int) -> Int {
    guard height > 0, let index else { return 0 }
    var first = min(max(top, 0), max(0, count - height))
    let slack = height / 3
    if index < first { first = index - slack }
    if index >= first + height { first = index - height + 1 + slack }
    return min(max(first, 0), max(0, count - height))
  }
}
