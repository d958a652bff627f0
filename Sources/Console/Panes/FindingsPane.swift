import Domain
import Terminal

/// What is wrong or wasteful, worst first, each with the key that helps.
struct FindingsPane {
  let state: ConsoleState

  func draw(in rect: Rect, on canvas: inout Canvas) {
    let count = state.fleet?.findings.count ?? 0
    let detail =
      count == 0
      ? "" : "\(count) open" + (rect.width >= 100 ? " \(canvas.glyphs.dot) worst first" : "")
    canvas.rule(
      1, "FINDINGS", detail: detail, in: rect.top(1), isFocused: state.focus == .findings)
    drawRows(in: rect.inset(top: 1), on: &canvas)
  }

  func drawRows(in rect: Rect, on canvas: inout Canvas) {
    guard let fleet = state.fleet else { return }
    guard !fleet.findings.isEmpty else {
      let isKnown = fleet.sync.contains { $0.resource == .workloads && $0.completedAt != nil }
      canvas.write(
        isKnown ? "nothing wrong that is known" : "nothing known yet", at: rect.x + 1, rect.y, .dim)
      return
    }
    let list = state[list: .findings]
    let index = list.index(in: state.ids(of: .findings))
    let first = list.firstRow(
      index: state.focus == .findings ? index : 0, height: rect.height, count: fleet.findings.count)
    for (row, finding) in fleet.findings.dropFirst(first).prefix(rect.height).enumerated() {
      let isChosen = state.focus == .findings && first + row == index
      draw(finding, at: rect.y + row, in: rect, isChosen: isChosen, on: &canvas)
    }
  }

  private func draw(
    _ finding: Finding, at y: Int, in rect: Rect, isChosen: Bool, on canvas: inout Canvas
  ) {
    let role: Role =
      switch finding.severity {
      case .critical: .critical
      case .warning: .warning
      case .information: .dim
      }
    let symbol = finding.severity == .critical ? "x" : finding.severity == .warning ? "!" : "i"
    canvas.write(isChosen ? ">" : " ", at: rect.x, y, .header)
    canvas.write(symbol, at: rect.x + 1, y, role)
    let region = finding.region.map { " \($0)" } ?? ""
    let subject = Clipping.middle(Sanitizer.clean(finding.subject), to: 22, glyphs: canvas.glyphs)
    var x = rect.x + 3
    x += canvas.write(subject, at: x, y, role)
    x += canvas.write(region + "  ", at: x, y, .dim)
    let key = rect.width >= 78 ? remedy(finding) : ""
    canvas.writeClipped(finding.summary, at: x, y, width: rect.maxX - x - key.count - 2)
    if !key.isEmpty { canvas.writeTrailing(key, endingAt: rect.maxX - 1, y, .key) }
    if isChosen { canvas.select(Rect(x: rect.x, y: y, width: rect.width, height: 1)) }
  }

  private func remedy(_ finding: Finding) -> String {
    switch finding.remedy {
    case .rollBack: "[ctrl-l] rollback"
    case .scale: "[s]cale"
    case .open: "[enter] open"
    case .refresh: "[ctrl-r]"
    case .costs: "[4] costs"
    }
  }
}
