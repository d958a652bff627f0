/// Makes text from outside harmless: the one choke point before a terminal.
///
/// Allowed are printable scalars that show as themselves. Controls, escapes, what reorders or
/// hides text, and what is not assigned are shown by number, so that they are seen and do nothing.
package enum Sanitizer {
  package static func clean(_ text: String) -> String {
    if text.utf8.allSatisfy({ $0 >= 0x20 && $0 < 0x7F }) { return text }
    if text.unicodeScalars.allSatisfy(DisplayWidth.isPlain) { return text }
    var result = String.UnicodeScalarView()
    var marks = 0
    for scalar in text.unicodeScalars {
      switch verdict(on: scalar) {
      case .keep:
        marks = 0
        result.append(scalar)
      case .mark:
        marks += 1
        if marks <= 4, !result.isEmpty { result.append(scalar) }
      case .space:
        marks = 0
        result.append(" ")
      case .drop:
        break
      case .show:
        marks = 0
        result.append(contentsOf: visible(scalar).unicodeScalars)
      }
    }
    return String(result)
  }

  private enum Verdict {
    case keep, mark, space, drop, show
  }

  private static func verdict(on scalar: Unicode.Scalar) -> Verdict {
    let value = scalar.value
    if value == 0x09 || value == 0x0A || value == 0x0D { return .space }
    if value < 0x20 || (0x7F..<0xA0).contains(value) { return .show }
    if value < 0x300 { return value == 0xAD ? .drop : .keep }
    // Variation selectors ask for emoji of a width that terminals disagree on.
    if (0xFE00...0xFE0F).contains(value) || (0xE0100...0xE01EF).contains(value) { return .drop }
    switch scalar.properties.generalCategory {
    case .uppercaseLetter, .lowercaseLetter, .titlecaseLetter, .modifierLetter, .otherLetter,
      .decimalNumber, .letterNumber, .otherNumber, .connectorPunctuation, .dashPunctuation,
      .openPunctuation, .closePunctuation, .initialPunctuation, .finalPunctuation,
      .otherPunctuation, .mathSymbol, .currencySymbol, .modifierSymbol, .otherSymbol:
      return .keep
    case .nonspacingMark, .enclosingMark, .spacingMark: return .mark
    case .spaceSeparator, .lineSeparator, .paragraphSeparator: return .space
    case .control, .format, .surrogate, .privateUse, .unassigned: return .show
    @unknown default: return .show
    }
  }

  /// `<U+202E>`, in plain characters.
  private static func visible(_ scalar: Unicode.Scalar) -> String {
    let digits = String(scalar.value, radix: 16, uppercase: true)
    let padded = String(repeating: "0", count: max(0, 4 - digits.count)) + digits
    return "<U+\(padded)>"
  }
}
