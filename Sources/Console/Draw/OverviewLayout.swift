import Domain
import Terminal

/// Where the panes go; the same composition at every size, with less of each on a smaller one.
struct OverviewLayout {
  let size: Size

  func draw(_ state: ConsoleState, in body: Rect, on canvas: inout Canvas) {
    if size.width < 80 || size.height < 20 {
      drawCompact(state, in: body, on: &canvas)
    } else if size.width < 100 {
      drawStacked(state, in: body, on: &canvas)
    } else {
      drawColumns(state, in: body, on: &canvas)
    }
  }

  /// A phone over SSH: findings and deployments without rules, and one line for the rest.
  private func drawCompact(_ state: ConsoleState, in body: Rect, on canvas: inout Canvas) {
    let findings = min(3, state.fleet?.findings.count ?? 0, max(1, body.height / 4))
    var rest = body
    if findings > 0 {
      FindingsPane(state: state).drawRows(in: body.top(findings), on: &canvas)
      rest = body.inset(top: findings)
    }
    DeploymentsPane(state: state).drawTable(in: rest.inset(bottom: 1), on: &canvas)
    StatusStrip(state: state).draw(y: body.maxY - 1, width: body.width, on: &canvas)
  }

  private func drawStacked(_ state: ConsoleState, in body: Rect, on canvas: inout Canvas) {
    let isTall = size.height >= 30
    let heights = (
      findings: findingsHeight(state, most: isTall ? 5 : 3), gpu: isTall ? 5 : 1,
      cost: isTall ? 5 : 1, scaler: isTall ? 6 : 2
    )
    let fixed = heights.findings + heights.gpu + heights.cost + heights.scaler + 4
    var y = body.y
    func next(_ height: Int) -> Rect {
      defer { y += height }
      return Rect(x: 0, y: y, width: body.width, height: height)
    }
    FindingsPane(state: state).draw(in: next(heights.findings + 1), on: &canvas)
    DeploymentsPane(state: state).draw(in: next(body.height - fixed), on: &canvas)
    let gpu = AcceleratorPane(state: state)
    if heights.gpu == 1 {
      gpu.drawStrip(in: next(2), on: &canvas)
    } else {
      gpu.draw(in: next(heights.gpu + 1), on: &canvas)
    }
    let cost = CostPane(state: state)
    if heights.cost == 1 {
      cost.drawStrip(in: next(2), on: &canvas)
    } else {
      cost.draw(in: next(heights.cost + 1), on: &canvas)
    }
    AutoscalerPane(state: state).draw(in: next(heights.scaler + 1), on: &canvas)
  }

  private func drawColumns(_ state: ConsoleState, in body: Rect, on canvas: inout Canvas) {
    let findings = findingsHeight(state, most: 5) + 1
    let strip = size.width >= 160 && size.height >= 50 ? DayStrip.height : 0
    let scaler = strip > 0 ? max(3, body.height / 5) : max(3, body.height / 4)
    let whole = body
    let body = whole.inset(bottom: strip)
    if strip > 0 {
      DayStrip(state: state).draw(
        in: Rect(x: 0, y: body.maxY, width: size.width, height: strip), on: &canvas)
    }
    FindingsPane(state: state).draw(in: body.top(findings), on: &canvas)
    let middle = body.inset(top: findings, bottom: scaler)
    let leftWidth = size.width >= 160 ? size.width * 64 / 100 : size.width * 70 / 100
    let left = Rect(x: 0, y: middle.y, width: leftWidth, height: middle.height)
    let right = Rect(
      x: leftWidth + 1, y: middle.y, width: size.width - leftWidth - 1, height: middle.height)
    DeploymentsPane(state: state).draw(in: left, on: &canvas)
    for y in middle.y..<middle.maxY {
      canvas.write(canvas.glyphs.vertical, at: leftWidth, y, .line)
    }
    drawRight(state, in: right, on: &canvas)
    let bottom = Rect(x: 0, y: body.maxY - scaler, width: size.width, height: scaler)
    if size.width >= 160 {
      let half = size.width / 2
      AutoscalerPane(state: state).draw(
        in: Rect(x: 0, y: bottom.y, width: half, height: scaler), on: &canvas)
      for y in bottom.y..<bottom.maxY { canvas.write(canvas.glyphs.vertical, at: half, y, .line) }
      JournalPane(state: state).draw(
        in: Rect(x: half + 1, y: bottom.y, width: size.width - half - 1, height: scaler),
        on: &canvas)
    } else {
      AutoscalerPane(state: state).draw(in: bottom, on: &canvas)
    }
  }

  private func drawRight(_ state: ConsoleState, in right: Rect, on canvas: inout Canvas) {
    let groups = max(1, state.fleet?.accelerators.groups.count ?? 1)
    let regions = max(1, state.fleet?.costs.regions.count ?? 1)
    let gpu = min(groups + 2, right.height / 2)
    let cost = min(regions + 4, right.height - gpu)
    let spare = right.height - gpu - cost
    AcceleratorPane(state: state).draw(in: right.top(gpu), on: &canvas)
    var y = right.y + gpu
    if spare >= 4 {
      SelectionPane(state: state).draw(
        in: Rect(x: right.x, y: y, width: right.width, height: spare), on: &canvas)
      y += spare
    }
    CostPane(state: state).draw(
      in: Rect(x: right.x, y: y, width: right.width, height: right.maxY - y), on: &canvas)
  }

  private func findingsHeight(_ state: ConsoleState, most: Int) -> Int {
    min(most, max(1, state.fleet?.findings.count ?? 1))
  }
}
