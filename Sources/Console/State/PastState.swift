package import Domain
package import FoundationEssentials

/// Where the console stands in the past.
package struct PastState: Equatable, Sendable {
  /// The instant that was asked for.
  package var instant: Date
  /// The instant that the screen shows; nil until the first picture came.
  package var shown: Date?
  /// The newest picture of the present, kept for the way back.
  package var live: FleetSnapshot?
  package var liveNow: Date
  package var timeline: Timeline?
  /// What the scrub line spans.
  package var span: ClosedRange<Date>
  /// Set while a recording is played: how many seconds pass in one.
  package var speed: Double?

  /// Seconds of one step.
  static let step = 15.0
  /// Seconds of a bigger one.
  static let stride = 300.0
  /// What the scrub line spans at least.
  static let window = 2_700.0

  package init(instant: Date, live: FleetSnapshot?, liveNow: Date) {
    self.instant = instant
    self.live = live
    self.liveNow = liveNow
    let distance = max(Self.window, liveNow.timeIntervalSince(instant) * 1.2)
    span = liveNow.addingTimeInterval(-distance)...max(liveNow, instant)
  }
}

/// Two instants side by side.
package struct ChangesList: Equatable, Sendable {
  package var from: Date
  package var to: Date
  package var name: String?
  /// Nil while they are worked out.
  package var changes: [FleetChange]?
  /// Why they cannot be told.
  package var problem: String?
  package var scroll = 0
}

/// A command that is being typed.
package struct PromptState: Equatable, Sendable {
  package var text: String
  package var problem: String?
}

/// What is asked of the record of incidents.
package enum IncidentCommand: Equatable, Sendable {
  case start(String)
  case mark(String)
  case end
  case export
}
