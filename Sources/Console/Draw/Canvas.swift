import Domain
import FoundationEssentials
import Terminal

/// A frame with what every view needs to write on it.
struct Canvas {
  var frame: Frame
  let theme: Theme
  let glyphs: GlyphSet
  let now: Date

  init(_ state: ConsoleState, size: Size) {
    frame = Frame(size: size, style: state.setting.theme[.text])
    theme = state.setting.theme
    glyphs = state.setting.glyphs
    now = state.now
  }

  @discardableResult
  mutating func write(
    _ text: String, at x: Int, _ y: Int, _ role: Role = .text, width: Int? = nil
  ) -> Int {
    frame.write(text, at: x, y, style: theme[role], width: width)
  }

  mutating func writeTrailing(_ text: String, endingAt end: Int, _ y: Int, _ role: Role = .text) {
    frame.writeTrailing(text, endingAt: end, y, style: theme[role])
  }

  /// Clipped at its end, with a sign that it was.
  @discardableResult
  mutating func writeClipped(
    _ text: String, at x: Int, _ y: Int, width: Int, _ role: Role = .text
  ) -> Int {
    write(
      Clipping.tail(Sanitizer.clean(text), to: width, glyphs: glyphs), at: x, y, role, width: width)
  }

  mutating func rule(
    _ number: Int?, _ title: String, detail: String, in rect: Rect, isFocused: Bool
  ) {
    let label = number.map(String.init) ?? ""
    Rule.draw(
      title: label + (label.isEmpty ? " " : " ") + title, detail: detail, in: rect,
      lineStyle: theme[.line],
      titleStyle: isFocused ? theme[.title].adding(.underline) : theme[.title],
      detailStyle: theme[.dim], glyphs: glyphs, on: &frame)
  }

  /// Marks a row as chosen, by reverse video and by a sign that needs no colour.
  ///
  /// One look for the whole row: it reads as one thing, and moving it costs few bytes.
  mutating func select(_ rect: Rect) {
    let selection = theme[.selection]
    frame.restyle(rect) { $0 = selection }
  }

  func sparkline(_ values: [Double?], width: Int, maximum: Double) -> String {
    Sparkline.text(values, width: width, maximum: maximum, glyphs: glyphs)
  }
}

extension Condition {
  var role: Role {
    switch self {
    case .critical: .critical
    case .warning: .warning
    case .unknown: .unknown
    case .idle: .idle
    case .healthy: .healthy
    case .asleep, .paused: .asleep
    }
  }
}
