package import Domain
import Terminal

/// A plan as labelled lines: the same on the screen and in what a script prints.
package struct PlanLines {
  package struct Line: Equatable, Sendable {
    package var label: String
    package var text: String
    var role: Role
  }

  private let plan: ActionPlan

  package init(_ plan: ActionPlan) {
    self.plan = plan
  }

  /// What the label and the space after it take up.
  static let labelWidth = 14

  /// Calls are exact; a narrow screen may shorten them.
  package var lines: [Line] {
    var lines: [Line] = []
    func add(_ label: String, _ text: String, _ role: Role) {
      lines.append(Line(label: label, text: text, role: role))
    }
    if let refusal = plan.refusal { add("REFUSED", refusal, .critical) }
    for change in plan.regions {
      let from = change.from.map(ActionPlan.text) ?? Formatting.unknown
      add(
        "\(change.region)",
        "\(change.ready) ready, \(from) asked  ->  \(ActionPlan.text(change.to))",
        change.from == change.to ? .dialog : .changed)
    }
    cost(add)
    for remark in plan.remarks { add(remark.label, remark.text, role(remark.weight)) }
    for change in plan.definitionChanges {
      add(
        "diff", "\(change.field): \(change.old ?? "(none)") -> \(change.new ?? "(none)")", .changed)
    }
    for call in plan.calls { add("call", call.text, .dim) }
    return lines
  }

  /// `SCALE chat  assistants  context prod  id 1b2c3d4e` and the lines under it, harmless as text.
  package var text: String {
    let title = [
      "\(plan.request.verb.uppercased()) \(plan.workloadName)", plan.appName,
      "context \(plan.contextName)", "id \(plan.request.workloadID)",
    ].filter { !$0.isEmpty }.joined(separator: "  ")
    let lines = lines.map { $0.padded }
    return ([Sanitizer.clean(title)] + lines).joined(separator: "\n")
  }

  private func cost(_ add: (String, String, Role) -> Void) {
    guard let before = plan.costBefore, let after = plan.costAfter else {
      return add("cost", "not known: a price is missing", .dim)
    }
    func text(_ range: ActionPlan.CostRange) -> String {
      range.low == range.high
        ? range.low.formatted() : "\(range.low.formatted())..\(range.high.formatted())"
    }
    let code = before.low.currency.code
    guard !before.isSame(as: after) else {
      add("cost", "\(code) ~\(text(before))/h, the same after", .money)
      return prices(add)
    }
    add("cost", "\(code) ~\(text(before))/h  ->  ~\(text(after))/h", .money)
    guard let change = plan.costChange else { return prices(add) }
    let month = change.multiplied(by: ActionPlan.hoursOfMonth).formattedChange(fractionDigits: 0)
    let word = after.low == after.high && before.low == before.high ? "" : "at most "
    add("", "\(word)\(change.formattedChange())/h, \(month)/month", .money)
    if let most = plan.costAtMost {
      let month = most.multiplied(by: ActionPlan.hoursOfMonth).formatted(fractionDigits: 0)
      add("at most", "\(code) ~\(most.formatted())/h, ~\(month)/month", .money)
    }
    prices(add)
  }

  /// Of when the prices are, and by what they were converted.
  private func prices(_ add: (String, String, Role) -> Void) {
    guard let readAt = plan.pricesReadAt else { return }
    let age = Formatting.age(from: readAt, to: plan.computedAt)
    let time = Formatting.clock(readAt, seconds: false)
    add("prices", "read \(time)Z, \(age) ago: a list-price estimate", .dim)
    if let rate = plan.fixedRate { add("currency", rate.text, .dim) }
  }

  private func role(_ weight: ActionPlan.Remark.Weight) -> Role {
    switch weight {
    case .plain: .dialog
    case .good: .healthy
    case .warning: .warning
    case .alarm: .critical
    }
  }
}

extension PlanLines.Line {
  /// The label, filled up, and the text.
  var padded: String {
    let pad = String(repeating: " ", count: max(1, PlanLines.labelWidth - label.count))
    return Sanitizer.clean(label + pad + text)
  }
}
