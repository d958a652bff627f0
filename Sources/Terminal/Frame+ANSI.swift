extension Frame {
  /// All rows with colours as escape sequences of our own making; what stands in cells is clean.
  package func ansi() -> String {
    (0..<size.height).map { y in
      var line = ""
      var current = Style.plain
      for cell in row(y) where cell.width > 0 {
        if cell.style != current {
          line += "\u{1B}[0" + Self.codes(cell.style) + "m"
          current = cell.style
        }
        line += cell.text
      }
      return current == .plain ? line : line + "\u{1B}[0m"
    }.joined(separator: "\n")
  }

  private static func codes(_ style: Style) -> String {
    var text = ""
    if style.attributes.contains(.bold) { text += ";1" }
    if style.attributes.contains(.dim) { text += ";2" }
    if style.attributes.contains(.underline) { text += ";4" }
    if style.attributes.contains(.reverse) { text += ";7" }
    if let color = style.foreground { text += ";38" + code(color) }
    if let color = style.background { text += ";48" + code(color) }
    return text
  }

  private static func code(_ color: Color) -> String {
    switch color {
    case .palette(let number): ";5;\(number)"
    case .rgb(let red, let green, let blue): ";2;\(red);\(green);\(blue)"
    }
  }
}
