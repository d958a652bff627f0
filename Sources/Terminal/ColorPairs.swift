import CNcurses

/// Hands out ncurses' colour pairs, one per combination in use.
struct ColorPairs {
  private struct Combination: Hashable {
    let foreground: Int32
    let background: Int32
  }

  private let palette: Palette
  private let limit: Int
  private var indexes: [Color: Int32] = [:]
  private var pairs: [Combination: Int32] = [:]

  init(palette: Palette, limit: Int) {
    self.palette = palette
    self.limit = limit
  }

  /// Pair 0, the terminal's own colours, when there is no colour or no room.
  mutating func pair(for style: Style) -> Int32 {
    guard palette.colors > 0, style.foreground != nil || style.background != nil else { return 0 }
    let combination = Combination(
      foreground: index(style.foreground), background: index(style.background))
    if let pair = pairs[combination] { return pair }
    let next = pairs.count + 1
    guard next < limit else { return 0 }
    let pair = vigie_screen_pair(Int32(next), combination.foreground, combination.background)
    pairs[combination] = pair
    return pair
  }

  private mutating func index(_ color: Color?) -> Int32 {
    guard let color else { return -1 }
    if let known = indexes[color] { return known }
    let index = palette.index(of: color)
    indexes[color] = index
    return index
  }
}
