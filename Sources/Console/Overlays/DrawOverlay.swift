import Domain
import FoundationEssentials
import Terminal

/// Draws what lies over the screen.
func drawOverlay(_ state: ConsoleState, size: Size, on canvas: inout Canvas) {
  switch state.overlay {
  case nil, .filter, .prompt: break
  case .timeline(let list): TimelineView(list: list).draw(size: size, on: &canvas)
  case .changes(let list): ChangesView(list: list).draw(size: size, on: &canvas)
  case .help(let scroll): HelpView(scroll: scroll).draw(size: size, on: &canvas)
  case .journal(let list): JournalView(state: state, list: list).draw(size: size, on: &canvas)
  case .actions(let menu): ActionMenuView(state: state, menu: menu).draw(size: size, on: &canvas)
  case .bulkScale(let dialog):
    BulkScaleView(count: state.marks.count, dialog: dialog).draw(size: size, on: &canvas)
  case .bulk(let dialog): BulkView(state: state, dialog: dialog).draw(size: size, on: &canvas)
  case .scale(let dialog): ScaleView(dialog: dialog).draw(size: size, on: &canvas)
  case .rollback(let dialog):
    RollbackView(dialog: dialog, now: state.now).draw(size: size, on: &canvas)
  case .policy(let policy): PolicyView(policy: policy).draw(size: size, on: &canvas)
  case .confirm(let dialog): ConfirmView(state: state, dialog: dialog).draw(size: size, on: &canvas)
  }
}

/// A box in the middle with lines in it, and one line at its foot.
struct DialogBox {
  struct Line {
    var text: String
    var role: Role = .dialog
    var isChosen = false
  }

  var title: String
  var lines: [Line]
  var foot: String
  var scroll = 0

  func draw(size: Size, on canvas: inout Canvas) {
    let longest = lines.map { DisplayWidth.of($0.text) }.max() ?? 0
    let width = min(size.width - 2, max(longest, DisplayWidth.of(foot), title.count + 4, 44) + 4)
    let height = min(size.height - 2, lines.count + 4)
    let rect = Rect(
      x: (size.width - width) / 2, y: max(1, (size.height - height) / 2), width: width,
      height: height)
    let inside = Box.draw(
      title: title, in: rect, style: canvas.theme[.dialog], titleStyle: canvas.theme[.dialogTitle],
      glyphs: canvas.glyphs, on: &canvas.frame)
    let room = max(0, inside.height - 2)
    let first = min(scroll, max(0, lines.count - room))
    for (index, line) in lines.dropFirst(first).prefix(room).enumerated() {
      let y = inside.y + index
      canvas.writeClipped(line.text, at: inside.x, y, width: inside.width, line.role)
      if line.isChosen { canvas.select(Rect(x: inside.x, y: y, width: inside.width, height: 1)) }
    }
    if first + room < lines.count {
      canvas.writeTrailing("more below", endingAt: inside.maxX, inside.maxY - 2, .dim)
    }
    canvas.writeClipped(foot, at: inside.x, inside.maxY - 1, width: inside.width, .key)
  }
}

struct HelpView {
  let scroll: Int

  func draw(size: Size, on canvas: inout Canvas) {
    let rows = Keymap.standard.rows.map { row -> DialogBox.Line in
      let keys = row.keys.map(\.name).joined(separator: " ")
      let pad = String(repeating: " ", count: max(1, 18 - keys.count))
      return DialogBox.Line(text: keys + pad + row.help)
    }
    let filters = [
      DialogBox.Line(text: ""),
      DialogBox.Line(
        text: "filter: words, name: app: region: state: type: note:, gpu<10, gpu>80", role: .dim),
      DialogBox.Line(
        text: "filter of the timeline: words, workload: region: kind:, with the kinds",
        role: .dim),
      DialogBox.Line(
        text: "  " + TimelineEntry.Kind.allCases.map(\.rawValue).joined(separator: " "), role: .dim),
      DialogBox.Line(text: "after : one may type"),
    ]
    let commands = PromptCommand.forms.map { form in
      DialogBox.Line(
        text: form.form + String(repeating: " ", count: max(1, 26 - form.form.count)) + form.help)
    }
    let marks = [
      DialogBox.Line(text: "~ marks an estimate or an inference; - is not known", role: .dim)
    ]
    DialogBox(
      title: "KEYS", lines: rows + filters + commands + marks, foot: "esc close   up down scroll",
      scroll: scroll
    )
    .draw(size: size, on: &canvas)
  }
}

struct JournalView {
  let state: ConsoleState
  let list: JournalList

  func draw(size: Size, on canvas: inout Canvas) {
    let entries = state.fleet?.journal ?? []
    let chosen = list.index(in: entries)
    var lines: [DialogBox.Line] = []
    var last = 0
    for (index, entry) in entries.enumerated() {
      lines.append(
        DialogBox.Line(
          text: "\(Formatting.clock(entry.at)) \(entry.actor) \(entry.request.verb) "
            + "\(entry.workloadName) \(entry.summary): \(entry.outcomeWords)",
          isChosen: index == chosen))
      if let waiver = entry.waiver {
        lines.append(DialogBox.Line(text: "    \(waiver.words)", role: .warning))
      }
      lines += entry.calls.map { DialogBox.Line(text: "    \($0.text)", role: .dim) }
      if index == chosen { last = lines.count }
    }
    if lines.isEmpty { lines = [DialogBox.Line(text: "nothing was done from here", role: .dim)] }
    // The box has two lines of frame, a blank one and its foot.
    let room = max(1, min(size.height - 2, lines.count + 4) - 4)
    DialogBox(
      title: "JOURNAL", lines: lines, foot: "up down choose  U undo the chosen  esc close",
      scroll: max(0, last - room)
    ).draw(size: size, on: &canvas)
  }
}

struct ScaleView {
  let dialog: ScaleDialog

  func draw(size: Size, on canvas: inout Canvas) {
    var lines: [DialogBox.Line] = []
    switch dialog.mode {
    case .override:
      lines.append(
        DialogBox.Line(
          text: "override: holds at once, autoscaling is off until it is released", role: .dim))
      for (index, region) in dialog.regions.enumerated() {
        let from = region.current.map(String.init) ?? Formatting.unknown
        let name =
          region.id.rawValue + String(repeating: " ", count: max(1, 6 - region.id.rawValue.count))
        lines.append(
          DialogBox.Line(
            text: "\(name)\(region.ready) ready of \(from) asked   ->   [ \(region.wanted) ]",
            role: region.current == region.wanted ? .dialog : .changed,
            isChosen: index == dialog.field))
      }
    case .bounds:
      lines.append(
        DialogBox.Line(
          text: "bounds: a new revision with other limits for the autoscaler", role: .dim))
      lines.append(DialogBox.Line(text: "min   [ \(dialog.minimum) ]", isChosen: dialog.field == 0))
      lines.append(DialogBox.Line(text: "max   [ \(dialog.maximum) ]", isChosen: dialog.field == 1))
    case .release:
      lines.append(
        DialogBox.Line(text: "release: the definition's own bounds hold again", isChosen: true))
    }
    DialogBox(
      title: "SCALE \(Sanitizer.clean(dialog.name))", lines: lines,
      foot: "up down choose  digits + - change  tab other way  enter preview  esc"
    ).draw(size: size, on: &canvas)
  }
}

struct RollbackView {
  let dialog: RollbackDialog
  let now: Date

  func draw(size: Size, on canvas: inout Canvas) {
    var lines: [DialogBox.Line] = [
      DialogBox.Line(text: "to which revision? * serves now", role: .dim)
    ]
    if let detail = dialog.detail {
      for (index, row) in detail.revisions.enumerated() {
        let line = RevisionLine(row: row, now: now)
        lines.append(
          DialogBox.Line(text: line.text, role: line.role, isChosen: index == dialog.selected))
      }
      if detail.revisions.count < 2 {
        lines.append(DialogBox.Line(text: "no earlier revision is known", role: .warning))
      }
    } else {
      lines.append(DialogBox.Line(text: "reading the revisions", role: .dim))
    }
    DialogBox(
      title: "ROLL BACK \(Sanitizer.clean(dialog.name))", lines: lines,
      foot: "up down choose   enter preview   esc cancel",
      scroll: max(0, dialog.selected - 8)
    ).draw(size: size, on: &canvas)
  }
}
