package import Domain

/// The actions for one deployment or for the marked ones, narrowed by what is typed.
package struct ActionMenu: Equatable, Sendable {
  package enum Subject: Equatable, Sendable {
    case one(WorkloadID, name: String)
    case marked
  }

  /// A row of it.
  struct Choice: Equatable {
    let action: RowAction
    /// Why it cannot be done now; nil when it can.
    let obstacle: String?
  }

  package let subject: Subject
  package var filter = ""
  package var selected = 0

  /// What is listed, from what is known; nothing is asked of the network.
  func choices(in state: ConsoleState) -> [Choice] {
    let words = filter.lowercased()
    return RowAction.allCases.filter { action in
      if action == .clearMarks, subject != .marked { return false }
      return words.isEmpty || action.title.contains(words)
        || action.key.lowercased().hasPrefix(words)
    }.map { Choice(action: $0, obstacle: obstacle(to: $0, in: state)) }
  }

  private func obstacle(to action: RowAction, in state: ConsoleState) -> String? {
    if action.acts {
      if state.setting.isReadOnly { return "read-only: nothing may be changed" }
      if let past = state.past { return past.speed == nil ? "PAST is read only" : "a recording" }
    }
    switch subject {
    case .marked: return action.isForMany ? nil : "for one at a time"
    case .one(let id, _):
      guard let row = state.fleet?.row(id) else { return "it is not there any more" }
      if action == .undo { return state.undoObstacle(for: id) }
      return action.obstacle(for: row)
    }
  }
}
