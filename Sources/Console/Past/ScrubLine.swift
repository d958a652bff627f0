import Domain
import FoundationEssentials
import Terminal

/// The line under the header in time mode: what happened when, and where one stands.
struct ScrubLine {
  let past: PastState

  func draw(y: Int, width: Int, on canvas: inout Canvas) {
    var x = 1
    if width >= 70 {
      let keys =
        switch past.speed {
        case nil: "<- 15s ->  , . event  esc now   "
        case 0: "space go on , . event   "
        default: "space stop  , . event   "
        }
      x += canvas.write(keys, at: x, y, .key)
    }
    let first = Formatting.clock(past.span.lowerBound, seconds: false)
    let last = Formatting.clock(past.span.upperBound, seconds: false)
    let length = width - x - first.count - last.count - 3
    guard length > 5 else { return }
    x += canvas.write("|" + first, at: x, y, .dim)
    for (offset, cell) in cells(length).enumerated() {
      canvas.write(String(cell.mark), at: x + offset, y, cell.role)
    }
    let place = min(max(0, self.place(past.instant, length) ?? 0), length - 1)
    canvas.write("[T]", at: max(x, min(x + length - 3, x + place - 1)), y, .past)
    canvas.write(last + "|", at: x + length, y, .dim)
  }

  private struct Cell {
    var mark: Character
    var role: Role
    var weight = -1
  }

  /// A gap is blank: there the line itself is missing.
  private func cells(_ length: Int) -> [Cell] {
    var cells = [Cell](repeating: Cell(mark: "-", role: .line), count: length)
    guard let timeline = past.timeline else { return cells }
    for gap in timeline.gaps {
      guard let from = place(gap.lowerBound, length), let to = place(gap.upperBound, length),
        from < to
      else { continue }
      for index in from..<min(to, length) { cells[index] = Cell(mark: " ", role: .dim) }
    }
    for entry in timeline.entries where entry.kind != .gap {
      guard let index = place(entry.at, length), index < length,
        entry.weight > cells[index].weight
      else { continue }
      let role: Role =
        switch entry.severity {
        case .critical: .critical
        case .warning: .warning
        case .information: entry.kind == .action ? .changed : .text
        }
      cells[index] = Cell(mark: entry.mark, role: role, weight: entry.weight)
    }
    return cells
  }

  /// The cell of an instant; nil outside the span.
  private func place(_ instant: Date, _ length: Int) -> Int? {
    let total = past.span.upperBound.timeIntervalSince(past.span.lowerBound)
    let share = instant.timeIntervalSince(past.span.lowerBound) / max(1, total)
    guard share >= 0, share <= 1 else { return nil }
    return min(length, Int(share * Double(length)))
  }
}

/// The body of the screen for an instant of which nothing is known.
struct NotRecordedView {
  let recording: Recording

  func draw(in body: Rect, on canvas: inout Canvas) {
    guard case .gap(let from, let until) = recording else { return }
    let start = from.map { Formatting.clock($0) + "Z" } ?? "the beginning"
    let end = until.map { Formatting.clock($0) + "Z" } ?? "later"
    let y = body.y + body.height / 2
    canvas.writeClipped("  not recorded", at: body.x, y - 1, width: body.width, .past)
    canvas.writeClipped(
      "  nothing was read between \(start) and \(end); , and . go to what is known", at: body.x, y,
      width: body.width, .dim)
  }
}
