import Domain
import FoundationEssentials
import Terminal

func handle(_ key: Key, _ state: inout ConsoleState) -> [Effect] {
  if key == .control("c") { return [.quit] }
  if state.overlay != nil { return handleOverlay(key, &state) }
  guard let intent = Keymap.standard.intent(for: key) else { return [] }
  let listedCosts = state.listsCosts
  let chosen = state[list: state.focus].selected
  let focus = state.focus
  let effects = handle(intent, &state)
  if state.focus != focus || state[list: focus].selected != chosen {
    state.restsAt = state.clock.addingTimeInterval(ConsoleState.rest * state.setting.clockSpeed)
  }
  if state.marks.range != nil { extendRange(&state) }
  if state.listsCosts, !listedCosts { arrangeCosts(&state) }
  return effects
}

/// Pasted text goes into a filter that is being typed, and nowhere else: it is never a command.
func handlePaste(_ text: String, _ state: inout ConsoleState) -> [Effect] {
  switch state.overlay {
  case .filter(let pane, let typed, let before):
    setFilter(pane, FilterKey.pasted(text, into: typed), before, &state)
  case .timeline(var list) where list.before != nil:
    list.setFilter(FilterKey.pasted(text, into: list.filter))
    state.overlay = .timeline(list)
  default: tell("pasted text is not a command: dropped", .dim, &state)
  }
  return []
}

private func handle(_ intent: Intent, _ state: inout ConsoleState) -> [Effect] {
  if refusesInPast(intent, &state) { return [] }
  if let effects = handleTime(intent, &state) { return effects }
  switch intent {
  case .focus(let pane):
    let wasFocused = state.focus == pane && state.page == nil
    let effects = leavePage(&state)
    if wasFocused, effects.isEmpty { state.isZoomed.toggle() }
    state.focus = pane
    return effects
  case .nextPane: return step(1, &state)
  case .previousPane: return step(-1, &state)
  case .zoom:
    guard state.page == nil else { return [] }
    state.isZoomed.toggle()
  case .back: return back(&state, quits: false)
  case .quit: return back(&state, quits: true)
  case .move(let distance): move(distance, &state)
  case .page(let pages): move(pages * max(1, listHeight(state) - 1), &state)
  case .first: move(-1_000_000, &state)
  case .last: move(1_000_000, &state)
  case .open: return open(&state)
  case .filter:
    guard state.page == nil else { return [] }
    let pane = state.focus == .findings ? .deployments : state.focus
    state.focus = pane
    let text = state[list: pane].filter
    state.overlay = .filter(pane, text: text, before: text)
  case .clearFilter: setFilterNow(state.focus, "", &state)
  case .sort:
    let count = DeploymentSort.allCases.count
    state[list: .deployments].sort = (state[list: .deployments].sort + 1) % count
    arrange(&state)
  case .reverseSort:
    state[list: .deployments].isReversed.toggle()
    arrange(&state)
  case .sortBy(let sort):
    state[list: .deployments].sort = sort.rawValue
    arrange(&state)
  case .findings:
    state.focus = .findings
    state.isZoomed = true
    return leavePage(&state)
  case .nextFinding: nextFinding(&state)
  case .refresh:
    tell("reading again", .dim, &state)
    return [.refresh, .repaint]
  case .help: state.overlay = .help(scroll: 0)
  case .journal: state.overlay = .journal(JournalList())
  case .scale: return act(.scale, &state)
  case .rollback: return act(.rollback, &state)
  case .restart: return act(.restart, &state)
  case .undo: return openUndo(&state)
  case .actions: return openMenu(&state)
  case .toggleMark: toggleMark(&state)
  case .markRange: toggleRange(&state)
  case .clearMarks: clearMarks(&state)
  case .timeMode, .stepTime, .stepEvent, .timeline, .nextKind, .changes, .mark, .compareMarks,
    .prompt, .exportIncident:
    break
  case .harmless: tell("this key does nothing here; ? lists the keys", .dim, &state)
  }
  return []
}

/// Keys that have to do with the past; nil for all others.
private func handleTime(_ intent: Intent, _ state: inout ConsoleState) -> [Effect]? {
  switch intent {
  case .timeMode:
    return state.past == nil
      ? goBack(to: state.now.addingTimeInterval(-60), &state) : comeBack(&state)
  case .back where state.past != nil && state.past?.speed == nil: return comeBack(&state)
  case .stepTime(let seconds): return stepInTime(seconds, &state)
  case .stepEvent(let isForward):
    // The event before is a way into time mode; there is none after now.
    guard state.past == nil, !isForward else { return stepToEvent(isForward: isForward, &state) }
    return goBack(to: state.now.addingTimeInterval(-1), &state)
  case .timeline: return openTimeline("", &state)
  case .nextKind:
    tell("this key goes through the kinds of the timeline: t opens it", .dim, &state)
    return []
  case .changes:
    let end = state.past?.liveNow ?? state.now
    let start = state.past?.instant ?? end.addingTimeInterval(-900)
    return openChanges(from: start, to: end, of: state.selectedWorkload, &state)
  case .toggleMark:
    guard let speed = state.past?.speed else { return nil }
    state.past?.speed = speed > 0 ? 0 : state.setting.replaySpeed
    state.playedAt = nil
    return []
  case .mark where state.past != nil:
    markInstant(&state)
    return []
  case .mark:
    state.overlay = .prompt(PromptState(text: "incident mark "))
    return []
  case .compareMarks: return compareMarked(&state)
  case .prompt:
    state.overlay = .prompt(PromptState(text: ""))
    return []
  case .exportIncident: return [.incident(.export)]
  default: return nil
  }
}

/// How many rows the focused list shows; good enough to page by.
func listHeight(_ state: ConsoleState) -> Int {
  state.isZoomed || state.page != nil
    ? max(1, state.size.height - 4) : max(1, state.size.height / 3)
}

private func step(_ distance: Int, _ state: inout ConsoleState) -> [Effect] {
  let count = Pane.allCases.count
  let next = (state.focus.rawValue - 1 + distance + count) % count + 1
  state.focus = Pane(rawValue: next) ?? .deployments
  return leavePage(&state)
}

private func move(_ distance: Int, _ state: inout ConsoleState) {
  if state.page != nil {
    let scroll = (state.page?.scroll ?? 0) + distance
    state.page?.scroll = min(max(0, scroll), 10_000)
    return
  }
  let pane = state.focus
  let ids = state.ids(of: pane)
  state[list: pane].move(by: distance, in: ids)
  let list = state[list: pane]
  state[list: pane].top = list.firstRow(
    index: list.index(in: ids), height: listHeight(state), count: ids.count)
}

private func open(_ state: inout ConsoleState) -> [Effect] {
  guard state.page == nil else { return [] }
  guard let row = state.selectedWorkload else {
    if !state.isZoomed { state.isZoomed = true }
    return []
  }
  return openPage(row, &state)
}

func openPage(_ row: WorkloadRow, _ state: inout ConsoleState) -> [Effect] {
  state.page = PageState(id: row.id)
  if let past = state.past { return [.look(past.instant, row.id)] }
  return [.watchWorkload(row.id), .focus([row.id])]
}

private func leavePage(_ state: inout ConsoleState) -> [Effect] {
  guard state.page != nil else { return [] }
  state.page = nil
  return [.stopWatching]
}

private func back(_ state: inout ConsoleState, quits: Bool) -> [Effect] {
  if state.marks.range != nil, !quits {
    state.marks.dropRange()
    return []
  }
  if state.page != nil { return leavePage(&state) }
  if state.isZoomed {
    state.isZoomed = false
    return []
  }
  if !state[list: state.focus].filter.isEmpty, !quits {
    setFilterNow(state.focus, "", &state)
    return []
  }
  if !quits { state.marks.clear() }
  return quits ? [.quit] : []
}

private func nextFinding(_ state: inout ConsoleState) {
  guard let findings = state.fleet?.findings, !findings.isEmpty else { return }
  let ids = findings.map { ObjectID($0.id) }
  let current = state[list: .findings].selected.flatMap { ids.firstIndex(of: $0) }
  let next = ((current ?? -1) + 1) % ids.count
  state[list: .findings].selected = ids[next]
  guard let id = findings[next].workloadID else { return }
  state.focus = .deployments
  if !state.ids(of: .deployments).contains(ObjectID(id)) {
    setFilterNow(.deployments, "", &state)
  }
  state[list: .deployments].selected = ObjectID(id)
  move(0, &state)
}

func setFilter(_ pane: Pane, _ text: String, _ before: String, _ state: inout ConsoleState) {
  state.overlay = .filter(pane, text: text, before: before)
  setFilterNow(pane, text, &state)
}

func setFilterNow(_ pane: Pane, _ text: String, _ state: inout ConsoleState) {
  state[list: pane].filter = text
  state[list: pane].top = 0
  switch pane {
  case .deployments: arrange(&state)
  case .cost: arrangeCosts(&state)
  case .findings, .gpu, .autoscaler: break
  }
}
