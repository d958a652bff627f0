/// Shortens text to a number of columns, on the edges of characters, and always says that it did.
package enum Clipping {
  /// Keeps the beginning: `llama-70…`.
  package static func tail(_ text: String, to columns: Int, glyphs: GlyphSet) -> String {
    guard DisplayWidth.of(text) > columns else { return text }
    guard columns > 0 else { return "" }
    return prefix(text, columns: columns - 1) + glyphs.ellipsis
  }

  /// Keeps both ends, because names differ at their ends: `api-gat…eu`.
  package static func middle(_ text: String, to columns: Int, glyphs: GlyphSet) -> String {
    guard DisplayWidth.of(text) > columns else { return text }
    guard columns > 4 else { return tail(text, to: columns, glyphs: glyphs) }
    let end = max(1, (columns - 1) / 4)
    let head = prefix(text, columns: columns - 1 - end)
    let back = String(prefix(String(text.reversed()), columns: end).reversed())
    return head + glyphs.ellipsis + back
  }

  private static func prefix(_ text: String, columns: Int) -> String {
    var used = 0
    var result = ""
    for character in text {
      used += DisplayWidth.of(character)
      guard used <= columns else { break }
      result.append(character)
    }
    return result
  }
}
