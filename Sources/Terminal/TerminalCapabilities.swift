import CNcurses

/// What the environment says about the terminal, and what follows from it.
package struct TerminalCapabilities: Equatable, Sendable {
  /// The name that ncurses is opened with.
  package var name: String
  package var glyphs: GlyphSet
  /// Whether colours may be sent at all.
  package var allowsColor: Bool
  /// Whether frames are wrapped as synchronized output.
  package var synchronizes: Bool
  /// One line about a choice that the user may want to know of.
  package var notice: String?

  /// Looks at TERM, the locale, NO_COLOR and the multiplexer; asks the terminal nothing.
  package static func detect(environment: [String: String]) -> TerminalCapabilities {
    let given = environment["TERM"] ?? ""
    var chosen = given
    var notice: String?
    if vigie_terminal_check(given) == 1 {
      chosen = fallback(for: given, environment: environment)
      notice = "no terminfo entry for '\(given)': using \(chosen)"
    }
    let locale =
      ["LC_ALL", "LC_CTYPE", "LANG"].compactMap { environment[$0] }.first { !$0.isEmpty } ?? ""
    let isWideLocale = ["zh", "ja", "ko"].contains { locale.hasPrefix($0) }
    let hasBraille = chosen != "linux" && !chosen.hasPrefix("vt")
    let isUnicode = vigie_locale_is_utf8() == 1 && !isWideLocale && hasBraille
    let isMultiplexed = environment["TMUX"] != nil || given.hasPrefix("screen")
    return TerminalCapabilities(
      name: chosen, glyphs: isUnicode ? .unicode : .ascii,
      allowsColor: (environment["NO_COLOR"] ?? "").isEmpty,
      synchronizes: isUnicode && !isMultiplexed && !given.hasPrefix("tmux"), notice: notice)
  }

  /// Nil when a screen can be opened.
  package func obstacle() -> TerminalError? {
    guard vigie_is_terminal(0) == 1, vigie_is_terminal(1) == 1 else { return .notATerminal }
    switch vigie_terminal_check(name) {
    case 0: return nil
    case 2: return .dumb(name: name)
    default: return .unknown(name: name)
    }
  }

  /// For `vigie info`: what was chosen, in words.
  package var summary: String {
    let parts = [
      name.isEmpty ? "no TERM" : name, glyphs.isUnicode ? "braille and lines" : "ASCII",
      allowsColor ? "colour as terminfo says" : "no colour",
      synchronizes ? "synchronized output" : "plain output",
    ]
    return (parts + [notice].compactMap { $0 }).joined(separator: ", ")
  }

  private static func fallback(for name: String, environment: [String: String]) -> String {
    let modern = ["ghostty", "kitty", "foot", "wezterm", "rio", "alacritty", "contour", "256color"]
    let isModern =
      environment["COLORTERM"] != nil || modern.contains { part in contains(name, part) }
    return isModern ? "xterm-256color" : "vt100"
  }

  private static func contains(_ text: String, _ part: String) -> Bool {
    text.indices.contains { text[$0...].hasPrefix(part) }
  }
}
