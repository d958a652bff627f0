import Domain

/// Marks the deployment under the cursor, or takes its mark away.
func toggleMark(_ state: inout ConsoleState) {
  guard let row = markable(&state) else { return }
  state.marks.toggle(row.mark)
}

/// Begins a range at the cursor, or ends it where the cursor is now.
func toggleRange(_ state: inout ConsoleState) {
  guard state.marks.range == nil else {
    state.marks.endRange()
    return
  }
  guard let row = markable(&state) else { return }
  state.marks.beginRange(at: row.mark)
  tell("range: move to extend it, v ends it, esc drops it", .dim, &state)
}

func clearMarks(_ state: inout ConsoleState) {
  guard !state.marks.isEmpty else {
    tell("nothing is marked: space marks, v marks a range", .dim, &state)
    return
  }
  state.marks.clear()
}

/// The cursor moved: a range ends where it is.
///
/// A range whose beginning is not listed any more stays as it was.
func extendRange(_ state: inout ConsoleState) {
  guard state.past == nil, let range = state.marks.range, let fleet = state.fleet,
    let start = state.visibleIDs.firstIndex(of: ObjectID(range.anchor)),
    let end = state[list: .deployments].index(in: state.visibleIDs)
  else { return }
  let rows = start <= end ? Array(start...end) : (end...start).reversed()
  state.marks.extend(over: rows.map { fleet.workloads[state.visible[$0]].mark })
}

private func markable(_ state: inout ConsoleState) -> WorkloadRow? {
  guard state.page == nil, state.focus == .deployments else {
    tell("marks are set in the list of deployments: 2 goes there", .dim, &state)
    return nil
  }
  return state.selectedWorkload
}
