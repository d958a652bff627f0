import Domain
import FoundationEssentials
import Terminal

func handleOverlay(_ key: Key, _ state: inout ConsoleState) -> [Effect] {
  switch state.overlay {
  case nil: return []
  case .help(let scroll): return scrollOverlay(key, scroll, &state) { .help(scroll: $0) }
  case .journal(let list): return handleJournal(key, list, &state)
  case .actions(let menu): return handleMenu(key, menu, &state)
  case .bulkScale(let dialog): return handleBulkScale(key, dialog, &state)
  case .bulk(let dialog): return handleBulk(key, dialog, &state)
  case .prompt(let prompt): return handlePrompt(key, prompt, &state)
  case .timeline(let list): return handleTimeline(key, list, &state)
  case .changes(let list): return handleChanges(key, list, &state)
  case .filter(let pane, let text, let before): return typeFilter(key, pane, text, before, &state)
  case .scale(let dialog): return handleScale(key, dialog, &state)
  case .rollback(let dialog): return handleRollback(key, dialog, &state)
  case .policy(let policy):
    return scrollOverlay(key, policy.scroll, &state) { scroll in
      var policy = policy
      policy.scroll = scroll
      return .policy(policy)
    }
  case .confirm(let dialog): return handleConfirm(key, dialog, &state)
  }
}

private func scrollOverlay(
  _ key: Key, _ scroll: Int, _ state: inout ConsoleState, _ make: (Int) -> Overlay
) -> [Effect] {
  switch key {
  case .down, .character("j"): state.overlay = make(scroll + 1)
  case .up, .character("k"): state.overlay = make(max(0, scroll - 1))
  case .pageDown, .control("f"): state.overlay = make(scroll + 10)
  case .pageUp, .control("b"): state.overlay = make(max(0, scroll - 10))
  case .escape, .character("q"), .character("?"), .enter: state.overlay = nil
  default: break
  }
  return []
}

private func typeFilter(
  _ key: Key, _ pane: Pane, _ text: String, _ before: String, _ state: inout ConsoleState
) -> [Effect] {
  switch FilterKey(key, text: text) {
  case .text(let text): setFilter(pane, text, before, &state)
  case .keep: state.overlay = nil
  case .undo:
    setFilterNow(pane, before, &state)
    state.overlay = nil
  case .nothing: break
  }
  return []
}

// MARK: - Scale

/// The dialog to choose counts.
func openScale(
  _ row: WorkloadRow, _ mode: ScaleDialog.Mode, _ state: inout ConsoleState
) -> [Effect] {
  let regions = row.regions.map { region in
    ScaleDialog.Region(
      id: region.region, ready: region.replicas.ready,
      current: region.override ?? region.replicas.desired,
      wanted: max(1, region.override ?? region.replicas.desired ?? region.replicas.ready))
  }
  state.overlay = .scale(
    ScaleDialog(
      workload: row.id, name: row.name, mode: mode, regions: regions,
      minimum: row.regions[0].minimum ?? 1,
      maximum: row.regions[0].maximum ?? max(1, row.regions[0].minimum ?? 1),
      hasOverride: row.regions.contains { $0.override != nil }))
  return [.focus([row.id])]
}

private func handleScale(
  _ key: Key, _ current: ScaleDialog, _ state: inout ConsoleState
) -> [Effect] {
  var dialog = current
  switch key {
  case .escape, .character("q"):
    state.overlay = nil
    return []
  case .tab, .character("m"):
    switch dialog.mode {
    case .override: dialog.mode = .bounds
    case .bounds: dialog.mode = dialog.hasOverride ? .release : .override
    case .release: dialog.mode = .override
    }
    dialog.field = 0
    dialog.typed = ""
  case .down, .character("j"):
    dialog.field = (dialog.field + 1) % dialog.fieldCount
    dialog.typed = ""
  case .up, .character("k"):
    dialog.field = (dialog.field - 1 + dialog.fieldCount) % dialog.fieldCount
    dialog.typed = ""
  case .right, .character("+"), .character("l"), .character("="): dialog.change(by: 1)
  case .left, .character("-"), .character("h"): dialog.change(by: -1)
  case .character(let digit) where digit.isASCII && digit.isNumber: dialog.type(digit)
  case .backspace: dialog.erase()
  case .enter:
    return plan(dialog.request, name: dialog.name, &state)
  default: return []
  }
  state.overlay = .scale(dialog)
  return []
}

extension ScaleDialog {
  private var value: Int {
    get {
      switch mode {
      case .override: regions[field].wanted
      case .bounds: field == 0 ? minimum : maximum
      case .release: 0
      }
    }
    set {
      let limited = min(max(newValue, 0), 9999)
      switch mode {
      case .override: regions[field].wanted = limited
      case .bounds: if field == 0 { minimum = limited } else { maximum = limited }
      case .release: break
      }
    }
  }

  mutating func change(by step: Int) {
    typed = ""
    value += step
  }

  mutating func type(_ digit: Character) {
    guard typed.count < 4 else { return }
    typed.append(digit)
    value = Int(typed) ?? value
  }

  mutating func erase() {
    typed = String((typed.isEmpty ? String(value) : typed).dropLast())
    value = Int(typed) ?? 0
  }
}

// MARK: - Roll back

/// The list of revisions to go back to.
func openRollback(_ row: WorkloadRow, _ state: inout ConsoleState) -> [Effect] {
  var dialog = RollbackDialog(workload: row.id, name: row.name)
  if let detail = state.page?.detail, detail.row.id == row.id {
    dialog.detail = detail
    dialog.selected = dialog.suggestion
  }
  state.overlay = .rollback(dialog)
  return [.watchWorkload(row.id), .focus([row.id])]
}

extension RollbackDialog {
  /// The row that is chosen when the list opens.
  var suggestion: Int { detail.flatMap { RollbackChoice.index(in: $0.revisions) } ?? 0 }
}

private func handleRollback(
  _ key: Key, _ current: RollbackDialog, _ state: inout ConsoleState
) -> [Effect] {
  var dialog = current
  let count = dialog.detail?.revisions.count ?? 0
  switch key {
  case .escape, .character("q"):
    state.overlay = nil
    return state.page == nil ? [.stopWatching] : []
  case .down, .character("j"): dialog.selected = min(dialog.selected + 1, max(0, count - 1))
  case .up, .character("k"): dialog.selected = max(0, dialog.selected - 1)
  case .enter:
    guard let row = dialog.detail?.revisions[safe: dialog.selected] else { return [] }
    return plan(.rollBack(dialog.workload, to: row.revision.id), name: dialog.name, &state)
  default: return []
  }
  state.overlay = .rollback(dialog)
  return []
}

/// Opens the preview, still empty, and asks for the plan.
func plan(_ request: ActionRequest, name: String, _ state: inout ConsoleState) -> [Effect] {
  state.overlay = .confirm(
    ConfirmDialog(request: request, name: name, shownAt: state.now, openedAt: state.now))
  return [.plan(request)]
}
