/// The glyphs for lines, bars and graphs: braille and box drawing, or ASCII alone.
package struct GlyphSet: Hashable, Sendable {
  package let isUnicode: Bool
  package let horizontal: String
  package let vertical: String
  package let topLeft: String
  package let topRight: String
  package let bottomLeft: String
  package let bottomRight: String
  package let bar: String
  package let ellipsis: String
  package let dot: String
  /// From almost nothing to full.
  package let levels: [String]

  package static let unicode = GlyphSet(
    isUnicode: true, horizontal: "─", vertical: "│", topLeft: "┌", topRight: "┐",
    bottomLeft: "└", bottomRight: "┘", bar: "█", ellipsis: "…", dot: "·",
    levels: ["⣀", "⣄", "⣤", "⣦", "⣶", "⣷", "⣿"])

  package static let ascii = GlyphSet(
    isUnicode: false, horizontal: "-", vertical: "|", topLeft: "+", topRight: "+",
    bottomLeft: "+", bottomRight: "+", bar: "#", ellipsis: "~", dot: ".",
    levels: ["_", ".", "-", "=", "+", "*", "#"])

  /// The level glyph for a share of the whole, 0…1.
  package func level(_ share: Double) -> String {
    let index = Int(share * Double(levels.count))
    return levels[min(max(index, 0), levels.count - 1)]
  }
}
