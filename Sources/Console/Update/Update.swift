import Domain
import FoundationEssentials
import Terminal

/// The only code that changes what the screen is about.
package func update(_ state: inout ConsoleState, with message: Message) -> [Effect] {
  switch message {
  case .key(let key): return handle(key, &state)
  case .paste(let text): return handlePaste(text, &state)
  case .resized(let size):
    state.size = size
    return []
  case .tick(let now):
    state.clock = max(state.clock, now)
    if let restsAt = state.restsAt, restsAt <= now {
      state.restsAt = nil
      state.followed = state.selectedWorkload?.id
    }
    if let notice = state.notice, notice.until <= now { state.notice = nil }
    guard state.past == nil else { return play(&state) }
    state.now = max(state.now, now)
    return expirePlan(&state) + expirePlans(&state)
  case .fleet(let snapshot): return take(snapshot, &state)
  case .past(let picture):
    takePast(picture, &state)
    return []
  case .timeline(let timeline):
    if state.past?.span == timeline.span { state.past?.timeline = timeline }
    if case .timeline(var list) = state.overlay, list.span == timeline.span {
      list.take(timeline)
      state.overlay = .timeline(list)
    }
    return []
  case .changes(let from, let to, let answer):
    if case .changes(var list) = state.overlay, list.from == from, list.to == to {
      switch answer {
      case .success(let changes): list.changes = changes
      case .failure(let problem): list.problem = problem.message
      }
      state.overlay = .changes(list)
    }
    return []
  case .told(let text, let role):
    tell(text, role, &state)
    return []
  case .detail(let detail):
    guard state.past == nil else { return [] }
    if state.page?.id == detail.row.id { state.page?.detail = detail }
    if case .rollback(var dialog) = state.overlay, dialog.workload == detail.row.id {
      let chosen = dialog.detail?.revisions[safe: dialog.selected]?.revision.id
      dialog.detail = detail
      if chosen == nil { dialog.selected = dialog.suggestion }
      if let chosen, let index = detail.revisions.firstIndex(where: { $0.revision.id == chosen }) {
        dialog.selected = index
      }
      state.overlay = .rollback(dialog)
    }
    return []
  case .planned(let plan):
    takePlan(plan, &state)
    return []
  case .policy(let report):
    if case .policy(var overlay) = state.overlay {
      overlay.report = report
      state.overlay = .policy(overlay)
    }
    return []
  case .performed(let id, let outcome):
    takeOutcome(id, outcome, &state)
    return [.refresh]
  case .plannedAll(let plans):
    takePlans(plans, &state)
    return []
  case .progressed(let progress): return takeProgress(progress, &state)
  case .duty(let duty):
    takeDuty(duty, &state)
    return []
  }
}

/// Says when the reading of the platform goes from one console to another.
private func takeDuty(_ duty: SyncDuty, _ state: inout ConsoleState) {
  guard duty != state.duty else { return }
  state.duty = duty
  switch duty {
  case .here: tell("this console syncs now", .healthy, &state)
  case .elsewhere: tell("another console syncs; this one follows it", .dim, &state)
  }
}

private func take(_ snapshot: FleetSnapshot, _ state: inout ConsoleState) -> [Effect] {
  if state.past != nil {
    state.past?.live = snapshot
    state.past?.liveNow = max(state.clock, snapshot.asOf)
    return []
  }
  state.fleet = snapshot
  state.now = max(state.now, snapshot.asOf)
  state.clock = max(state.clock, state.now)
  arrange(&state)
  if state.followed == nil { state.followed = state.selectedWorkload?.id }
  announceOutcomes(&state)
  return [.focus(visibleWorkloads(state))] + replanIfChanged(&state) + replanAllIfChanged(&state)
}

/// Works out which deployments are listed, and how.
func arrange(_ state: inout ConsoleState) {
  guard let fleet = state.fleet else { return }
  let list = state[list: .deployments]
  var order = Array(fleet.workloads.indices)
  if !list.filter.isEmpty {
    let filter = WorkloadFilter(list.filter)
    order = order.filter { filter.matches(fleet.workloads[$0]) }
  }
  let rows = fleet.workloads
  switch DeploymentSort(rawValue: list.sort) ?? .worst {
  case .worst: break
  case .name: order.sort { rows[$0].name < rows[$1].name }
  case .cost:
    order.sort { (rows[$0].hourlyCost?.amount ?? -1) > (rows[$1].hourlyCost?.amount ?? -1) }
  case .utilization:
    order.sort { (rows[$0].utilization?.value ?? 2) < (rows[$1].utilization?.value ?? 2) }
  case .age:
    order.sort {
      (rows[$0].revisionCreatedAt ?? .distantPast) > (rows[$1].revisionCreatedAt ?? .distantPast)
    }
  }
  if list.isReversed { order.reverse() }
  state.visible = order
  state.visibleIDs = order.map { ObjectID(rows[$0].id) }
  if state.listsCosts { arrangeCosts(&state) }
}

/// Works out the order of the zoomed cost pane.
func arrangeCosts(_ state: inout ConsoleState) {
  guard let rows = state.fleet?.workloads else { return }
  let filter = WorkloadFilter(state[list: .cost].filter)
  let order = rows.indices.filter { rows[$0].hourlyCost != nil && filter.matches(rows[$0]) }
  state.costOrder = order.sorted {
    (rows[$0].hourlyCost?.amount ?? 0) > (rows[$1].hourlyCost?.amount ?? 0)
  }
}

/// The deployments whose details are worth reading often.
private func visibleWorkloads(_ state: ConsoleState) -> [WorkloadID] {
  guard let fleet = state.fleet else { return [] }
  if let page = state.page { return [page.id] }
  let height = max(1, state.size.height - 4)
  let index = state[list: .deployments].index(in: state.ids(of: .deployments))
  let first = state[list: .deployments].firstRow(
    index: index, height: height, count: state.visible.count)
  return state.visible.dropFirst(first).prefix(min(height, 40)).map { fleet.workloads[$0].id }
}

/// A word on actions whose end has come.
private func announceOutcomes(_ state: inout ConsoleState) {
  guard let fleet = state.fleet, !state.pending.isEmpty else { return }
  for (id, verb) in state.pending {
    guard let entry = fleet.journal.first(where: { $0.workloadID == id }) else { continue }
    switch entry.outcome {
    case nil, .accepted: continue
    case .done:
      tell("\(verb) \(entry.workloadName): done, \(entry.summary) is seen", .healthy, &state)
    case .failed(let reason):
      tell("\(verb) \(entry.workloadName) failed: \(reason)", .critical, &state)
    case .unknown(let reason):
      tell("\(verb) \(entry.workloadName): outcome not known, \(reason)", .warning, &state)
    case .refused, .stale: break
    }
    state.pending[id] = nil
  }
}

/// Lets the present go on behind time mode, and a recording play.
private func play(_ state: inout ConsoleState) -> [Effect] {
  guard let past = state.past else { return [] }
  guard let speed = past.speed else {
    state.past?.liveNow = max(past.liveNow, state.clock)
    return []
  }
  let passed = state.clock.timeIntervalSince(state.playedAt ?? state.clock)
  guard speed > 0, passed >= 0.25 else {
    if state.playedAt == nil || speed == 0 { state.playedAt = state.clock }
    return []
  }
  state.playedAt = state.clock
  let next = min(past.instant.addingTimeInterval(passed * speed), past.span.upperBound)
  guard next > past.instant else { return [] }
  state.past?.instant = next
  return [.look(next, state.page?.id)]
}

/// Says one thing at the bottom for some seconds.
func tell(_ text: String, _ role: Role, _ state: inout ConsoleState) {
  state.notice = ConsoleState.Notice(
    text: text, role: role,
    until: state.clock.addingTimeInterval((role == .dim ? 4 : 10) * state.setting.clockSpeed))
}

extension Array {
  subscript(safe index: Int) -> Element? { indices.contains(index) ? self[index] : nil }
}
