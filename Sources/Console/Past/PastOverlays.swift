import Domain
import FoundationEssentials
import Terminal

/// Everything that happened, newest first.
struct TimelineView {
  let list: TimelineList

  func draw(size: Size, on canvas: inout Canvas) {
    let entries = list.entries
    var lines = entries.enumerated().map { index, entry in
      DialogBox.Line(
        text: Self.line(entry), role: Self.role(entry), isChosen: index == list.selected)
    }
    if list.timeline == nil { lines = [DialogBox.Line(text: "reading", role: .dim)] }
    if lines.isEmpty { lines = [DialogBox.Line(text: "nothing happened here", role: .dim)] }
    if list.timeline?.isCut == true {
      lines.append(DialogBox.Line(text: "older entries are left out", role: .dim))
    }
    let filter = list.filter.isEmpty ? "" : " \(list.filter)"
    DialogBox(
      title: "TIMELINE\(Sanitizer.clean(filter)), \(entries.count) of UTC "
        + Formatting.clock(list.span.lowerBound, seconds: false) + "-"
        + Formatting.clock(list.span.upperBound, seconds: false),
      lines: lines, foot: "enter go there   esc close   :timeline deploy region:fra filters",
      scroll: max(0, list.selected - max(1, size.height - 8))
    )
    .draw(size: size, on: &canvas)
  }

  static func line(_ entry: TimelineEntry) -> String {
    let name = entry.workloadName.isEmpty ? "" : Sanitizer.clean(entry.workloadName) + "  "
    let actor = entry.actor.map { "  (\(Sanitizer.clean($0)))" } ?? ""
    return "\(Formatting.clock(entry.at))  \(entry.mark)  \(name)\(Sanitizer.clean(entry.text))"
      + actor
  }

  static func role(_ entry: TimelineEntry) -> Role {
    switch entry.severity {
    case .critical: .critical
    case .warning: .warning
    case .information: entry.kind == .action || entry.kind == .note ? .changed : .dialog
    }
  }
}

/// What differs between two instants.
struct ChangesView {
  let list: ChangesList

  func draw(size: Size, on canvas: inout Canvas) {
    var lines: [DialogBox.Line] = []
    if let changes = list.changes {
      var subject: String?
      for change in changes {
        if change.subject != subject {
          subject = change.subject
          lines.append(DialogBox.Line(text: Sanitizer.clean(change.subject), role: .title))
        }
        lines.append(DialogBox.Line(text: "  " + Sanitizer.clean(change.text)))
      }
      if changes.isEmpty {
        lines = [DialogBox.Line(text: "nothing differs, or one of them is not recorded")]
      }
    } else {
      lines = [DialogBox.Line(text: "comparing", role: .dim)]
    }
    let span = "\(Formatting.clock(list.from))Z > \(Formatting.clock(list.to))Z"
    DialogBox(
      title: "CHANGES \(list.name.map { Sanitizer.clean($0) + " " } ?? "")\(span)", lines: lines,
      foot: "esc close   up down scroll", scroll: list.scroll
    )
    .draw(size: size, on: &canvas)
  }
}
