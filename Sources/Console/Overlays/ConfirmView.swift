import Domain
import FoundationEssentials
import Terminal

/// The preview of an action: from and to, money, capacity, conflicts, and the exact call.
struct ConfirmView {
  let state: ConsoleState
  let dialog: ConfirmDialog

  func draw(size: Size, on canvas: inout Canvas) {
    let title = "\(dialog.request.verb.uppercased()) \(Sanitizer.clean(dialog.name))"
    guard let plan = dialog.plan else {
      DialogBox(
        title: title, lines: [DialogBox.Line(text: "working out what it will do", role: .dim)],
        foot: "esc cancel"
      ).draw(size: size, on: &canvas)
      return
    }
    let full =
      "\(dialog.takesBack == nil ? "" : "UNDO: ")\(title)  \(Sanitizer.clean(plan.contextName))  id \(plan.request.workloadID.short)"
    DialogBox(title: full, lines: lines(plan), foot: foot(plan), scroll: dialog.scroll)
      .draw(size: size, on: &canvas)
  }

  private func lines(_ plan: ActionPlan) -> [DialogBox.Line] {
    var lines = PlanLines(plan).lines.map { line in
      var line = line
      if line.label == "call" { line.text = short(line.text) }
      return DialogBox.Line(text: line.padded, role: line.role)
    }
    if let earlier = dialog.takesBack {
      let line = PlanLines.Line(label: "takes back", text: earlier, role: .changed)
      lines.insert(DialogBox.Line(text: line.padded, role: line.role), at: 0)
    }
    if dialog.isRecomputed {
      let note = PlanLines.Line(
        label: "note", text: "worked out anew: something changed, or it was too old",
        role: .warning)
      lines.append(DialogBox.Line(text: note.padded, role: note.role))
    }
    return lines
  }

  /// Identifiers in few letters: the whole call is in the journal.
  private func short(_ call: String) -> String {
    call.split(separator: "/", omittingEmptySubsequences: false).map { part in
      guard part.utf8.count >= 36, part.prefix(36).filter({ $0 == "-" }).count == 4 else {
        return String(part)
      }
      return part.prefix(8) + ".." + part.dropFirst(36)
    }.joined(separator: "/")
  }

  private func foot(_ plan: ActionPlan) -> String {
    if dialog.stage == .sending { return "sending, once" }
    if dialog.stage == .planning { return "working it out anew   esc cancel" }
    if let reason = dialog.reason {
      return "why is the freeze set aside? [\(Sanitizer.clean(reason))]   enter go on   esc back"
    }
    if plan.isWaivable { return "F set the freeze aside, with a reason   esc close" }
    if plan.refusal != nil { return "nothing to confirm   esc close" }
    if plan.tier == .dangerous {
      return "type the name to go on: [\(dialog.typed)]   enter send   esc cancel"
    }
    return "[Cancel]   y apply   esc cancel"
  }
}
