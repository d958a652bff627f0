/// A whole picture of the screen as a value; equal or not equal, and printable.
package struct Frame: Equatable, Sendable {
  package let size: Size
  private var cells: [Cell]

  package init(size: Size, style: Style = .plain) {
    self.size = Size(width: max(0, size.width), height: max(0, size.height))
    cells = Array(
      repeating: Cell(style: style), count: self.size.width * self.size.height)
  }

  package subscript(x: Int, y: Int) -> Cell {
    cells[y * size.width + x]
  }

  /// The cells of a row.
  package func row(_ y: Int) -> ArraySlice<Cell> {
    cells[(y * size.width)..<((y + 1) * size.width)]
  }

  package var bounds: Rect { Rect(size) }

  /// Gives every cell of a part one look and empties it.
  package mutating func fill(_ rect: Rect, style: Style) {
    eachRow(of: rect) { frame, range in
      for index in range { frame.cells[index] = Cell(style: style) }
    }
  }

  /// Changes the look of a part and leaves its text.
  package mutating func restyle(_ rect: Rect, _ change: (inout Style) -> Void) {
    eachRow(of: rect) { frame, range in
      for index in range { change(&frame.cells[index].style) }
    }
  }

  /// Writes text from a place to the right and returns how many columns it took.
  ///
  /// What does not fit into `width` columns, or into the frame, is clipped; text from outside is
  /// made harmless on the way, so nothing that is drawn can drive a terminal.
  @discardableResult
  package mutating func write(
    _ text: String, at x: Int, _ y: Int, style: Style = .plain, width: Int? = nil
  ) -> Int {
    guard y >= 0, y < size.height, x < size.width else { return 0 }
    let limit = min(size.width, x + max(0, width ?? size.width - x))
    if let used = writePlain(text, at: x, y, style: style, limit: limit) { return used }
    return writeClusters(Sanitizer.clean(text), at: x, y, style: style, limit: limit)
  }

  /// Writes so that the text ends before the column `end`.
  package mutating func writeTrailing(
    _ text: String, endingAt end: Int, _ y: Int, style: Style = .plain, notBefore start: Int = 0
  ) {
    let columns = DisplayWidth.of(text)
    write(text, at: max(start, end - columns), y, style: style)
  }

  /// Writes text whose scalars all take one cell of their own: letters, lines, bars and graphs.
  private mutating func writePlain(
    _ text: String, at x: Int, _ y: Int, style: Style, limit: Int
  ) -> Int? {
    guard text.unicodeScalars.allSatisfy(DisplayWidth.isPlain) else { return nil }
    var column = x
    let base = y * size.width
    for scalar in text.unicodeScalars {
      guard column < limit else { break }
      if column >= 0 { put(Cell(scalar: scalar, style: style), base + column) }
      column += 1
    }
    return column - x
  }

  private mutating func writeClusters(
    _ text: String, at x: Int, _ y: Int, style: Style, limit: Int
  ) -> Int {
    var column = x
    let base = y * size.width
    for character in text {
      let columns = DisplayWidth.of(character)
      guard columns > 0, let first = character.unicodeScalars.first else { continue }
      guard column + columns <= limit else { break }
      if column >= 0 {
        let marks = character.unicodeScalars.dropFirst()
        put(Cell(scalar: first, marks: marks, style: style, width: UInt8(columns)), base + column)
        if columns == 2 { put(Cell(style: style, width: 0), base + column + 1, isTail: true) }
      }
      column += columns
    }
    return column - x
  }

  /// Keeps wide cells whole: whoever loses a half becomes blank.
  private mutating func put(_ cell: Cell, _ index: Int, isTail: Bool = false) {
    let old = cells[index]
    if old.width == 0, !isTail, index % size.width > 0 { blank(index - 1) }
    if old.width == 2, (index + 1) % size.width > 0 { blank(index + 1) }
    cells[index] = cell
  }

  private mutating func blank(_ index: Int) {
    cells[index] = Cell(style: cells[index].style)
  }

  private mutating func eachRow(of rect: Rect, _ body: (inout Frame, Range<Int>) -> Void) {
    let left = max(0, rect.x)
    let right = min(size.width, rect.maxX)
    guard left < right else { return }
    for y in max(0, rect.y)..<max(0, min(size.height, rect.maxY)) where y >= rect.y {
      body(&self, (y * size.width + left)..<(y * size.width + right))
    }
  }
}

extension Frame {
  /// One row without trailing blanks.
  package func text(row y: Int) -> String {
    var text = row(y).reduce(into: "") { $0 += $1.text }
    while text.last == " " { text.removeLast() }
    return text
  }

  /// All rows, one a line, without trailing blanks.
  package func plainText() -> String {
    (0..<size.height).map { text(row: $0) }.joined(separator: "\n")
  }
}
