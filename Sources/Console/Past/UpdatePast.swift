import Domain
import FoundationEssentials

/// Goes to an instant of the past, or from one to another.
func goBack(to instant: Date, _ state: inout ConsoleState) -> [Effect] {
  if state.past == nil {
    state.past = PastState(instant: instant, live: state.fleet, liveNow: state.now)
  }
  guard var past = state.past else { return [] }
  guard instant < past.liveNow else { return comeBack(&state) }
  past.instant = instant
  var effects: [Effect] = [.look(instant, state.page?.id)]
  if !past.span.contains(instant) {
    let half = (past.span.upperBound.timeIntervalSince(past.span.lowerBound)) / 2
    past.span = instant.addingTimeInterval(-half)...instant.addingTimeInterval(half)
    past.timeline = nil
  }
  if past.timeline == nil { effects.append(.readTimeline(past.span)) }
  state.past = past
  return effects
}

/// Back to the present, which went on meanwhile.
func comeBack(_ state: inout ConsoleState) -> [Effect] {
  guard let past = state.past, past.speed == nil else { return [] }
  state.past = nil
  state.fleet = past.live
  state.now = past.liveNow
  arrange(&state)
  guard let page = state.page else { return [.stopLooking] }
  state.page?.detail = nil
  return [.stopLooking, .watchWorkload(page.id)]
}

/// A step of some seconds, either way.
func stepInTime(_ seconds: Double, _ state: inout ConsoleState) -> [Effect] {
  guard let past = state.past else { return [] }
  return goBack(to: past.instant.addingTimeInterval(seconds), &state)
}

/// To the next thing that happened, or to the one before.
func stepToEvent(isForward: Bool, _ state: inout ConsoleState) -> [Effect] {
  guard let past = state.past else { return [] }
  let entries = past.timeline?.entries ?? []
  // Half a second apart counts as the same moment.
  let next =
    isForward
    ? entries.first { $0.at.timeIntervalSince(past.instant) > 0.5 }
    : entries.last { past.instant.timeIntervalSince($0.at) > 0.5 }
  guard let next else {
    tell(isForward ? "no later event: esc is now" : "no earlier event here", .dim, &state)
    return []
  }
  return goBack(to: next.at, &state)
}

/// A picture of the past has come; one that is no longer asked for is dropped.
func takePast(_ picture: PastPicture, _ state: inout ConsoleState) {
  guard let past = state.past, past.instant == picture.instant else { return }
  if let problem = picture.problem {
    tell(problem, .warning, &state)
    return
  }
  guard let snapshot = picture.snapshot else { return }
  state.past?.shown = picture.instant
  state.fleet = snapshot
  state.now = picture.instant
  if state.page != nil { state.page?.detail = picture.detail }
  arrange(&state)
}

/// What is typed or pressed in time mode and would act on the present.
func refusesInPast(_ intent: Intent, _ state: inout ConsoleState) -> Bool {
  guard state.past != nil else { return false }
  switch intent {
  case .scale, .rollback, .restart, .undo, .toggleMark, .markRange:
    if intent == .toggleMark, state.past?.speed != nil { return false }
    tell(
      state.past?.speed == nil
        ? "PAST is read only: esc goes back to now, where actions work"
        : "a recording is read only: actions work on the present", .warning, &state)
    return true
  default: return false
  }
}

/// What differs between the shown instant and now, of the chosen deployment or of all.
func openChanges(
  from start: Date, to end: Date, of row: WorkloadRow?, _ state: inout ConsoleState
) -> [Effect] {
  let (from, to) = start <= end ? (start, end) : (end, start)
  state.overlay = .changes(ChangesList(from: from, to: to, name: row?.name))
  return [.compare(from, to, row?.id)]
}

/// Keeps an instant to compare another with.
func markInstant(_ state: inout ConsoleState) {
  guard let past = state.past else { return }
  state.markedInstants = Array((state.markedInstants + [past.instant]).suffix(2))
  tell(
    "marked \(Formatting.clock(past.instant))Z; M compares it with "
      + (state.markedInstants.count == 2 ? "the one before" : "the instant shown"), .dim, &state)
}

func compareMarked(_ state: inout ConsoleState) -> [Effect] {
  let marks = state.markedInstants
  guard let last = marks.last else {
    tell("mark an instant first: m in time mode", .dim, &state)
    return []
  }
  let here = state.past?.instant ?? state.now
  let other = marks.count == 2 ? marks[0] : here
  guard other != last else {
    tell("both are the same instant: go elsewhere, then M", .dim, &state)
    return []
  }
  return openChanges(from: last, to: other, of: nil, &state)
}
