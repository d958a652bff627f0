import Domain
import FoundationEssentials
import Terminal

/// Opens the preview for all marked deployments, still empty, and asks for the plans.
func openBulk(_ action: BulkAction, _ state: inout ConsoleState) -> [Effect] {
  let dialog = BulkDialog(
    action: action, targets: targets(of: action, state), shownAt: state.now, openedAt: state.now)
  state.overlay = .bulk(dialog)
  return [.planAll(dialog.requests)]
}

/// Every marked deployment with what is to be done to it, as it stands now.
private func targets(of action: BulkAction, _ state: ConsoleState) -> [BulkPlan.Target] {
  let seen = Set(state.visibleIDs)
  let journal = state.journal
  return state.marks.all.map { mark in
    guard let row = state.fleet?.row(mark.id) else {
      return BulkPlan.Target(
        id: mark.id, name: mark.name, place: .vanished, wish: .impossible("not there any more"))
    }
    return BulkPlan.Target(
      id: row.id, name: row.name, place: seen.contains(ObjectID(row.id)) ? .shown : .hidden,
      wish: action.wish(for: row, journal: journal))
  }
}

/// The plans have come: they count as shown from now.
func takePlans(_ plans: [ActionPlan], _ state: inout ConsoleState) {
  guard case .bulk(var dialog) = state.overlay, dialog.stage == .planning,
    plans.map(\.request) == dialog.requests
  else { return }
  let plan = BulkPlan(dialog.targets, plans: plans)
  let computedAt = plans.map(\.computedAt).max() ?? state.now
  if dialog.plan?.doesTheSame(as: plan) == false { dialog.typed = "" }
  dialog.plan = plan
  dialog.stage = .ready
  state.now = max(state.now, computedAt)
  dialog.shownAt = state.now
  state.overlay = .bulk(dialog)
}

/// Plans that are over a minute old are worked out anew.
func expirePlans(_ state: inout ConsoleState) -> [Effect] {
  guard case .bulk(let dialog) = state.overlay, dialog.stage == .ready,
    dialog.plan?.sendable.contains(where: { $0.isExpired(at: state.now) }) == true
  else { return [] }
  return replan(dialog, &state)
}

/// New data about one of the deployments makes the preview wrong: it is worked out anew.
func replanAllIfChanged(_ state: inout ConsoleState) -> [Effect] {
  guard case .bulk(let dialog) = state.overlay, dialog.stage == .ready, let plan = dialog.plan
  else { return [] }
  let isSame = plan.sendable.allSatisfy { plan in
    let row = state.fleet?.row(plan.request.workloadID)
    return plan.precondition.activeRevisionID == nil
      || row?.revisionID == plan.precondition.activeRevisionID
  }
  let now = targets(of: dialog.action, state)
  guard !isSame || now.map(\.wish) != dialog.targets.map(\.wish) else { return [] }
  return replan(dialog, &state)
}

private func replan(_ current: BulkDialog, _ state: inout ConsoleState) -> [Effect] {
  var dialog = current
  dialog.targets = targets(of: dialog.action, state)
  dialog.stage = .planning
  dialog.isRecomputed = true
  state.overlay = .bulk(dialog)
  return [.planAll(dialog.requests)]
}

func handleBulkScale(_ key: Key, _ current: BulkScale, _ state: inout ConsoleState) -> [Effect] {
  var dialog = current
  switch key {
  case .escape, .character("q"):
    state.overlay = nil
    return []
  case .character(let digit) where digit.isASCII && digit.isNumber:
    if dialog.typed.count < 4 { dialog.typed.append(digit) }
  case .backspace: dialog.typed = String(dialog.typed.dropLast())
  case .control("u"): dialog.typed = ""
  case .enter:
    guard let count = dialog.count else {
      tell(
        dialog.typed.isEmpty
          ? "type how many replicas each shall have" : "0 is no count here: to stop them, pause",
        .warning, &state)
      return []
    }
    return openBulk(.scale(count), &state)
  default: return []
  }
  state.overlay = .bulkScale(dialog)
  return []
}

func handleBulk(_ key: Key, _ current: BulkDialog, _ state: inout ConsoleState) -> [Effect] {
  var dialog = current
  switch key {
  case .down: dialog.scroll = min(dialog.scroll + 1, max(0, dialog.targets.count - 1))
  case .up: dialog.scroll = max(0, dialog.scroll - 1)
  case .escape, .character("q"):
    switch dialog.stage {
    case .planning, .ready:
      state.overlay = nil
      tell("\(dialog.action.verb): cancelled, nothing was sent", .dim, &state)
      return []
    case .running:
      dialog.stage = .stopping
      state.overlay = .bulk(dialog)
      return [.stopAll]
    case .stopping: return []
    case .done:
      close(dialog, &state)
      return []
    }
  default: return typeCount(key, dialog, &state)
  }
  state.overlay = .bulk(dialog)
  return []
}

/// The number, and what an error means; nothing else is heard.
private func typeCount(
  _ key: Key, _ current: BulkDialog, _ state: inout ConsoleState
) -> [Effect] {
  var dialog = current
  // Keys that come right after the box opened were typed for what was there before.
  guard dialog.stage == .ready,
    state.now.timeIntervalSince(dialog.openedAt) >= ConfirmDialog.deafness
      * state.setting.clockSpeed
  else { return [] }
  switch key {
  case .character("e"), .tab: dialog.onError = dialog.onError == .stop ? .goOn : .stop
  case .character(let digit) where digit.isASCII && digit.isNumber && dialog.count > 1:
    if dialog.typed.count < 6 { dialog.typed.append(digit) }
  case .backspace: dialog.typed = String(dialog.typed.dropLast())
  case .control("u"): dialog.typed = ""
  case .enter: return send(dialog, &state)
  default: return []
  }
  state.overlay = .bulk(dialog)
  return []
}

private func send(_ current: BulkDialog, _ state: inout ConsoleState) -> [Effect] {
  var dialog = current
  guard let plan = dialog.plan else { return [] }
  let plans = plan.sendable
  guard plans.count > 1 else {
    // One alone has a preview of its own, that asks in its own way.
    guard let only = plans.first else { return [] }
    return Console.plan(only.request, name: only.workloadName, &state)
  }
  guard dialog.typed == "\(plans.count)" else {
    tell("type \(plans.count) to \(dialog.action.phrase(plans.count))", .warning, &state)
    return []
  }
  guard
    state.now.timeIntervalSince(dialog.shownAt) >= ConfirmDialog.minimumView
      * state.setting.clockSpeed
  else {
    tell("look first: it counts after the preview was seen for a moment", .dim, &state)
    return []
  }
  dialog.stage = .running
  dialog.scroll = 0
  state.overlay = .bulk(dialog)
  return [
    .performAll(plans, .counted(typed: dialog.typed, of: plans.count), dialog.onError)
  ]
}

/// A row has begun or ended, or all have.
func takeProgress(_ progress: BulkProgress, _ state: inout ConsoleState) -> [Effect] {
  guard case .bulk(var dialog) = state.overlay, dialog.isUnderWay else { return [] }
  switch progress {
  case .began(let id): dialog.outcomes[id] = .sending
  case .ended(let id, let outcome):
    dialog.outcomes[id] = .ended(outcome)
    if case .accepted = outcome { state.pending[id] = dialog.action.verb }
  case .finished: dialog.stage = .done
  }
  state.overlay = .bulk(dialog)
  return progress == .finished ? [.refresh] : []
}

/// Those that were taken lose their marks; the others keep them, to be tried again.
private func close(_ dialog: BulkDialog, _ state: inout ConsoleState) {
  let taken = dialog.outcomes.filter { _, outcome in
    if case .ended(let outcome) = outcome { outcome.isTaken } else { false }
  }
  state.marks.remove(Set(taken.keys))
  state.overlay = nil
  let left = state.marks.count
  let rest = left == 0 ? "" : "; \(left) not done and still marked"
  tell(
    "\(dialog.action.verb): \(taken.count) accepted\(rest)", left == 0 ? .healthy : .warning,
    &state)
}
