package import Domain
package import FoundationEssentials

/// The timeline as a list, newest first.
package struct TimelineList: Equatable, Sendable {
  package let span: ClosedRange<Date>
  /// Nil while it is read.
  package private(set) var timeline: Timeline?
  /// Selection, filter and scroll; the selection stays on its entry through filters.
  private var list = ListState()
  /// While a filter is typed: the one that there was before.
  package var before: String?
  /// Places in the timeline of what the filter lets through; worked out when either changes.
  private(set) var shown: [Int] = []
  /// Identities of `shown`.
  private(set) var ids: [ObjectID] = []
  /// Kept since every frame asks for it.
  private(set) var problem: String?

  package init(filter: String, span: ClosedRange<Date>, timeline: Timeline? = nil) {
    self.span = span
    self.timeline = timeline
    setFilter(filter)
  }

  var filter: String { list.filter }
  var count: Int { timeline?.entries.count ?? 0 }

  /// The place of the chosen entry among those shown.
  var index: Int? { list.index(in: ids) }

  package var selected: TimelineEntry? { index.flatMap { entry($0) } }

  /// What is shown, newest first.
  package var entries: [TimelineEntry] { shown.indices.compactMap { entry($0) } }

  /// The entry of a row.
  func entry(_ row: Int) -> TimelineEntry? {
    shown[safe: row].flatMap { timeline?.entries[safe: $0] }
  }

  /// The first of the rows shown, where there is room for so many.
  func firstRow(height: Int) -> Int {
    list.firstRow(index: index, height: height, count: ids.count)
  }

  package mutating func take(_ timeline: Timeline) {
    self.timeline = timeline
    arrange()
  }

  package mutating func setFilter(_ text: String) {
    list.filter = text
    list.top = 0
    arrange()
  }

  /// Makes the entry under the cursor the chosen one, where the filter hides the one chosen before.
  mutating func settle() {
    if let selected { list.selected = ObjectID(selected.id) }
  }

  mutating func move(by distance: Int, height: Int) {
    list.move(by: distance, in: ids)
    list.top = firstRow(height: height)
  }

  /// Goes on to the next kind of which there are entries; after the last one, to all of them.
  mutating func nextKind(isForward: Bool) {
    let present = Set((timeline?.entries ?? []).map(\.kind))
    let known = TimelineEntry.Kind.allCases.filter(present.contains)
    let kinds: [TimelineEntry.Kind?] = [nil] + known
    let current = kinds.firstIndex(of: TimelineFilter(filter).onlyKind) ?? 0
    let next = (current + (isForward ? 1 : -1) + kinds.count) % kinds.count
    setFilter(TimelineFilter.text(filter, of: kinds[next]))
  }

  private mutating func arrange() {
    let filter = TimelineFilter(list.filter)
    let entries = timeline?.entries ?? []
    problem = filter.problem
    shown = entries.indices.reversed().filter { filter.matches(entries[$0]) }
    ids = shown.map { ObjectID(entries[$0].id) }
  }
}
