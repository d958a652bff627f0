import Domain
import Terminal

/// What was done from here, and what came of it.
struct JournalPane {
  let state: ConsoleState

  func draw(in rect: Rect, on canvas: inout Canvas) {
    canvas.rule(nil, "JOURNAL", detail: "what was done here", in: rect.top(1), isFocused: false)
    let entries = state.fleet?.journal ?? []
    let body = rect.inset(top: 1)
    guard !entries.isEmpty else {
      canvas.write("nothing was done from here", at: body.x + 1, body.y, .dim)
      return
    }
    for (line, entry) in entries.prefix(body.height).enumerated() {
      JournalLine(entry: entry).draw(
        in: Rect(x: body.x, y: body.y + line, width: body.width, height: 1), on: &canvas)
    }
  }
}

/// One entry of the journal as a line.
struct JournalLine {
  let entry: JournalEntry

  func draw(in rect: Rect, on canvas: inout Canvas) {
    var x = rect.x + 1
    x += canvas.write(Formatting.clock(entry.at) + " ", at: x, rect.y, .dim)
    x += canvas.write(entry.request.verb + " ", at: x, rect.y, .key)
    x += canvas.write(Sanitizer.clean(entry.workloadName) + " ", at: x, rect.y)
    x += canvas.write(entry.summary + "  ", at: x, rect.y)
    canvas.writeClipped(outcome, at: x, rect.y, width: max(0, rect.maxX - x - 1), role)
  }

  private var outcome: String {
    switch entry.outcome {
    case nil: "sent, no outcome written"
    case .accepted(let revision):
      "accepted" + (revision.map { " as \($0.short)" } ?? "") + ", watching"
    case .done: "done"
    case .failed(let reason): "failed: \(reason)"
    case .refused(let reason): "refused: \(reason)"
    case .stale(let reason): "not sent: \(reason)"
    case .unknown(let reason): "not known: \(reason)"
    }
  }

  private var role: Role {
    switch entry.outcome {
    case .done: .healthy
    case .failed: .critical
    case nil, .unknown: .warning
    case .accepted: .changed
    case .refused, .stale: .dim
    }
  }
}
