/// A colour as it is asked for; the screen takes the nearest that the terminal has.
package enum Color: Hashable, Sendable {
  /// 0…15 the user's own palette, 16…255 the fixed cube and greys of xterm.
  case palette(UInt8)
  case rgb(UInt8, UInt8, UInt8)
}

/// How text looks; a colour that is nil is the terminal's own.
package struct Style: Hashable, Sendable {
  package struct Attributes: OptionSet, Hashable, Sendable {
    package let rawValue: UInt8

    package init(rawValue: UInt8) {
      self.rawValue = rawValue
    }

    package static let bold = Attributes(rawValue: 1)
    package static let dim = Attributes(rawValue: 2)
    package static let underline = Attributes(rawValue: 4)
    package static let reverse = Attributes(rawValue: 8)
  }

  /// Both colours and the attributes in one number: frames are compared cell by cell.
  private var bits: UInt64

  package init(
    foreground: Color? = nil, background: Color? = nil, attributes: Attributes = []
  ) {
    bits =
      Self.code(foreground) | Self.code(background) << 26 | UInt64(attributes.rawValue) << 52
  }

  package var foreground: Color? {
    get { Self.color(bits) }
    set { self = Style(foreground: newValue, background: background, attributes: attributes) }
  }

  package var background: Color? {
    get { Self.color(bits >> 26) }
    set { self = Style(foreground: foreground, background: newValue, attributes: attributes) }
  }

  package var attributes: Attributes {
    get { Attributes(rawValue: UInt8(truncatingIfNeeded: bits >> 52)) }
    set { self = Style(foreground: foreground, background: background, attributes: newValue) }
  }

  /// Two bits say what it is, and twenty-four which; zero is no colour.
  private static func code(_ color: Color?) -> UInt64 {
    switch color {
    case nil: 0
    case .palette(let number): 1 << 24 | UInt64(number)
    case .rgb(let red, let green, let blue):
      2 << 24 | UInt64(red) << 16 | UInt64(green) << 8 | UInt64(blue)
    }
  }

  private static func color(_ code: UInt64) -> Color? {
    switch code >> 24 & 3 {
    case 1: .palette(UInt8(truncatingIfNeeded: code))
    case 2:
      .rgb(
        UInt8(truncatingIfNeeded: code >> 16), UInt8(truncatingIfNeeded: code >> 8),
        UInt8(truncatingIfNeeded: code))
    default: nil
    }
  }

  package static let plain = Style()

  package func adding(_ attributes: Attributes) -> Style {
    var style = self
    style.attributes.formUnion(attributes)
    return style
  }
}
