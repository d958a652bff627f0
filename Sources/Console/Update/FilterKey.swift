import Terminal

/// What a key means to a filter that is being typed.
enum FilterKey: Equatable {
  /// The filter as it is from now on.
  case text(String)
  case keep
  /// Back to what was there before.
  case undo
  case nothing

  init(_ key: Key, text: String) {
    switch key {
    case .character(let character):
      self = text.count < 100 ? .text(text + String(character)) : .nothing
    case .backspace: self = text.isEmpty ? .keep : .text(String(text.dropLast()))
    case .control("u"): self = .text("")
    case .enter, .down, .up, .tab: self = .keep
    case .escape: self = .undo
    default: self = .nothing
    }
  }

  /// A filter after a paste: the first line alone counts.
  static func pasted(_ pasted: String, into text: String) -> String {
    text + pasted.prefix { $0 != "\n" && $0 != "\r" }.prefix(100)
  }
}
