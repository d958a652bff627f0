import Domain
import FoundationEssentials
import Terminal

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
      if changes.isEmpty { lines = [DialogBox.Line(text: "nothing differs")] }
    } else if let problem = list.problem {
      lines = [DialogBox.Line(text: Sanitizer.clean(problem), role: .warning)]
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
