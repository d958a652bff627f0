/// One press of a key.
package enum Key: Hashable, Sendable {
  case character(Character)
  /// With ctrl held; the letter is lower case.
  case control(Character)
  case enter, escape, tab, backTab, backspace, delete
  case up, down, left, right, pageUp, pageDown, home, end
  case shiftUp, shiftDown, shiftLeft, shiftRight
  case function(Int)

  /// As a key line or a help text names it.
  package var name: String {
    switch self {
    case .character(" "): "space"
    case .character(let character): String(character)
    case .control(let character): "ctrl-\(character)"
    case .enter: "enter"
    case .escape: "esc"
    case .tab: "tab"
    case .backTab: "shift-tab"
    case .backspace: "backspace"
    case .delete: "del"
    case .up: "up"
    case .down: "down"
    case .left: "left"
    case .right: "right"
    case .pageUp: "pgup"
    case .pageDown: "pgdn"
    case .home: "home"
    case .end: "end"
    case .shiftUp: "shift-up"
    case .shiftDown: "shift-down"
    case .shiftLeft: "shift-left"
    case .shiftRight: "shift-right"
    case .function(let number): "f\(number)"
    }
  }
}

/// What comes from the terminal.
package enum InputEvent: Equatable, Sendable {
  case key(Key)
  /// Pasted text, whole; it is never a command.
  case paste(String)
  case resized(Size)
  /// The process was asked to end by a signal.
  case terminated(Int32)
  /// The terminal has gone away.
  case closed
}
