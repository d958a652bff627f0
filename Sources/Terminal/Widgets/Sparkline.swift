/// A row of level glyphs, one per value, oldest at the left; a gap stays blank.
package enum Sparkline {
  /// `values` are scaled to `maximum`; shorter histories are set to the right.
  package static func text(
    _ values: [Double?], width: Int, maximum: Double, glyphs: GlyphSet
  ) -> String {
    let shown = values.suffix(width)
    var text = String(repeating: " ", count: max(0, width - shown.count))
    for value in shown {
      guard let value, maximum > 0 else {
        text += value == nil ? " " : glyphs.level(0)
        continue
      }
      text += glyphs.level(value / maximum)
    }
    return text
  }
}
