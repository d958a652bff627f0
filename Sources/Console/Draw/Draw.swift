import Domain
package import Terminal

/// The whole screen as a function of what it is about.
package func draw(_ state: ConsoleState, in size: Size) -> Frame {
  var canvas = Canvas(state, size: size)
  guard size.width >= 40, size.height >= 10 else {
    canvas.write("vigie: too small, 40x10 needed", at: 0, 0, .warning)
    return canvas.frame
  }
  var body = Rect(x: 0, y: 1, width: size.width, height: size.height - 2)
  if let past = state.past {
    ScrubLine(past: past).draw(y: 1, width: size.width, on: &canvas)
    body = body.inset(top: 1)
  }
  HeaderView(state: state).draw(in: Rect(x: 0, y: 0, width: size.width, height: 1), on: &canvas)
  if let past = state.past, past.shown == nil {
    canvas.write("reading the past", at: 2, body.y + body.height / 2, .dim)
  } else if let recording = state.fleet?.recording, recording.isGap {
    NotRecordedView(recording: recording).draw(in: body, on: &canvas)
  } else if state.page != nil {
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
