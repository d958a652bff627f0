import Domain
import FoundationEssentials
import Terminal

/// The last day of the whole fleet in a few lines, with what happened below them.
struct DayStrip {
  /// The rule, the lines, the events and the axis.
  static let height = DayTrend.Line.allCases.count + 3

  let state: ConsoleState

  func draw(in rect: Rect, on canvas: inout Canvas) {
    guard let day = state.fleet?.day else { return }
    canvas.rule(
      nil, "24 h", detail: "d deploy  s scaling  ! critical  y own action", in: rect.top(1),
      isFocused: false)
    let body = rect.inset(top: 1)
    let room = body.width - 22
    guard room >= 24 else { return }
    for (line, kind) in DayTrend.Line.allCases.enumerated() {
      let y = body.y + line
      canvas.write(Self.word(kind), at: body.x + 1, y, .dim, width: 6)
      let history = day.lines[kind]
      let values = Self.resampled(history, to: room)
      let top = max(values.compactMap { $0 }.max() ?? 0, kind == .utilization ? 1 : 0)
      canvas.write(
        canvas.sparkline(values, width: room, maximum: top), at: body.x + 8, y, .graph,
        width: room)
      canvas.writeTrailing(text(history, kind), endingAt: body.maxX - 1, y)
    }
    drawEvents(day, y: body.y + DayTrend.Line.allCases.count, room: room, in: body, on: &canvas)
  }

  private func drawEvents(
    _ day: DayTrend, y: Int, room: Int, in body: Rect, on canvas: inout Canvas
  ) {
    canvas.write("event", at: body.x + 1, y, .dim)
    for mark in day.marks {
      let share = 1 - day.end.timeIntervalSince(mark.at) / 86_400
      let column = Int(share * Double(room))
      guard (0..<room).contains(column) else { continue }
      canvas.write(mark.letter, at: body.x + 8 + column, y, mark.letter == "!" ? .critical : .key)
    }
    for (hours, label) in [(24, "-24h"), (18, "-18h"), (12, "-12h"), (6, "-6h")] {
      let column = room - room * hours / 24
      canvas.write(label, at: body.x + 8 + column, y + 1, .dim)
    }
    canvas.writeTrailing("now", endingAt: body.x + 8 + room, y + 1, .dim)
  }

  /// The newest value, in words.
  private func text(_ history: History?, _ kind: DayTrend.Line) -> String {
    // The step that has just begun may have no value yet.
    guard let value = history?.suffix(3).compactMap({ $0 }).last else { return Formatting.unknown }
    switch kind {
    case .burn, .idle: return "\(state.fleet?.costs.currency.code ?? "") \(Self.decimal(value))/h"
    case .utilization: return Formatting.percent(Ratio(min(1, max(0, value))))
    case .replicas, .trouble: return "\(Int(value.rounded()))"
    case .requests: return Formatting.rate(value)
    case .latency: return Formatting.latency(Milliseconds(value))
    }
  }

  private static func decimal(_ value: Double) -> String {
    Money(Decimal(Int((value * 100).rounded())) / 100, .usd).formatted()
  }

  private static func word(_ kind: DayTrend.Line) -> String {
    switch kind {
    case .burn: "burn"
    case .idle: "idle"
    case .utilization: "gpu%"
    case .replicas: "repl"
    case .requests: "rps"
    case .latency: "p99"
    case .trouble: "crit"
    }
  }

  /// One value a column; the highest of those that fall into it, so that a peak is never lost.
  private static func resampled(_ history: History?, to count: Int) -> [Double?] {
    guard let history, history.count > 0 else { return Array(repeating: nil, count: count) }
    return (0..<count).map { column in
      let first = column * history.count / count
      let last = max(first + 1, (column + 1) * history.count / count)
      return (first..<min(last, history.count)).compactMap { history[$0] }.max()
    }
  }
}
