import Domain
import Terminal

/// The anchor of the screen: one line for each deployment.
struct DeploymentsPane {
  let state: ConsoleState

  func draw(in rect: Rect, on canvas: inout Canvas) {
    canvas.rule(
      2, "DEPLOYMENTS", detail: detail(height: rect.height - 2, on: canvas), in: rect.top(1),
      isFocused: state.focus == .deployments)
    drawTable(in: rect.inset(top: 1), on: &canvas)
  }

  private func detail(height: Int, on canvas: Canvas) -> String {
    guard let fleet = state.fleet else { return "" }
    let dot = " \(canvas.glyphs.dot) "
    let list = state[list: .deployments]
    let shown = state.visible.count
    var parts = [Formatting.count(fleet.workloadCount)]
    if shown > height { parts.append("shown \(max(0, height))") }
    if !state.marks.isEmpty {
      let unseen = state.unseenMarks
      let range = state.marks.range == nil ? "" : "RANGE "
      parts.append("\(range)\(state.marks.count) marked" + (unseen > 0 ? ", \(unseen) hidden" : ""))
    }
    if !list.filter.isEmpty { parts.append("filter \(Sanitizer.clean(list.filter)): \(shown)") }
    let sort = DeploymentSort(rawValue: list.sort) ?? .worst
    parts.append("sort \(sort.label)" + (list.isReversed ? " reversed" : ""))
    return parts.joined(separator: dot)
  }

  func drawTable(in rect: Rect, on canvas: inout Canvas) {
    guard let fleet = state.fleet, rect.height > 1 else { return }
    let table = DeploymentTable(
      width: rect.width, currency: fleet.costs.currency,
      hasResidency: fleet.policy?.hasResidency ?? false)
    table.drawHeader(at: rect.x, rect.y, on: &canvas)
    let rows = rect.inset(top: 1)
    guard !state.visible.isEmpty else {
      let text =
        fleet.workloads.isEmpty ? "no deployment is known yet" : "nothing matches the filter"
      canvas.write(text, at: rect.x + 3, rows.y, .dim)
      return
    }
    let list = state[list: .deployments]
    let index = list.index(in: state.visibleIDs) ?? 0
    let first = list.firstRow(index: index, height: rows.height, count: state.visible.count)
    for (line, place) in state.visible.dropFirst(first).prefix(rows.height).enumerated() {
      let isChosen = first + line == index
      table.draw(
        fleet.workloads[place], pending: state.pending[fleet.workloads[place].id],
        isChosen: isChosen, isMarked: state.marks.contains(fleet.workloads[place].id), at: rows.x,
        rows.y + line, on: &canvas)
      if isChosen, state.focus == .deployments {
        // Only what names the row is reversed: a whole row is sent twice at every key, and on a
        // thin line that is what a person waits for.
        canvas.select(
          Rect(
            x: rows.x, y: rows.y + line, width: min(rows.width, table.identityWidth), height: 1))
      }
    }
  }
}
