import CNcurses

/// Turns what ncurses reads into keys.
enum KeyDecoder {
  /// Nil for what is no key: an unknown code, a lone continuation.
  static func key(scalar: UInt32, code: Int32) -> Key? {
    code == 0 ? key(scalar: scalar) : key(code: code)
  }

  private static func key(scalar: UInt32) -> Key? {
    switch scalar {
    case 0x0D: return .enter
    case 0x0A: return .control("j")
    case 0x09: return .tab
    case 0x1B: return .escape
    case 0x7F, 0x08: return .backspace
    case 0x01..<0x1B: return .control(Character(Unicode.Scalar(UInt8(scalar) + 0x60)))
    case 0x00: return .control(" ")
    case 0x1C..<0x20: return .control(Character(Unicode.Scalar(UInt8(scalar) + 0x40)))
    default: return Unicode.Scalar(scalar).map { .character(Character($0)) }
    }
  }

  private static func key(code: Int32) -> Key? {
    let function = Int32(vigie_key_function.rawValue)
    if code > function { return .function(Int(code - function)) }
    return table[code]
  }

  private static let table: [Int32: Key] = [
    Int32(vigie_key_up.rawValue): .up, Int32(vigie_key_down.rawValue): .down,
    Int32(vigie_key_left.rawValue): .left, Int32(vigie_key_right.rawValue): .right,
    Int32(vigie_key_page_up.rawValue): .pageUp, Int32(vigie_key_page_down.rawValue): .pageDown,
    Int32(vigie_key_home.rawValue): .home, Int32(vigie_key_end.rawValue): .end,
    Int32(vigie_key_back_tab.rawValue): .backTab,
    Int32(vigie_key_backspace.rawValue): .backspace,
    Int32(vigie_key_delete.rawValue): .delete, Int32(vigie_key_enter.rawValue): .enter,
    Int32(vigie_key_shift_up.rawValue): .shiftUp,
    Int32(vigie_key_shift_down.rawValue): .shiftDown,
    Int32(vigie_key_shift_left.rawValue): .shiftLeft,
    Int32(vigie_key_shift_right.rawValue): .shiftRight,
  ]
}
