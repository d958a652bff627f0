/// One place of the screen.
///
/// A letter with marks is kept whole; most cells hold a single scalar. Plain numbers alone: a frame
/// is thousands of cells that are made, compared and thrown away at every key.
package struct Cell: Hashable, Sendable {
  package var scalar: Unicode.Scalar
  /// The marks that combine with the scalar, the first lowest, twenty-one bits each.
  private var packedMarks: UInt64
  package var style: Style
  /// Columns taken: 1 or 2, and 0 for the right half of a wide one.
  package var width: UInt8

  package init(
    scalar: Unicode.Scalar = " ", marks: some Sequence<Unicode.Scalar>, style: Style = .plain,
    width: UInt8 = 1
  ) {
    self.init(scalar: scalar, style: style, width: width)
    for (place, mark) in marks.prefix(Self.mostMarks).enumerated() {
      packedMarks |= UInt64(mark.value) << UInt64(place * 21)
    }
  }

  package init(scalar: Unicode.Scalar = " ", style: Style = .plain, width: UInt8 = 1) {
    self.scalar = scalar
    packedMarks = 0
    self.style = style
    self.width = width
  }

  /// What a cell can hold; more is only ever written to break terminals.
  static let mostMarks = 3

  package var marks: [Unicode.Scalar] {
    guard packedMarks != 0 else { return [] }
    return (0..<Self.mostMarks).compactMap { place in
      let value = UInt32(packedMarks >> UInt64(place * 21) & 0x1F_FFFF)
      return value == 0 ? nil : Unicode.Scalar(value)
    }
  }

  package var text: String {
    guard width > 0 else { return "" }
    return packedMarks == 0
      ? String(scalar) : String(String.UnicodeScalarView([scalar] + marks))
  }
}
