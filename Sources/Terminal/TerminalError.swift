/// Why there is no screen; only at the start, for drawing never fails.
package enum TerminalError: Error, Equatable {
  case notATerminal
  /// The terminal's name says that it cannot place a cursor.
  case dumb(name: String)
  /// The terminal's name has no entry, nor has any fallback.
  case unknown(name: String)

  package var message: String {
    switch self {
    case .notATerminal: "this is not a terminal"
    case .dumb(let name): "the terminal '\(name)' cannot place a cursor"
    case .unknown(let name): "the terminal '\(name)' has no terminfo entry, and no fallback fits"
    }
  }
}
