package import Terminal

/// A look for every role.
package struct Theme: Equatable, Sendable {
  /// Why a theme cannot be used; one sentence.
  package struct Failure: Error, Equatable, CustomStringConvertible {
    package let description: String
  }

  package let name: String
  private let styles: [Role: Style]

  package subscript(role: Role) -> Style { styles[role] ?? .plain }

  /// Reads `red`, `#rrggbb`, `208`, `green on #001122 bold`; roles that are left out are `base`'s.
  package init(
    name: String, roles: [String: String], base: Theme = .standard
  ) throws(Failure) {
    var styles = base.styles
    for (key, text) in roles {
      guard let role = Role(rawValue: key) else {
        let known = Role.allCases.map(\.rawValue).joined(separator: ", ")
        throw Failure(description: "no role '\(key)'; there are \(known)")
      }
      styles[role] = try Self.style(text, role: key)
    }
    self.name = name
    self.styles = styles
  }

  private init(name: String, styles: [Role: Style]) {
    self.name = name
    self.styles = styles
  }

  /// Attributes alone: for terminals without colour and people who want none.
  package static let monochrome = Theme(
    name: "mono",
    styles: [
      .dim: Style(), .title: Style(attributes: .bold), .header: Style(attributes: .bold),
      .past: Style(attributes: .reverse), .critical: Style(attributes: [.bold, .reverse]),
      .warning: Style(attributes: .bold), .money: Style(attributes: .bold),
      .key: Style(attributes: .bold), .selection: Style(attributes: .reverse),
      .changed: Style(attributes: .underline), .dialogTitle: Style(attributes: .bold),
    ])

  /// The theme that is compiled in: dark, and safe in sixteen colours.
  package static let standard = Theme(
    name: "vigie-dark",
    styles: [
      .dim: Style(foreground: .palette(245)),
      .title: Style(foreground: .palette(117), attributes: .bold),
      .line: Style(foreground: .palette(240)),
      .header: Style(foreground: .palette(255), attributes: .bold),
      .past: Style(foreground: .palette(16), background: .palette(214), attributes: .bold),
      .critical: Style(foreground: .palette(209), attributes: .bold),
      .warning: Style(foreground: .palette(221)),
      .healthy: Style(foreground: .palette(79)),
      .idle: Style(foreground: .palette(110)),
      .unknown: Style(foreground: .palette(176)),
      .asleep: Style(foreground: .palette(245)),
      .money: Style(foreground: .palette(229)),
      .graph: Style(foreground: .palette(74)),
      .key: Style(foreground: .palette(117)),
      .selection: Style(attributes: .reverse),
      .changed: Style(foreground: .palette(190)),
      .dialogTitle: Style(foreground: .palette(117), attributes: .bold),
    ])

  private static func style(_ text: String, role: String) throws(Failure) -> Style {
    // A role is written whole: what it does not name is the terminal's own.
    var style = Style()
    var isBackground = false
    for word in text.split(separator: " ") {
      switch word {
      case "on": isBackground = true
      case "bold": style.attributes.insert(.bold)
      case "dim": style.attributes.insert(.dim)
      case "underline": style.attributes.insert(.underline)
      case "reverse": style.attributes.insert(.reverse)
      case "default": isBackground = false
      default:
        guard let color = color(word) else {
          throw Failure(description: "role '\(role)': '\(word)' is not a colour or an attribute")
        }
        if isBackground { style.background = color } else { style.foreground = color }
        isBackground = false
      }
    }
    return style
  }

  private static let names: [Substring: UInt8] = [
    "black": 0, "red": 1, "green": 2, "yellow": 3, "blue": 4, "magenta": 5, "cyan": 6, "white": 7,
    "grey": 8,
  ]

  private static func color(_ word: Substring) -> Color? {
    if let number = names[word] { return .palette(number) }
    if let number = UInt8(word) { return .palette(number) }
    guard word.hasPrefix("#"), word.utf8.count == 7, let value = UInt32(word.dropFirst(), radix: 16)
    else { return nil }
    return .rgb(
      UInt8(value >> 16), UInt8(value >> 8 & 0xFF), UInt8(value & 0xFF))
  }
}
