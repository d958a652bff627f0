package import Terminal

/// A screen that keeps the last frame and hands out no events.
package final class RecordingScreen: Screen {
  package let size: Size
  package let glyphs = GlyphSet.unicode
  package private(set) var frames = 0
  package private(set) var last: Frame?
  package var isBehind = false
  package let isPaced = false

  package init(size: Size) {
    self.size = size
  }

  package func present(_ frame: Frame, cursor: Point?) -> Bool {
    guard !isBehind else { return false }
    if frame != last { frames += 1 }
    last = frame
    return true
  }

  package func nextEvents(waiting timeout: Duration?) -> [InputEvent] { [] }

  package func invalidate() { last = nil }
}
