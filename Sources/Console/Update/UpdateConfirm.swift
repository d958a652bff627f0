import Domain
import FoundationEssentials
import Terminal

/// A plan has come: it counts as shown from now.
func takePlan(_ plan: ActionPlan, _ state: inout ConsoleState) {
  guard case .confirm(var dialog) = state.overlay, dialog.request == plan.request,
    dialog.stage != .sending
  else { return }
  // A plan from before the reason was given is not the one that was asked for.
  if dialog.waiver != nil, plan.isWaivable { return }
  dialog.plan = plan
  dialog.stage = .ready
  dialog.shownAt = max(state.now, plan.computedAt)
  dialog.typed = ""
  state.now = max(state.now, plan.computedAt)
  state.overlay = .confirm(dialog)
}

/// A plan that is over a minute old is worked out anew, and says so.
func expirePlan(_ state: inout ConsoleState) -> [Effect] {
  guard case .confirm(var dialog) = state.overlay, dialog.stage == .ready,
    let plan = dialog.plan, plan.refusal == nil, plan.isExpired(at: state.now)
  else { return [] }
  dialog.stage = .planning
  dialog.isRecomputed = true
  state.overlay = .confirm(dialog)
  return [.plan(dialog.request, waiver: dialog.waiver)]
}

/// New data about the deployment makes the preview wrong: it is worked out anew, and says so.
func replanIfChanged(_ state: inout ConsoleState) -> [Effect] {
  guard case .confirm(var dialog) = state.overlay, dialog.stage == .ready,
    let plan = dialog.plan, plan.refusal == nil,
    let row = state.fleet?.workloads.first(where: { $0.id == plan.request.workloadID })
  else { return [] }
  let isSame =
    row.revisionID == plan.precondition.activeRevisionID
    || plan.precondition.activeRevisionID == nil
  let ready = plan.regions.allSatisfy { change in
    row.regions.first { $0.region == change.region }.map { $0.replicas.ready == change.ready }
      ?? true
  }
  guard !isSame || !ready else { return [] }
  dialog.stage = .planning
  dialog.isRecomputed = true
  state.overlay = .confirm(dialog)
  return [.plan(dialog.request, waiver: dialog.waiver)]
}

func takeOutcome(_ id: WorkloadID, _ outcome: ActionOutcome, _ state: inout ConsoleState) {
  var verb = "action"
  var name = id.short
  if case .confirm(let dialog) = state.overlay, dialog.request.workloadID == id {
    verb = dialog.request.verb
    name = dialog.name
    state.overlay = nil
  }
  switch outcome {
  case .accepted:
    state.pending[id] = verb
    tell("\(verb) \(name): accepted, watching until it is seen", .healthy, &state)
  case .done: tell("\(verb) \(name): done", .healthy, &state)
  case .failed(let reason): tell("\(verb) \(name) failed: \(reason)", .critical, &state)
  case .refused(let reason): tell("\(verb) \(name) refused: \(reason)", .warning, &state)
  case .stale(let reason):
    tell("\(verb) \(name): nothing was sent, \(reason)", .warning, &state)
  case .unknown(let reason): tell("\(verb) \(name): not known, \(reason)", .critical, &state)
  }
}

func handleConfirm(
  _ key: Key, _ current: ConfirmDialog, _ state: inout ConsoleState
) -> [Effect] {
  var dialog = current
  if dialog.stage == .sending { return [] }
  if let reason = dialog.reason { return typeReason(key, reason, dialog, &state) }
  switch key {
  case .escape:
    state.overlay = nil
    tell("\(dialog.request.verb) \(dialog.name): cancelled, nothing was sent", .dim, &state)
    return state.page == nil ? [.stopWatching] : []
  case .down: dialog.scroll += 1
  case .up: dialog.scroll = max(0, dialog.scroll - 1)
  default: return confirm(key, dialog, &state)
  }
  state.overlay = .confirm(dialog)
  return []
}

private func confirm(
  _ key: Key, _ current: ConfirmDialog, _ state: inout ConsoleState
) -> [Effect] {
  var dialog = current
  // Keys that come right after the box opened were typed for what was there before.
  guard
    state.now.timeIntervalSince(dialog.openedAt) >= ConfirmDialog.deafness
      * state.setting.clockSpeed
  else { return [] }
  guard dialog.stage == .ready, let plan = dialog.plan, plan.refusal == nil else {
    if case .character("q") = key { state.overlay = nil }
    if case .character("F") = key, dialog.stage == .ready, dialog.plan?.isWaivable == true {
      dialog.reason = ""
      state.overlay = .confirm(dialog)
    }
    return []
  }
  let wasSeen =
    state.now.timeIntervalSince(dialog.shownAt)
    >= ConfirmDialog.minimumView * state.setting.clockSpeed
  if plan.tier == .dangerous { return typeName(key, dialog, plan, wasSeen, &state) }
  switch key {
  case .character("y"):
    guard wasSeen else {
      tell("look first: y counts after the preview was seen for a moment", .dim, &state)
      return []
    }
    dialog.stage = .sending
    state.overlay = .confirm(dialog)
    return [.perform(plan, .yes)]
  case .character("n"), .character("q"):
    state.overlay = nil
    tell("\(dialog.request.verb) \(dialog.name): cancelled, nothing was sent", .dim, &state)
    return []
  default: return []
  }
}

/// The reason for setting a freeze aside; with it everything is worked out anew.
private func typeReason(
  _ key: Key, _ current: String, _ dialog: ConfirmDialog, _ state: inout ConsoleState
) -> [Effect] {
  var dialog = dialog
  switch key {
  case .escape: dialog.reason = nil
  case .character(let character):
    if current.count < Waiver.longestReason { dialog.reason = current + String(character) }
  case .backspace: dialog.reason = String(current.dropLast())
  case .control("u"): dialog.reason = ""
  case .enter:
    guard let waiver = Waiver(given: current) else {
      tell("write why the freeze is set aside: the journal keeps it", .warning, &state)
      return []
    }
    dialog.reason = nil
    dialog.waiver = waiver
    dialog.stage = .planning
    state.overlay = .confirm(dialog)
    return [.plan(dialog.request, waiver: waiver)]
  default: return []
  }
  state.overlay = .confirm(dialog)
  return []
}

private func typeName(
  _ key: Key, _ current: ConfirmDialog, _ plan: ActionPlan, _ wasSeen: Bool,
  _ state: inout ConsoleState
) -> [Effect] {
  var dialog = current
  switch key {
  case .character(let character): dialog.typed.append(character)
  case .backspace: dialog.typed = String(dialog.typed.dropLast())
  case .control("u"): dialog.typed = ""
  case .enter:
    guard dialog.typed == plan.workloadName, wasSeen else {
      tell("type the deployment's name to go on: \(plan.workloadName)", .warning, &state)
      return []
    }
    dialog.stage = .sending
    state.overlay = .confirm(dialog)
    return [.perform(plan, .typed(dialog.typed))]
  default: return []
  }
  state.overlay = .confirm(dialog)
  return []
}
