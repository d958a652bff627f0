import Domain
import Terminal

/// The last line: a notice when there is one, else the keys that matter here.
struct KeyLine {
  let state: ConsoleState

  func draw(y: Int, width: Int, on canvas: inout Canvas) {
    if case .filter(let pane, let text, _) = state.overlay {
      FilterLine(title: pane.title.lowercased(), text: text).draw(y: y, width: width, on: &canvas)
      return
    }
    if case .timeline(let list) = state.overlay, list.before != nil {
      FilterLine(title: "timeline", text: list.filter).draw(y: y, width: width, on: &canvas)
      return
    }
    if case .prompt(let prompt) = state.overlay {
      drawPrompt(prompt, y: y, width: width, on: &canvas)
      return
    }
    if let notice = state.notice {
      canvas.writeClipped(" " + notice.text, at: 0, y, width: width, notice.role)
      return
    }
    if let past = state.past,
      let last = past.timeline?.entries.last(where: { $0.at <= past.instant })
    {
      let age = Formatting.age(from: last.at, to: past.instant)
      canvas.writeClipped(
        " \(age) before: " + TimelineView.line(last), at: 0, y, width: width,
        TimelineView.role(last))
      return
    }
    var x = 1
    func hint(_ key: String, _ word: String, on canvas: inout Canvas) {
      guard x + key.count + word.count + 3 <= width else { return }
      x += canvas.write(key, at: x, y, .key)
      x += canvas.write(" \(word)  ", at: x, y, .dim)
    }
    let isNarrow = width < 78
    if state.actsOnMarks {
      hint("space", "mark", on: &canvas)
      hint("v", state.marks.range == nil ? "range" : "end range", on: &canvas)
      hint("a", "actions", on: &canvas)
      hint("s", "scale", on: &canvas)
      hint("r", "restart", on: &canvas)
      hint("^\\", "clear marks", on: &canvas)
      hint("?", "help", on: &canvas)
      return
    }
    if state.page == nil, !state.isZoomed { hint("1-5", "pane", on: &canvas) }
    if state.page != nil || state.isZoomed { hint("esc", "back", on: &canvas) }
    if state.page == nil { hint("enter", "open", on: &canvas) }
    hint("s", "scale", on: &canvas)
    hint("^l", isNarrow ? "back" : "rollback", on: &canvas)
    if state.page == nil { hint("/", "filter", on: &canvas) }
    if !isNarrow {
      hint("z", "zoom", on: &canvas)
      hint("n", "next finding", on: &canvas)
      hint("@", "journal", on: &canvas)
    }
    hint("?", "help", on: &canvas)
    hint("q", state.page == nil && !state.isZoomed ? "quit" : "back", on: &canvas)
  }

  private func drawPrompt(_ prompt: PromptState, y: Int, width: Int, on canvas: inout Canvas) {
    var x = canvas.write(" :", at: 0, y, .key)
    x += canvas.write(Sanitizer.clean(prompt.text), at: x, y, .header, width: width - x - 2)
    canvas.write("_", at: x, y, .header)
    if let problem = prompt.problem {
      canvas.writeClipped("  " + problem, at: x + 1, y, width: max(0, width - x - 1), .warning)
    } else {
      let rest = PromptCommand.completion(of: prompt.text)
      let hint =
        prompt.text.isEmpty ? "at -15m, changes -1h, timeline, incident start; ? help" : rest
      canvas.writeClipped(hint, at: x + 1, y, width: max(0, width - x - 1), .dim)
    }
  }
}
