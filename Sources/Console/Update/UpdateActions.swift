import Domain
import FoundationEssentials
import Terminal

/// Does what was chosen for the marked deployments, or else for the one under the cursor.
///
/// Whatever it is, all that comes of it at first is a preview.
func act(_ action: RowAction, _ state: inout ConsoleState) -> [Effect] {
  guard state.actsOnMarks else {
    guard let row = state.selectedWorkload else {
      tell("choose a deployment first", .warning, &state)
      return []
    }
    return act(action, on: row, &state)
  }
  guard state.marks.count == 1, let mark = state.marks.all.first else {
    return actOnMarks(action, &state)
  }
  // One mark is one deployment: its own preview says more.
  guard let row = state.fleet?.row(mark.id) else {
    tell("\(mark.name) is marked and not there any more: ctrl-\\ clears marks", .warning, &state)
    return []
  }
  return act(action, on: row, &state)
}

/// Does it for one deployment; what cannot be done says why.
func act(_ action: RowAction, on row: WorkloadRow, _ state: inout ConsoleState) -> [Effect] {
  if let obstacle = action.obstacle(for: row) {
    tell("\(row.name): \(obstacle)", .warning, &state)
    return []
  }
  switch action {
  case .scale: return openScale(row, .override, &state)
  case .bounds: return openScale(row, .bounds, &state)
  case .rollback: return openRollback(row, &state)
  case .release: return plan(.releaseOverride(row.id), name: row.name, &state)
  case .restart: return plan(.restart(row.id), name: row.name, &state)
  case .pause: return plan(.pause(row.id), name: row.name, &state)
  case .resume: return plan(.resume(row.id), name: row.name, &state)
  case .cancelRollout:
    guard let rollout = row.rollout else { return [] }
    return plan(.cancelRollout(row.id, rollout.revisionID), name: row.name, &state)
  case .undo: return undoLast(of: row.id, &state)
  case .open: return openPage(row, &state)
  case .timeline: return openTimeline("workload:\(row.name)", &state)
  case .changes:
    let end = state.past?.liveNow ?? state.now
    return openChanges(
      from: state.past?.instant ?? end.addingTimeInterval(-900), to: end, of: row, &state)
  case .clearMarks:
    clearMarks(&state)
    return []
  }
}

private func actOnMarks(_ action: RowAction, _ state: inout ConsoleState) -> [Effect] {
  let count = state.marks.count
  switch action {
  case .scale:
    state.overlay = .bulkScale(BulkScale())
    return []
  case .release: return openBulk(.release, &state)
  case .restart: return openBulk(.restart, &state)
  case .pause: return openBulk(.pause, &state)
  case .resume: return openBulk(.resume, &state)
  case .cancelRollout: return openBulk(.cancelRollout, &state)
  case .undo: return openBulk(.undo, &state)
  case .clearMarks:
    clearMarks(&state)
    return []
  case .bounds, .rollback, .open, .timeline, .changes:
    tell(
      "\(count) are marked, and this is for one at a time: ctrl-\\ clears the marks", .warning,
      &state)
    return []
  }
}

// MARK: - Menu

/// The actions for the marked deployments, or else for the one under the cursor.
func openMenu(_ state: inout ConsoleState) -> [Effect] {
  if state.actsOnMarks, state.marks.count > 1 {
    state.overlay = .actions(ActionMenu(subject: .marked))
    return []
  }
  let mark = state.actsOnMarks ? state.marks.all.first : state.selectedWorkload?.mark
  guard let mark else {
    tell("choose a deployment first", .warning, &state)
    return []
  }
  state.overlay = .actions(ActionMenu(subject: .one(mark.id, name: mark.name)))
  return []
}

func handleMenu(_ key: Key, _ current: ActionMenu, _ state: inout ConsoleState) -> [Effect] {
  var menu = current
  let choices = menu.choices(in: state)
  switch key {
  case .escape where menu.filter.isEmpty:
    state.overlay = nil
    return []
  case .escape, .control("u"): menu.filter = ""
  case .down: menu.selected = min(menu.selected + 1, max(0, choices.count - 1))
  case .up: menu.selected = max(0, menu.selected - 1)
  case .home: menu.selected = 0
  case .end: menu.selected = max(0, choices.count - 1)
  case .backspace: menu.filter = String(menu.filter.dropLast())
  case .character(let character): if menu.filter.count < 40 { menu.filter.append(character) }
  case .enter: return choose(choices[safe: menu.selected], menu, &state)
  default: return []
  }
  if menu.filter != current.filter { menu.selected = 0 }
  state.overlay = .actions(menu)
  return []
}

private func choose(
  _ choice: ActionMenu.Choice?, _ menu: ActionMenu, _ state: inout ConsoleState
) -> [Effect] {
  guard let choice else { return [] }
  if let obstacle = choice.obstacle {
    tell("\(choice.action.title): \(obstacle)", .warning, &state)
    return []
  }
  state.overlay = nil
  switch menu.subject {
  case .marked: return actOnMarks(choice.action, &state)
  case .one(let id, let name):
    guard let row = state.fleet?.row(id) else {
      tell("\(name) is not there any more", .warning, &state)
      return []
    }
    return act(choice.action, on: row, &state)
  }
}
