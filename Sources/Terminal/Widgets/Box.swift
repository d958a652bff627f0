/// A dialog's frame with an empty inside.
package enum Box {
  /// Draws it and returns the inside.
  package static func draw(
    title: String, in rect: Rect, style: Style, titleStyle: Style, glyphs: GlyphSet,
    on frame: inout Frame
  ) -> Rect {
    guard rect.width >= 4, rect.height >= 3 else { return rect }
    frame.fill(rect, style: style)
    let line = String(repeating: glyphs.horizontal, count: rect.width - 2)
    frame.write(
      glyphs.topLeft + line + glyphs.topRight, at: rect.x, rect.y, style: style)
    frame.write(
      glyphs.bottomLeft + line + glyphs.bottomRight, at: rect.x, rect.maxY - 1, style: style)
    for y in (rect.y + 1)..<(rect.maxY - 1) {
      frame.write(glyphs.vertical, at: rect.x, y, style: style)
      frame.write(glyphs.vertical, at: rect.maxX - 1, y, style: style)
    }
    frame.write(" \(title) ", at: rect.x + 2, rect.y, style: titleStyle, width: rect.width - 4)
    return rect.inset(top: 1, left: 2, bottom: 1, right: 2)
  }
}
