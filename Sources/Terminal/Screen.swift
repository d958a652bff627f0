/// Where frames go and events come from: the real terminal, or a recording of one.
package protocol Screen: AnyObject {
  var size: Size { get }
  /// Which glyphs the terminal can be trusted with.
  var glyphs: GlyphSet { get }
  /// Whether the line has not yet taken the last frame: present would be put off.
  var isBehind: Bool { get }
  /// Whether the terminal tells when it has taken a frame, so that none need be held back by time.
  var isPaced: Bool { get }
  /// Shows a frame; a frame equal to the last one costs nothing.
  ///
  /// Returns false when the line is still busy with the last one: try again with a newer frame.
  func present(_ frame: Frame, cursor: Point?) -> Bool
  /// Waits for input, the doorbell, or so long; nil waits without end.
  func nextEvents(waiting timeout: Duration?) -> [InputEvent]
  /// Forgets what the terminal is believed to show, so that the next frame repaints all.
  func invalidate()
}
