import Domain
import FoundationEssentials
import Terminal

/// Everything that happened, newest first.
///
/// The box is as large as all entries need, so that it stays where it is while a filter is typed.
struct TimelineView {
  let list: TimelineList

  func draw(size: Size, on canvas: inout Canvas) {
    let width = size.width - 2
    let height = Self.height(of: list, in: size)
    let rect = Rect(
      x: 1, y: max(1, (size.height - height) / 2), width: width, height: height)
    let inside = Box.draw(
      title: title(width: width - 6, glyphs: canvas.glyphs), in: rect,
      style: canvas.theme[.dialog], titleStyle: canvas.theme[.dialogTitle], glyphs: canvas.glyphs,
      on: &canvas.frame)
    let columns = TimelineColumns(width: inside.width, glyphs: canvas.glyphs)
    canvas.writeClipped(columns.header, at: inside.x, inside.y, width: inside.width, .dim)
    drawRows(columns, in: inside.inset(top: 1, bottom: 2), on: &canvas)
    drawDetail(columns, in: inside, on: &canvas)
    drawFoot(in: inside, on: &canvas)
  }

  /// Rows that show entries.
  static func rows(of list: TimelineList, in size: Size) -> Int {
    max(1, height(of: list, in: size) - 5)
  }

  private static func height(of list: TimelineList, in size: Size) -> Int {
    min(size.height - 2, max(list.count, 5) + 5)
  }

  private func drawRows(_ columns: TimelineColumns, in rect: Rect, on canvas: inout Canvas) {
    if let (text, role) = insteadOfRows {
      canvas.writeClipped(text, at: rect.x + 2, rect.y, width: rect.width - 2, role)
      return
    }
    let first = list.firstRow(height: rect.height)
    for line in 0..<rect.height {
      guard let entry = list.entry(first + line) else { break }
      let isChosen = first + line == list.index
      let y = rect.y + line
      canvas.writeClipped(
        columns.line(entry, isChosen: isChosen), at: rect.x, y, width: rect.width,
        Self.role(entry))
      if isChosen { canvas.select(Rect(x: rect.x, y: y, width: rect.width, height: 1)) }
    }
  }

  private var insteadOfRows: (String, Role)? {
    if let problem = list.problem { return (problem, .warning) }
    if list.timeline == nil { return ("reading", .dim) }
    guard list.ids.isEmpty else { return nil }
    return (list.count == 0 ? "nothing happened here" : "nothing matches the filter", .dim)
  }

  /// Of the chosen entry its exact calls, or what its row had no room for.
  private func drawDetail(_ columns: TimelineColumns, in inside: Rect, on canvas: inout Canvas) {
    guard let entry = list.selected, insteadOfRows == nil else { return }
    let text =
      entry.calls.isEmpty
      ? columns.isCut(entry) ? entry.text : "" : entry.calls.joined(separator: "  ")
    canvas.writeClipped(text, at: inside.x + 2, inside.maxY - 2, width: inside.width - 2, .dim)
  }

  private func drawFoot(in inside: Rect, on canvas: inout Canvas) {
    let rows = inside.height - 3
    let isMore = list.firstRow(height: rows) + rows < list.ids.count
    let end = isMore ? "more below" : list.timeline?.isCut == true ? "older are left out" : ""
    let y = inside.maxY - 1
    let words =
      list.before != nil
      ? "kind: region: workload: and plain words"
      : "enter go there  / filter  f next kind  esc "
        + (list.filter.isEmpty ? "close" : "clear the filter")
    let room = inside.width - (end.isEmpty ? 0 : end.count + 2)
    canvas.writeClipped(words, at: inside.x, y, width: room, .key)
    canvas.writeTrailing(end, endingAt: inside.maxX, y, .dim)
  }

  /// The filter gives way to the counts and the span where there is no room for all.
  private func title(width: Int, glyphs: GlyphSet) -> String {
    let span =
      ", UTC \(Formatting.clock(list.span.lowerBound, seconds: false))-"
      + Formatting.clock(list.span.upperBound, seconds: false)
    guard !list.filter.isEmpty else { return "TIMELINE \(list.count)\(span)" }
    let counts = ": \(list.ids.count) of \(list.count)\(span)"
    let room = max(6, width - counts.count - "TIMELINE ".count)
    let filter = Clipping.tail(Sanitizer.clean(list.filter), to: room, glyphs: glyphs)
    return "TIMELINE \(filter)\(counts)"
  }

  /// An entry by itself, where there are no columns.
  static func line(_ entry: TimelineEntry) -> String {
    "\(Formatting.clock(entry.at))  \(entry.mark)  \(words(entry, name: true, actor: true))"
  }

  /// What happened, with the deployment and who did it where these have no column.
  static func words(_ entry: TimelineEntry, name hasName: Bool, actor hasActor: Bool) -> String {
    let name = hasName && !entry.workloadName.isEmpty ? entry.workloadName + "  " : ""
    let actor = hasActor ? entry.actor.map { "  (\($0))" } ?? "" : ""
    return Sanitizer.clean(name + entry.text + actor)
  }

  static func role(_ entry: TimelineEntry) -> Role {
    switch entry.severity {
    case .critical: .critical
    case .warning: .warning
    case .information: entry.kind == .action || entry.kind == .note ? .changed : .dialog
    }
  }
}
