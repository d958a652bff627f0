import Domain
import FoundationEssentials
import Terminal

/// Everything that happened in the last hours, or around the instant shown.
///
/// A filter that makes no sense is left to be typed anew.
func openTimeline(_ filter: String, _ state: inout ConsoleState) -> [Effect] {
  let now = state.past?.liveNow ?? state.now
  let span = state.past?.span ?? now.addingTimeInterval(-21_600)...now
  var list = TimelineList(filter: filter, span: span)
  if list.problem != nil { list.before = "" }
  state.overlay = .timeline(list)
  return [.readTimeline(span)]
}

func handleTimeline(
  _ key: Key, _ current: TimelineList, _ state: inout ConsoleState
) -> [Effect] {
  var list = current
  if let before = list.before {
    typeFilter(key, before, &list)
    state.overlay = .timeline(list)
    return []
  }
  let height = TimelineView.rows(of: list, in: state.size)
  switch Keymap.standard.intent(for: key) {
  case .quit:
    state.overlay = nil
    return []
  case .back:
    guard !list.filter.isEmpty else {
      state.overlay = nil
      return []
    }
    list.settle()
    list.setFilter("")
  case .move(let distance): list.move(by: distance, height: height)
  case .page(let pages): list.move(by: pages * max(1, height - 1), height: height)
  case .first: list.move(by: -list.count, height: height)
  case .last: list.move(by: list.count, height: height)
  case .filter: list.before = list.filter
  case .clearFilter: list.setFilter("")
  case .nextKind(let isForward): list.nextKind(isForward: isForward)
  case .open:
    guard let entry = list.selected else { return [] }
    state.overlay = nil
    return goBack(to: entry.at, &state)
  default: return []
  }
  state.overlay = .timeline(list)
  return []
}

/// A filter that finds nothing because of a mistake in it is not kept: the line stays open.
private func typeFilter(_ key: Key, _ before: String, _ list: inout TimelineList) {
  switch FilterKey(key, text: list.filter) {
  case .text(let text): list.setFilter(text)
  case .keep:
    guard list.problem == nil else { return }
    list.settle()
    list.before = nil
  case .undo:
    list.setFilter(before)
    list.before = nil
  case .nothing: break
  }
}
