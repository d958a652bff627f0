package import Domain

/// Deployments that are marked for one action on all of them, by identity and never by row.
package struct Marks: Equatable, Sendable {
  package struct Mark: Equatable, Sendable {
    package let id: WorkloadID
    /// Kept, since what vanishes must still be named.
    package let name: String
  }

  /// A range that grows and shrinks with the cursor.
  package struct Range: Equatable, Sendable {
    package let anchor: WorkloadID
    /// What was marked before it began.
    let before: [Mark]
  }

  /// In the order in which they were marked.
  package private(set) var all: [Mark] = []
  package private(set) var range: Range?
  /// Identities of `all`: every row that is drawn asks.
  private var ids: Set<WorkloadID> = []

  package init() {}

  package var isEmpty: Bool { all.isEmpty }
  package var count: Int { all.count }

  package func contains(_ id: WorkloadID) -> Bool { ids.contains(id) }

  mutating func toggle(_ mark: Mark) {
    range = nil
    set(contains(mark.id) ? all.filter { $0.id != mark.id } : all + [mark])
  }

  mutating func remove(_ gone: Set<WorkloadID>) { set(all.filter { !gone.contains($0.id) }) }

  mutating func clear() { self = Marks() }

  mutating func beginRange(at mark: Mark) {
    range = Range(anchor: mark.id, before: all)
    extend(over: [mark])
  }

  /// The range holds these from now on.
  mutating func extend(over marks: [Mark]) {
    guard let range else { return }
    let known = Set(range.before.map(\.id))
    set(range.before + marks.filter { !known.contains($0.id) })
  }

  mutating func endRange() { range = nil }

  /// Leaves it, and takes back what it marked.
  mutating func dropRange() {
    guard let before = range?.before else { return }
    range = nil
    set(before)
  }

  private mutating func set(_ marks: [Mark]) {
    all = marks
    ids = Set(marks.map(\.id))
  }
}

extension ConsoleState {
  /// Whether an action is for the marked deployments, not for the row under the cursor.
  ///
  /// Marks are seen in the deployments, so they count there; a page is of one deployment alone.
  var actsOnMarks: Bool { !marks.isEmpty && focus == .deployments && page == nil }

  /// How many of the marked ones a filter hides or are not there any more.
  var unseenMarks: Int {
    guard !marks.isEmpty else { return 0 }
    let seen = visible.reduce(0) { count, place in
      count + (fleet.map { marks.contains($0.workloads[place].id) } == true ? 1 : 0)
    }
    return marks.count - seen
  }
}

extension WorkloadRow {
  var mark: Marks.Mark { Marks.Mark(id: id, name: name) }
}
