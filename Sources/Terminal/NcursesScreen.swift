import CNcurses

/// The real terminal, by ncurses.
///
/// Made, used and closed on the process's main thread.
package final class NcursesScreen: Screen {
  package let glyphs: GlyphSet
  package private(set) var size: Size
  private let doorbell: Doorbell
  private let synchronizes: Bool
  private var pairs: ColorPairs
  private var shown: Frame?
  private var shownCursor: Point?
  private var pasted: [UInt8]?
  private var gauge = LineGauge()
  private var replies = ReplyFilter()
  /// Old terminals that print what they do not know are asked nothing.
  private let asks: Bool
  private var isClosed = false

  /// Takes the terminal; `glyphs` and colours as the capabilities say.
  package init(
    capabilities: TerminalCapabilities, doorbell: Doorbell
  ) throws(TerminalError) {
    if let obstacle = capabilities.obstacle() { throw obstacle }
    _ = vigie_signals_open()
    guard vigie_screen_open(capabilities.name) == 1 else {
      throw .unknown(name: capabilities.name)
    }
    vigie_crash_guard()
    self.doorbell = doorbell
    glyphs = capabilities.glyphs
    synchronizes = capabilities.synchronizes
    asks = !capabilities.name.hasPrefix("vt") && capabilities.name != "linux"
    let colors = capabilities.allowsColor ? Int(vigie_screen_colors()) : 0
    pairs = ColorPairs(
      palette: Palette(terminalColors: colors), limit: min(32_000, Int(vigie_screen_pair_limit())))
    size = Self.measure()
  }

  /// Gives the terminal back as it was.
  package func close() {
    guard !isClosed else { return }
    isClosed = true
    vigie_screen_close()
  }

  /// The line still holds most of a frame: writing more would only queue.
  package var isBehind: Bool {
    vigie_output_ready() == 0 || vigie_output_backlog() > Self.backlogLimit
  }

  package var isPaced: Bool { gauge.isAnswering }

  package func present(_ frame: Frame, cursor: Point?) -> Bool {
    guard frame != shown || cursor != shownCursor else { return true }
    guard !isBehind, gauge.mayWrite(at: .now) else { return false }
    let bytes = FrameCost.bytes(from: shown, to: frame)
    for y in 0..<frame.size.height { put(row: y, of: frame) }
    if let cursor {
      vigie_screen_cursor(Int32(cursor.y), Int32(cursor.x), 1)
    } else if shownCursor != nil || shown == nil {
      vigie_screen_cursor(0, 0, 0)
    }
    vigie_screen_update(synchronizes ? 1 : 0)
    if asks, gauge.wrote(bytes, at: .now) { vigie_screen_ask() }
    shown = frame
    shownCursor = cursor
    return true
  }

  package func invalidate() {
    shown = nil
    vigie_screen_forget()
  }

  package func nextEvents(waiting timeout: Duration?) -> [InputEvent] {
    // The rest of an answer comes with its beginning, or it was a key.
    let limit = replies.isHolding ? .milliseconds(30) : timeout
    let ready = vigie_wait(doorbell.descriptor, Self.milliseconds(limit))
    if ready & 2 != 0 { doorbell.clear() }
    var events: [InputEvent] = []
    if ready & 4 != 0 { readSignals(into: &events) }
    if ready & 1 != 0 {
      let before = events.count
      let held = replies.isHolding
      readKeys(into: &events)
      if held, replies.isHolding { releaseHeld(into: &events) }
      // Readable with nothing to read: the other side has closed the terminal.
      if events.count == before, !replies.isHolding, ready & 8 != 0 { events.append(.closed) }
    } else if ready & 8 != 0 {
      events.append(.closed)
    } else if replies.isHolding {
      releaseHeld(into: &events)
    }
    return events
  }

  // A frame of a slow line is a few hundred bytes; more than this waiting means it is behind.
  private static let backlogLimit: Int32 = 1024

  private func put(row y: Int, of frame: Frame) {
    let row = frame.row(y)
    if let shown, shown.size == frame.size, shown.row(y) == row { return }
    var cells: [vigie_cell] = []
    cells.reserveCapacity(row.count)
    var style = Style.plain
    var pair = pairs.pair(for: style)
    for cell in row where cell.width > 0 {
      var marks: (UInt32, UInt32, UInt32, UInt32) = (0, 0, 0, 0)
      let values = cell.marks.map(\.value)
      if !values.isEmpty {
        let padded = values + [0, 0, 0, 0]
        marks = (padded[0], padded[1], padded[2], padded[3])
      }
      // Neighbours mostly look the same.
      if cell.style != style {
        style = cell.style
        pair = pairs.pair(for: style)
      }
      cells.append(
        vigie_cell(
          scalar: cell.scalar.value, marks: marks, pair: pair,
          attributes: UInt32(style.attributes.rawValue)))
    }
    vigie_screen_put(Int32(y), 0, cells, Int32(cells.count))
  }

  private func readSignals(into events: inout [InputEvent]) {
    var isResized = false
    while true {
      let number = vigie_signals_next()
      guard number != 0 else { break }
      switch number {
      case Self.windowChanged: isResized = true
      case Self.continued: invalidate()
      default: events.append(.terminated(number))
      }
    }
    guard isResized else { return }
    let measured = Self.measure()
    guard measured != size else { return }
    size = measured
    vigie_screen_resize(Int32(size.height), Int32(size.width))
    shown = nil
    events.append(.resized(size))
  }

  private func readKeys(into events: inout [InputEvent]) {
    var scalar: UInt32 = 0
    var key: Int32 = 0
    while vigie_screen_read(&scalar, &key) == 1 {
      if asks, key == 0, pasted == nil, replies.isHolding || scalar == 0x1B {
        switch replies.take(scalar) {
        case .answer: gauge.answered()
        case .keys(let scalars): press(scalars, into: &events)
        }
        continue
      }
      if replies.isHolding { releaseHeld(into: &events) }
      if key == Int32(vigie_key_paste_start.rawValue) {
        pasted = []
      } else if key == Int32(vigie_key_paste_end.rawValue) {
        events.append(.paste(String(decoding: pasted ?? [], as: UTF8.self)))
        pasted = nil
      } else if pasted != nil {
        keepPasted(scalar)
      } else if scalar == 0x1A {
        vigie_screen_suspend()
        invalidate()
        events.append(.resized(size))
      } else if let pressed = KeyDecoder.key(scalar: scalar, code: key) {
        events.append(.key(pressed))
      }
    }
  }

  private func releaseHeld(into events: inout [InputEvent]) {
    press(replies.release(), into: &events)
  }

  private func press(_ scalars: [UInt32], into events: inout [InputEvent]) {
    events += scalars.compactMap { KeyDecoder.key(scalar: $0, code: 0).map { .key($0) } }
  }

  private func keepPasted(_ scalar: UInt32) {
    guard (pasted?.count ?? 0) < 1 << 20, let value = Unicode.Scalar(scalar) else { return }
    pasted?.append(contentsOf: Array(String(value).utf8))
  }

  private static let windowChanged: Int32 = 28
  private static let continued: Int32 = 18

  private static func measure() -> Size {
    var rows: Int32 = 0
    var columns: Int32 = 0
    vigie_terminal_size(&rows, &columns)
    return Size(width: min(1024, Int(columns)), height: min(1024, Int(rows)))
  }

  private static func milliseconds(_ duration: Duration?) -> Int32 {
    guard let duration else { return -1 }
    let parts = duration.components
    let total =
      parts.seconds * 1000 + (parts.attoseconds + 999_999_999_999_999) / 1_000_000_000_000_000
    return Int32(clamping: max(0, total))
  }
}
