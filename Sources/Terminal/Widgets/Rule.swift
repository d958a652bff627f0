/// The line above a pane: `─1 FINDINGS ──────── 5 open ─`.
package enum Rule {
  package static func draw(
    title: String, detail: String, in rect: Rect, lineStyle: Style, titleStyle: Style,
    detailStyle: Style, glyphs: GlyphSet, on frame: inout Frame
  ) {
    guard !rect.isEmpty else { return }
    let line = String(repeating: glyphs.horizontal, count: rect.width)
    frame.write(line, at: rect.x, rect.y, style: lineStyle, width: rect.width)
    let titleText = title + " "
    let used = frame.write(
      titleText, at: rect.x + 1, rect.y, style: titleStyle, width: rect.width - 1)
    let room = rect.width - 1 - used - 3
    guard !detail.isEmpty, room > 3 else { return }
    let text = " " + Clipping.tail(detail, to: room, glyphs: glyphs) + " "
    frame.writeTrailing(
      text, endingAt: rect.maxX - 1, rect.y, style: detailStyle,
      notBefore: rect.x + 1 + used)
  }
}
