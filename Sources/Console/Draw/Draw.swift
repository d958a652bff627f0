package import Terminal

/// The whole screen as a function of what it is about.
package func draw(_ state: ConsoleState, in size: Size) -> Frame {
  var canvas = Canvas(state, size: size)
  guard size.width >= 40, size.height >= 10 else {
    canvas.write("vigie: too small, 40x10 needed", at: 0, 0, .warning)
    return canvas.frame
  }
  let body = Rect(x: 0, y: 1, width: size.width, height: size.height - 2)
  HeaderView(state: state).draw(in: Rect(x: 0, y: 0, width: size.width, height: 1), on: &canvas)
  if state.page != nil {
    WorkloadPage(state: state).draw(in: body, on: &canvas)
  } else if state.isZoomed {
    drawZoomed(state, in: body, on: &canvas)
  } else {
    OverviewLayout(size: size).draw(state, in: body, on: &canvas)
  }
  KeyLine(state: state).draw(y: size.height - 1, width: size.width, on: &canvas)
  drawOverlay(state, size: size, on: &canvas)
  return canvas.frame
}

private func drawZoomed(_ state: ConsoleState, in body: Rect, on canvas: inout Canvas) {
  switch state.focus {
  case .findings: FindingsPane(state: state).draw(in: body, on: &canvas)
  case .deployments: DeploymentsPane(state: state).draw(in: body, on: &canvas)
  case .gpu: AcceleratorPane(state: state).drawZoomed(in: body, on: &canvas)
  case .cost: CostPane(state: state).drawZoomed(in: body, on: &canvas)
  case .autoscaler: AutoscalerPane(state: state).draw(in: body, on: &canvas)
  }
}
