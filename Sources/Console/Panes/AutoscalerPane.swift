import Domain
import FoundationEssentials
import Terminal

/// Who scaled what, where, from how many to how many, and why as far as it is known.
struct AutoscalerPane {
  let state: ConsoleState

  func draw(in rect: Rect, on canvas: inout Canvas) {
    let events = state.shownEvents
    let recent = events.count { state.now.timeIntervalSince($0.at) <= 600 }
    canvas.rule(
      5, "AUTOSCALER", detail: "last 10m: \(recent)", in: rect.top(1),
      isFocused: state.focus == .autoscaler)
    let body = rect.inset(top: 1)
    guard !events.isEmpty else {
      canvas.write("no scaling seen", at: body.x + 1, body.y, .dim)
      return
    }
    let list = state[list: .autoscaler]
    let index = list.index(in: state.ids(of: .autoscaler))
    let isFocused = state.focus == .autoscaler
    let first = list.firstRow(
      index: isFocused ? index : 0, height: body.height, count: events.count)
    for (line, event) in events.dropFirst(first).prefix(body.height).enumerated() {
      let row = Rect(x: body.x, y: body.y + line, width: body.width, height: 1)
      ScalingLine(event: event).draw(in: row, on: &canvas)
      if isFocused, first + line == index { canvas.select(row) }
    }
  }
}

/// One scaling event as a line.
struct ScalingLine {
  let event: ScalingEvent

  func draw(in rect: Rect, on canvas: inout Canvas) {
    let y = rect.y
    var x = rect.x + 1
    x += canvas.write(Formatting.clock(event.at) + " ", at: x, y, .dim)
    let name = Clipping.middle(Sanitizer.clean(event.workloadName), to: 14, glyphs: canvas.glyphs)
    canvas.write(name, at: x, y)
    x += 15
    canvas.write(event.region?.rawValue ?? "all", at: x, y, .dim, width: 4)
    x += 5
    canvas.write(change, at: x, y, role, width: 6)
    x += 7
    canvas.write(who, at: x, y, .dim, width: 11)
    x += 12
    let text = words
    canvas.writeClipped(text, at: x, y, width: max(0, rect.maxX - x - 1))
  }

  private var change: String {
    switch event.kind {
    case .overrideSet: return "=" + (event.to.map(String.init) ?? "-")
    case .overrideReleased: return "auto"
    case .up, .down, .slept, .woke:
      return "\(event.from.map(String.init) ?? "-")>\(event.to.map(String.init) ?? "-")"
    }
  }

  private var who: String {
    switch event.actor {
    case .autoscaler: "autoscaler"
    case .manual: "manual"
    case .observed: "observed"
    }
  }

  /// A reason is marked as inferred: the platform gives none.
  private var words: String {
    let kind: String =
      switch event.kind {
      case .up, .down: ""
      case .slept: "went to sleep "
      case .woke: "woke up "
      case .overrideSet: "override set, autoscaling off "
      case .overrideReleased: "override released "
      }
    return kind + (event.inferredReason.map { "~\($0)" } ?? "")
  }

  private var role: Role {
    switch event.kind {
    case .up, .woke: .warning
    case .down: .healthy
    case .slept: .asleep
    case .overrideSet, .overrideReleased: .changed
    }
  }
}
