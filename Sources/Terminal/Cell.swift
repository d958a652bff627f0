/// One place of the screen.
///
/// Text beyond one scalar (a letter with marks) is kept whole; most cells hold a single scalar.
package struct Cell: Hashable, Sendable {
  package var scalar: Unicode.Scalar
  /// The marks that combine with the scalar, at most four; nil for almost every cell.
  package var marks: String?
  package var style: Style
  /// Columns taken: 1 or 2, and 0 for the right half of a wide one.
  package var width: UInt8

  package init(
    scalar: Unicode.Scalar = " ", marks: String? = nil, style: Style = .plain, width: UInt8 = 1
  ) {
    self.scalar = scalar
    self.marks = marks
    self.style = style
    self.width = width
  }

  package var text: String {
    width == 0 ? "" : String(scalar) + (marks ?? "")
  }
}
