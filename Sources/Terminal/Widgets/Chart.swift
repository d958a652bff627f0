/// A graph with axes: braille dots at two by four to a cell, or one ASCII mark a column.
package struct Chart {
  /// Oldest first; nil is a gap and is drawn as one.
  package var values: [Double?]
  package var maximum: Double
  /// What stands beside the top and the bottom of the scale.
  package var topLabel: String
  package var bottomLabel: String
  /// What stands below the left and the right end of the time axis.
  package var startLabel: String
  package var endLabel: String

  package init(
    values: [Double?], maximum: Double, topLabel: String, bottomLabel: String,
    startLabel: String, endLabel: String
  ) {
    self.values = values
    self.maximum = maximum
    self.topLabel = topLabel
    self.bottomLabel = bottomLabel
    self.startLabel = startLabel
    self.endLabel = endLabel
  }

  package func draw(
    in rect: Rect, style: Style, axisStyle: Style, glyphs: GlyphSet, on frame: inout Frame
  ) {
    let margin = max(topLabel.count, bottomLabel.count) + 1
    let plot = rect.inset(left: margin + 1, bottom: 1)
    guard plot.width >= 4, plot.height >= 2 else { return }
    frame.writeTrailing(topLabel, endingAt: rect.x + margin, rect.y, style: axisStyle)
    frame.writeTrailing(bottomLabel, endingAt: rect.x + margin, plot.maxY - 1, style: axisStyle)
    for y in plot.y..<plot.maxY {
      frame.write(glyphs.vertical, at: rect.x + margin, y, style: axisStyle)
    }
    let line = glyphs.bottomLeft + String(repeating: glyphs.horizontal, count: plot.width)
    frame.write(line, at: rect.x + margin, plot.maxY, style: axisStyle)
    frame.write(startLabel, at: plot.x + 1, plot.maxY, style: axisStyle)
    frame.writeTrailing(endLabel, endingAt: plot.maxX, plot.maxY, style: axisStyle)
    if glyphs.isUnicode {
      drawBraille(in: plot, style: style, on: &frame)
    } else {
      drawMarks(in: plot, style: style, on: &frame)
    }
  }

  private func drawBraille(in plot: Rect, style: Style, on frame: inout Frame) {
    let columns = resampled(to: plot.width * 2)
    let dots = plot.height * 4
    for x in 0..<plot.width {
      for row in 0..<plot.height {
        var pattern: UInt32 = 0
        for half in 0..<2 {
          guard let share = columns[x * 2 + half] else { continue }
          let height = max(1, Int((share * Double(dots)).rounded()))
          let bottom = (plot.height - 1 - row) * 4
          for dot in 0..<4 where height > bottom + dot { pattern |= Self.bits[half][dot] }
        }
        guard pattern != 0, let scalar = Unicode.Scalar(0x2800 + pattern) else { continue }
        frame.write(String(scalar), at: plot.x + x, plot.y + row, style: style)
      }
    }
  }

  private func drawMarks(in plot: Rect, style: Style, on frame: inout Frame) {
    for (x, share) in resampled(to: plot.width).enumerated() {
      guard let share else { continue }
      let height = max(1, Int((share * Double(plot.height)).rounded()))
      for row in 0..<min(height, plot.height) {
        frame.write("#", at: plot.x + x, plot.maxY - 1 - row, style: style)
      }
    }
  }

  /// One share, 0…1, per column; the mean of what falls into it, nil where nothing does.
  private func resampled(to count: Int) -> [Double?] {
    guard !values.isEmpty, maximum > 0 else { return Array(repeating: nil, count: count) }
    return (0..<count).map { column in
      let first = column * values.count / count
      let last = max(first + 1, (column + 1) * values.count / count)
      let known = values[first..<min(last, values.count)].compactMap { $0 }
      guard !known.isEmpty else { return nil }
      return min(1, max(0, known.reduce(0, +) / Double(known.count) / maximum))
    }
  }

  /// Bits of a braille cell, by half and by height from the bottom.
  private static let bits: [[UInt32]] = [[0x40, 0x04, 0x02, 0x01], [0x80, 0x20, 0x10, 0x08]]
}
