/// Turns colours that are asked for into those that a terminal has.
struct Palette: Equatable {
  /// 0 for none, else 8, 16 or 256.
  let colors: Int

  init(terminalColors: Int) {
    colors = terminalColors >= 256 ? 256 : terminalColors >= 16 ? 16 : terminalColors >= 8 ? 8 : 0
  }

  /// A palette index, or -1 for the terminal's own.
  func index(of color: Color?) -> Int32 {
    guard let color, colors > 0 else { return -1 }
    switch color {
    case .palette(let number):
      if Int(number) < colors { return Int32(number) }
      if number < 16 { return Int32(number & 7) }
      return nearest(Self.components(ofCube: number))
    case .rgb(let red, let green, let blue):
      return nearest((Double(red), Double(green), Double(blue)))
    }
  }

  private func nearest(_ wanted: (Double, Double, Double)) -> Int32 {
    let target = Self.perceptual(wanted)
    // The first sixteen are the user's own and may be anything: only the small palettes use them.
    let candidates = colors == 256 ? 16..<256 : 0..<colors
    var best = candidates.lowerBound
    var bestDistance = Double.infinity
    for index in candidates {
      let rgb = index < 16 ? Self.basic[index] : Self.components(ofCube: UInt8(index))
      let other = Self.perceptual(rgb)
      let distance =
        square(target.0 - other.0) + square(target.1 - other.1) + square(target.2 - other.2)
      if distance < bestDistance {
        bestDistance = distance
        best = index
      }
    }
    return Int32(best)
  }

  private func square(_ value: Double) -> Double { value * value }

  /// The fixed part of xterm's 256 colours.
  static func components(ofCube index: UInt8) -> (Double, Double, Double) {
    if index < 16 { return basic[Int(index)] }
    if index >= 232 {
      let grey = Double(index - 232) * 10 + 8
      return (grey, grey, grey)
    }
    let steps: [Double] = [0, 95, 135, 175, 215, 255]
    let number = Int(index) - 16
    return (steps[number / 36], steps[number / 6 % 6], steps[number % 6])
  }

  private static let basic: [(Double, Double, Double)] = [
    (0, 0, 0), (205, 0, 0), (0, 205, 0), (205, 205, 0), (0, 0, 238), (205, 0, 205),
    (0, 205, 205), (229, 229, 229), (127, 127, 127), (255, 0, 0), (0, 255, 0), (255, 255, 0),
    (92, 92, 255), (255, 0, 255), (0, 255, 255), (255, 255, 255),
  ]

  /// OKLab (Björn Ottosson, 2020): distances in it are close to those that eyes see.
  private static func perceptual(_ rgb: (Double, Double, Double)) -> (Double, Double, Double) {
    let red = linear(rgb.0)
    let green = linear(rgb.1)
    let blue = linear(rgb.2)
    let long = cubeRoot(0.4122214708 * red + 0.5363325363 * green + 0.0514459929 * blue)
    let medium = cubeRoot(0.2119034982 * red + 0.6806995451 * green + 0.1073969566 * blue)
    let short = cubeRoot(0.0883024619 * red + 0.2817188376 * green + 0.6299787005 * blue)
    return (
      0.2104542553 * long + 0.7936177850 * medium - 0.0040720468 * short,
      1.9779984951 * long - 2.4285922050 * medium + 0.4505937099 * short,
      0.0259040371 * long + 0.7827717662 * medium - 0.8086757660 * short
    )
  }

  /// The sRGB curve with its exponent taken as two: near enough to choose a neighbour.
  private static func linear(_ component: Double) -> Double {
    let share = component / 255
    return share * share
  }

  /// Newton's steps: enough for the nearest colour, and no C library.
  private static func cubeRoot(_ value: Double) -> Double {
    guard value > 0 else { return 0 }
    var root = max(value, 0.05)
    for _ in 0..<12 { root -= (root * root * root - value) / (3 * root * root) }
    return root
  }
}
