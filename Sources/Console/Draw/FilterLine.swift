import Terminal

/// The last line while a filter is typed.
struct FilterLine {
  /// What is filtered.
  let title: String
  let text: String

  func draw(y: Int, width: Int, on canvas: inout Canvas) {
    let used = canvas.write(" filter \(title): ", at: 0, y, .key)
    let typed = canvas.write(
      Sanitizer.clean(text), at: used, y, .header, width: width - used - 24)
    canvas.write("_", at: used + typed, y, .header)
    canvas.writeTrailing("enter keep  esc undo", endingAt: width - 1, y, .dim)
  }
}
