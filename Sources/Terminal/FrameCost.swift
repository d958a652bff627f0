/// How many bytes a change of the screen is about: what ncurses will send for it.
enum FrameCost {
  /// To place the cursor at the beginning of a run.
  private static let move = 7
  /// To change colours or attributes.
  private static let look = 11

  static func bytes(from old: Frame?, to new: Frame) -> Int {
    guard let old, old.size == new.size else {
      return (0..<new.size.height).reduce(0) { $0 + row(nil, new.row($1)) }
    }
    return (0..<new.size.height).reduce(0) { $0 + row(old.row($1), new.row($1)) }
  }

  private static func row(_ old: ArraySlice<Cell>?, _ new: ArraySlice<Cell>) -> Int {
    var bytes = 0
    var isRunning = false
    var style: Style?
    for index in new.indices {
      let cell = new[index]
      guard old == nil ? cell != Cell() : cell != old?[index] else {
        isRunning = false
        continue
      }
      if !isRunning { bytes += move }
      isRunning = true
      if cell.style != style {
        bytes += look
        style = cell.style
      }
      bytes += cell.scalar.value < 0x80 ? 1 : 3
    }
    return bytes
  }
}
