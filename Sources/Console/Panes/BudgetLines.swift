import Domain
import FoundationEssentials
import Terminal

/// Budgets of the month, worst first: used, and where the present rate leads.
struct BudgetLines {
  let budgets: [BudgetState]

  /// With the rule above them; nothing at all without budgets.
  func height(in room: Int) -> Int {
    budgets.isEmpty ? 0 : min(budgets.count, max(1, room / 5)) + 1
  }

  func draw(in rect: Rect, on canvas: inout Canvas) {
    guard rect.height > 1 else { return }
    let left = budgets.count - (rect.height - 1)
    let more = left > 0 ? "\(left) more by 'get budgets'; " : ""
    let detail = "\(more)\(canvas.glyphs.bar) used  \(canvas.glyphs.dot) forecast  | limit"
    canvas.rule(nil, "BUDGETS", detail: detail, in: rect.top(1), isFocused: false)
    let ranked = budgets.enumerated().sorted { left, right in
      let (one, other) = (Self.rank(left.element), Self.rank(right.element))
      return one != other ? one < other : left.offset < right.offset
    }
    for (line, entry) in ranked.prefix(rect.height - 1).enumerated() {
      draw(
        entry.element, in: Rect(x: rect.x, y: rect.y + 1 + line, width: rect.width, height: 1),
        on: &canvas)
    }
  }

  private func draw(_ budget: BudgetState, in rect: Rect, on canvas: inout Canvas) {
    let x = rect.x + 1
    let role = Self.role(budget)
    let name = Clipping.middle(Sanitizer.clean(budget.name), to: 14, glyphs: canvas.glyphs)
    canvas.write(name, at: x, rect.y, .text, width: 14)
    canvas.writeTrailing(budget.amounts, endingAt: x + 41, rect.y, .money)
    let bar = Rect(x: x + 43, y: rect.y, width: rect.maxX - x - 43 - 18, height: 1)
    guard let forecast = budget.figures.forecast, budget.standing != .unknown else {
      canvas.writeClipped(
        budget.problem ?? Formatting.unknown, at: bar.x, rect.y, width: rect.maxX - bar.x - 1, .dim)
      return
    }
    drawBar(budget, forecast, in: bar, role, on: &canvas)
    let day = budget.passesAt.map { Formatting.day($0) } ?? ""
    let word = budget.standing == .passed ? "passed" : day
    canvas.writeTrailing(
      "~\(forecast.formatted(fractionDigits: 0))", endingAt: rect.maxX - 8, rect.y, .dim)
    canvas.writeTrailing(word, endingAt: rect.maxX - 1, rect.y, role)
  }

  private func drawBar(
    _ budget: BudgetState, _ forecast: Money, in rect: Rect, _ role: Role, on canvas: inout Canvas
  ) {
    guard rect.width >= 8 else { return }
    let used = budget.figures.monthToDate?.amount ?? 0
    let whole = max(budget.limit.amount, forecast.amount, used)
    func cells(_ amount: Decimal) -> Int {
      let share = Double((amount / whole).description) ?? 0
      return min(rect.width, Int((share * Double(rect.width)).rounded()))
    }
    let full = cells(used)
    canvas.write(String(repeating: canvas.glyphs.bar, count: full), at: rect.x, rect.y, role)
    canvas.write(
      String(repeating: canvas.glyphs.dot, count: max(0, cells(forecast.amount) - full)),
      at: rect.x + full, rect.y, .graph)
    canvas.write("|", at: rect.x + max(0, cells(budget.limit.amount) - 1), rect.y, .text)
  }

  private static func rank(_ budget: BudgetState) -> Int {
    switch budget.standing {
    case .passed: 0
    case .exceeding: 1
    case .unknown: 2
    case .within: 3
    }
  }

  private static func role(_ budget: BudgetState) -> Role {
    switch budget.standing {
    case .passed: .critical
    case .exceeding: .warning
    case .unknown: .dim
    case .within: .healthy
    }
  }
}
