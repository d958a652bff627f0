import Domain
import FoundationEssentials
import Terminal

extension ConsoleState {
  /// What was done to this context, newest first.
  var journal: [JournalEntry] {
    guard let fleet else { return [] }
    return fleet.journal.filter { $0.contextName == fleet.contextName }
  }

  /// What `U` would take back: the newest that can be, of the deployment, or else of all.
  func undoProposal(for id: WorkloadID?) -> UndoProposal? {
    let own = id.flatMap { id in
      UndoProposal.newest(in: journal.lazy.filter { $0.workloadID == id })
    }
    return own ?? UndoProposal.newest(in: journal)
  }

  /// Why one deployment has nothing that could be taken back; nil when it has.
  func undoObstacle(for id: WorkloadID) -> String? {
    let own = journal.filter { $0.workloadID == id }
    guard UndoProposal.newest(in: own) == nil else { return nil }
    guard let newest = own.first, case .impossible(let reason) = UndoChoice.inverse(of: newest)
    else { return "nothing was done to it from here" }
    return reason
  }
}

/// Proposes to take back what was done last to the chosen deployment, or else to any.
func openUndo(_ state: inout ConsoleState) -> [Effect] {
  if state.actsOnMarks { return act(.undo, &state) }
  let row = state.selectedWorkload
  guard let proposal = state.undoProposal(for: row?.id) else {
    let reason = state.journal.first.flatMap { entry -> String? in
      guard case .impossible(let reason) = UndoChoice.inverse(of: entry) else { return nil }
      return "\(entry.request.verb) \(entry.workloadName): \(reason)"
    }
    tell(reason ?? "nothing was done from here, so there is nothing to undo", .warning, &state)
    return []
  }
  return propose(proposal, &state)
}

/// Proposes to take back what was done last to one deployment, and to no other.
func undoLast(of id: WorkloadID, _ state: inout ConsoleState) -> [Effect] {
  guard let proposal = UndoProposal.newest(in: state.journal.filter { $0.workloadID == id })
  else {
    tell(state.undoObstacle(for: id) ?? "", .warning, &state)
    return []
  }
  return propose(proposal, &state)
}

/// Proposes to take one entry of the journal back.
func undo(_ entry: JournalEntry, _ state: inout ConsoleState) -> [Effect] {
  switch UndoChoice.inverse(of: entry) {
  case .request(let request):
    return propose(UndoProposal(entry: entry, request: request), &state)
  case .impossible(let reason):
    tell("\(entry.request.verb) \(entry.workloadName): \(reason)", .warning, &state)
    return []
  }
}

private func propose(_ proposal: UndoProposal, _ state: inout ConsoleState) -> [Effect] {
  let entry = proposal.entry
  let effects = plan(proposal.request, name: entry.workloadName, &state)
  if case .confirm(var dialog) = state.overlay {
    dialog.takesBack =
      "\(entry.request.verb) \(entry.summary), "
      + "\(Formatting.age(from: entry.at, to: state.now)) ago by \(entry.actor)"
    state.overlay = .confirm(dialog)
  }
  return effects
}

func handleJournal(_ key: Key, _ current: JournalList, _ state: inout ConsoleState) -> [Effect] {
  var list = current
  let entries = state.fleet?.journal ?? []
  let page = max(1, state.size.height / 3)
  switch key {
  case .down, .character("j"): list.move(by: 1, in: entries)
  case .up, .character("k"): list.move(by: -1, in: entries)
  case .pageDown, .control("f"): list.move(by: page, in: entries)
  case .pageUp, .control("b"): list.move(by: -page, in: entries)
  case .home, .character("g"): list.move(by: -entries.count, in: entries)
  case .end, .character("G"): list.move(by: entries.count, in: entries)
  case .character("U"):
    guard !refusesInPast(.undo, &state), let index = list.index(in: entries) else { return [] }
    return undo(entries[index], &state)
  case .escape, .character("q"), .character("@"), .enter:
    state.overlay = nil
    return []
  default: return []
  }
  state.overlay = .journal(list)
  return []
}
