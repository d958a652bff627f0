import Domain
import FoundationEssentials
import Terminal

/// How many replicas all marked deployments shall have.
struct BulkScaleView {
  let count: Int
  let dialog: BulkScale

  func draw(size: Size, on canvas: inout Canvas) {
    DialogBox(
      title: "SCALE \(count) deployments",
      lines: [
        DialogBox.Line(
          text: "override: holds at once, autoscaling is off until it is released", role: .dim),
        DialogBox.Line(text: "in each region of each   ->   [ \(dialog.typed)_ ]", isChosen: true),
      ], foot: "digits  enter preview  esc cancel"
    ).draw(size: size, on: &canvas)
  }
}

/// The preview of an action on several deployments, and then what becomes of each.
struct BulkView {
  let state: ConsoleState
  let dialog: BulkDialog

  func draw(size: Size, on canvas: inout Canvas) {
    let rows = dialog.plan?.rows.count ?? 1
    let height = min(size.height - 2, rows + totals.count + 5)
    let rect = Rect(
      x: 1, y: max(1, (size.height - height) / 2), width: size.width - 2, height: height)
    let context = Sanitizer.clean(state.fleet?.contextName ?? state.setting.contextName)
    let inside = Box.draw(
      title:
        "\(dialog.action.verb.uppercased()) \(dialog.targets.count) marked  context \(context)",
      in: rect, style: canvas.theme[.dialog], titleStyle: canvas.theme[.dialogTitle],
      glyphs: canvas.glyphs, on: &canvas.frame)
    guard let plan = dialog.plan else {
      canvas.writeClipped(
        "working out what it will do", at: inside.x, inside.y, width: inside.width, .dim)
      canvas.writeClipped("esc cancel", at: inside.x, inside.maxY - 1, width: inside.width, .key)
      return
    }
    let columns = BulkColumns(plan: plan, width: inside.width)
    canvas.writeClipped(columns.header, at: inside.x, inside.y, width: inside.width, .dim)
    let body = inside.inset(top: 1, bottom: totals.count + 2)
    draw(plan.rows, columns, in: body, on: &canvas)
    for (line, total) in totals.enumerated() {
      canvas.writeClipped(
        total.text, at: inside.x, body.maxY + 1 + line, width: inside.width, total.role)
    }
    canvas.writeClipped(
      foot(plan, isWide: inside.width >= 60), at: inside.x, inside.maxY - 1, width: inside.width,
      .key)
  }

  private func draw(
    _ rows: [BulkPlan.Row], _ columns: BulkColumns, in body: Rect, on canvas: inout Canvas
  ) {
    let first = min(firstRow(of: rows, height: body.height), max(0, rows.count - body.height))
    for (line, row) in rows.dropFirst(first).prefix(max(0, body.height)).enumerated() {
      let (word, role) = word(row)
      canvas.writeClipped(
        columns.line(row, word: word, glyphs: canvas.glyphs), at: body.x, body.y + line,
        width: body.width, role)
    }
    if first + body.height < rows.count {
      canvas.writeTrailing(
        "\(rows.count - first - body.height) more below", endingAt: body.maxX, body.maxY, .dim)
    }
  }

  /// While it runs, the row that is sent is in view.
  private func firstRow(of rows: [BulkPlan.Row], height: Int) -> Int {
    guard dialog.isUnderWay,
      let current = rows.lastIndex(where: { dialog.outcomes[$0.target.id] != nil })
    else { return dialog.scroll }
    return max(0, current - height + 1)
  }

  /// How a row stands, or what came of it.
  private func word(_ row: BulkPlan.Row) -> (String, Role) {
    switch dialog.outcomes[row.target.id] {
    case .sending: return ("sending", .changed)
    case .ended(let outcome): return Self.words(outcome)
    case nil: break
    }
    if let refusal = row.refusal { return ("refused: \(refusal)", .dim) }
    switch dialog.stage {
    case .running: return ("waits", .dialog)
    case .stopping, .done: return ("not sent", .warning)
    case .planning, .ready: break
    }
    let alarm = row.plan?.remarks.first { $0.weight == .alarm }
    if row.target.place == .hidden { return ("HIDDEN by the filter", .warning) }
    return (alarm.map { "\($0.label): \($0.text)" } ?? "", alarm == nil ? .changed : .critical)
  }

  private static func words(_ outcome: ActionOutcome) -> (String, Role) {
    switch outcome {
    case .accepted: ("accepted", .healthy)
    case .done: ("done", .healthy)
    case .failed(let reason): ("failed: \(reason)", .critical)
    case .refused(let reason): ("refused: \(reason)", .warning)
    case .stale(let reason): ("stale, not sent: \(reason)", .warning)
    case .unknown(let reason): ("not known: \(reason)", .critical)
    }
  }

  // MARK: - Totals

  private var totals: [(text: String, role: Role)] {
    guard let plan = dialog.plan else { return [] }
    var lines = [(requests(plan), Role.dialog), cost(plan)]
    lines.append(errorChoice)
    if dialog.isRecomputed, dialog.stage == .ready {
      lines.append(("worked out anew: something changed, or it was too old", .warning))
    }
    return lines
  }

  private var errorChoice: (String, Role) {
    let canChange = dialog.stage == .ready
    switch dialog.onError {
    case .stop:
      return ("on an error: stop" + (canChange ? "   (e: go on instead)" : ""), .dialog)
    case .goOn:
      return ("on an error: GO ON" + (canChange ? "   (e: stop instead)" : ""), .warning)
    }
  }

  /// `3 requests for 3 of 5: POST …/restart`.
  private func requests(_ plan: BulkPlan) -> String {
    let sendable = plan.sendable
    let word = plan.requestCount == 1 ? "request" : "requests"
    var text = "\(plan.requestCount) \(word) for \(sendable.count) of \(plan.rows.count)"
    let calls = sendable.flatMap { plan in
      plan.calls.map { Self.pattern($0, of: plan.request.workloadID) }
    }
    guard let first = calls.first else { return text }
    let kinds = Set(calls.map(\.place)).count
    text += ": \(first.place)"
    // What differs from row to row stands in the rows.
    if Set(calls.map(\.summary)).count == 1, kinds == 1 { text += " \(first.summary)" }
    if kinds > 1 { text += " and \(kinds - 1) more kinds" }
    return text
  }

  private static func pattern(
    _ call: ActionCall, of id: WorkloadID
  ) -> (place: String, summary: String) {
    let path = call.path.split(separator: "/").map { $0 == "\(id)" ? "ID" : String($0) }
    return ("\(call.method) /\(path.joined(separator: "/"))", call.summary)
  }

  private func cost(_ plan: BulkPlan) -> (String, Role) {
    let change = plan.costChange
    guard !plan.sendable.isEmpty else { return ("cost: nothing is sent", .dim) }
    guard let hour = change.perHour else { return ("cost: not known", .warning) }
    let month = hour.multiplied(by: ActionPlan.hoursOfMonth)
    let rest = change.unpriced == 0 ? "" : "; of \(change.unpriced) the price is not known"
    return (
      "\(hour.currency.code) ~\(hour.formattedChange())/h, "
        + "\(month.formattedChange(fractionDigits: 0))/month in all\(rest)",
      change.unpriced == 0 ? .money : .warning
    )
  }

  private func foot(_ plan: BulkPlan, isWide: Bool) -> String {
    let count = plan.sendable.count
    switch dialog.stage {
    case .planning: return "working it out anew   esc cancel"
    case .ready where count == 0: return "nothing can be done   esc close"
    case .ready where count == 1: return "one can be done: enter opens its preview   esc cancel"
    case .ready:
      let box = "[\(dialog.typed)_]"
      return isWide
        ? "type \(count) to \(dialog.action.phrase(count)): \(box)  enter send  esc cancel"
        : "type \(count): \(box) enter send  esc"
    case .running: return "\(taken) accepted of \(count)   esc stop before the next"
    case .stopping: return "\(taken) accepted of \(count)   stopping after this one"
    case .done:
      let wrong = dialog.ended { !$0.isTaken }
      return "\(taken) accepted, \(wrong) not, \(count - taken - wrong) not sent   esc close"
    }
  }

  private var taken: Int { dialog.ended(where: \.isTaken) }
}

/// The columns of the rows: name, from and to, what an hour costs more, and how it stands.
struct BulkColumns {
  private let name: Int
  private let change: Int
  private let cost = 8
  private let code: String

  init(plan: BulkPlan, width: Int) {
    let isWide = width >= 70
    let longest = plan.rows.map { DisplayWidth.of($0.target.name) }.max() ?? 0
    name = min(max(longest, 4), isWide ? 22 : 12)
    let widest = plan.rows.map { Self.change($0.plan).count }.max() ?? 0
    change = min(max(widest, 7), isWide ? 26 : 12)
    code = plan.sendable.first?.costAfter?.high.currency.code ?? "cost"
  }

  var header: String {
    Self.pad("NAME", name) + " " + Self.pad("FROM>TO", change) + " "
      + Self.trailing("\(code)/h", cost)
  }

  func line(_ row: BulkPlan.Row, word: String, glyphs: GlyphSet) -> String {
    let title = Clipping.middle(Sanitizer.clean(row.target.name), to: name, glyphs: glyphs)
    let place = row.target.place == .vanished ? "VANISHED" : Self.change(row.plan)
    let money =
      row.refusal == nil
      ? row.plan?.costChange?.formattedChange() ?? Formatting.unknown : Formatting.unknown
    return Self.pad(title, name) + " "
      + Self.pad(Clipping.tail(place, to: change, glyphs: glyphs), change)
      + " " + Self.trailing(money, cost) + "  " + word
  }

  /// `fra 1>4 par 2 kept`; of many regions only the sums.
  private static func change(_ plan: ActionPlan?) -> String {
    guard let plan else { return Formatting.unknown }
    guard plan.regions.count > 2 else {
      return plan.regions.map { change in
        let to = ActionPlan.text(change.to)
        return change.from == change.to
          ? "\(change.region) \(to) kept"
          : "\(change.region) \(change.from.map(ActionPlan.text) ?? Formatting.unknown)>\(to)"
      }.joined(separator: " ")
    }
    let from = plan.regions.reduce(0) { $0 + ($1.from?.upperBound ?? 0) }
    let to = plan.regions.reduce(0) { $0 + $1.to.upperBound }
    let isRange = plan.regions.contains {
      $0.from?.lowerBound != $0.from?.upperBound || $0.to.lowerBound != $0.to.upperBound
    }
    if plan.regions.allSatisfy({ $0.from == $0.to }) { return "\(plan.regions.count) regions kept" }
    return "\(plan.regions.count) regions \(isRange ? "at most " : "")\(from)>\(to)"
  }

  private static func pad(_ text: String, _ width: Int) -> String {
    text + String(repeating: " ", count: max(0, width - DisplayWidth.of(text)))
  }

  private static func trailing(_ text: String, _ width: Int) -> String {
    String(repeating: " ", count: max(0, width - text.count)) + text
  }
}
