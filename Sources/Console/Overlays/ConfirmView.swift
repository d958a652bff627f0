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
    let full = "\(title)  \(Sanitizer.clean(plan.contextName))  id \(plan.request.workloadID.short)"
    DialogBox(title: full, lines: lines(plan), foot: foot(plan), scroll: dialog.scroll)
      .draw(size: size, on: &canvas)
  }

  private func lines(_ plan: ActionPlan) -> [DialogBox.Line] {
    var lines: [DialogBox.Line] = []
    func add(_ label: String, _ text: String, _ role: Role) {
      let pad = String(repeating: " ", count: max(1, 14 - label.count))
      lines.append(DialogBox.Line(text: label + pad + Sanitizer.clean(text), role: role))
    }
    if let refusal = plan.refusal { add("REFUSED", refusal, .critical) }
    for change in plan.regions {
      let from = change.from.map(ActionPlan.text) ?? Formatting.unknown
      add(
        "\(change.region)",
        "\(change.ready) ready, \(from) asked  ->  \(ActionPlan.text(change.to))",
        change.from == change.to ? .dialog : .changed)
    }
    cost(plan, add)
    for remark in plan.remarks { add(remark.label, remark.text, role(remark.weight)) }
    for change in plan.definitionChanges {
      add(
        "diff \(change.field)".prefixText(13),
        "\(change.old ?? "(none)") -> \(change.new ?? "(none)")", .changed)
    }
    for call in plan.calls { add("call", short(call.text), .dim) }
    if dialog.isRecomputed {
      add("note", "worked out anew: something changed, or it was too old", .warning)
    }
    return lines
  }

  private func cost(_ plan: ActionPlan, _ add: (String, String, Role) -> Void) {
    guard let before = plan.costBefore, let after = plan.costAfter else {
      return add("cost", "not known: a price is missing", .dim)
    }
    func text(_ range: ActionPlan.CostRange) -> String {
      range.low == range.high
        ? range.low.formatted() : "\(range.low.formatted())..\(range.high.formatted())"
    }
    let code = before.low.currency.code
    guard before != after else {
      return add("cost", "\(code) ~\(text(before))/h, the same after", .money)
    }
    add("cost", "\(code) ~\(text(before))/h  ->  ~\(text(after))/h", .money)
    guard let change = after.high.subtracting(before.high) else { return }
    let month = change.multiplied(by: 730).formattedChange(fractionDigits: 0)
    let word = after.low == after.high && before.low == before.high ? "" : "at most "
    add("", "\(word)\(change.formattedChange())/h, \(month)/month", .money)
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

  private func role(_ weight: ActionPlan.Remark.Weight) -> Role {
    switch weight {
    case .plain: .dialog
    case .good: .healthy
    case .warning: .warning
    case .alarm: .critical
    }
  }

  private func foot(_ plan: ActionPlan) -> String {
    if dialog.stage == .sending { return "sending, once" }
    if dialog.stage == .planning { return "working it out anew   esc cancel" }
    if plan.refusal != nil { return "nothing to confirm   esc close" }
    if plan.tier == .dangerous {
      return "type the name to go on: [\(dialog.typed)]   enter send   esc cancel"
    }
    return "[Cancel]   y apply   esc cancel"
  }
}

extension String {
  fileprivate func prefixText(_ length: Int) -> String { String(prefix(length)) }
}
