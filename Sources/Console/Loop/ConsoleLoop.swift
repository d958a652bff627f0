import FoundationEssentials
package import Terminal

/// Waits, takes all that came as messages, updates for each, and draws once.
package final class ConsoleLoop {
  package private(set) var state: ConsoleState
  private let screen: any Screen
  private let mailbox: Mailbox
  private let effects: EffectRunner
  private let now: @Sendable () -> Date
  private var isDone = false
  private var owesFrame = true
  /// Frames that may be drawn at once; it grows with time.
  private var frameCredit = ConsoleLoop.mostCredit
  private var creditedAt = ContinuousClock.now

  /// How long it takes until one more frame may be drawn: a held key must not fill a thin line.
  private static let frameGap: Duration = .milliseconds(120)
  private static let mostCredit = 3.0
  /// The signal that ended the loop; nil when the person did.
  package private(set) var endedBy: Int32?

  package init(
    state: ConsoleState, screen: any Screen, mailbox: Mailbox, services: ConsoleServices
  ) {
    self.state = state
    self.screen = screen
    self.mailbox = mailbox
    effects = EffectRunner(services: services, mailbox: mailbox)
    now = services.now
  }

  /// Starts what is wanted before the first key.
  package func begin(with wanted: [Effect]) {
    for effect in wanted { effects.run(effect) }
  }

  /// Runs until the person quits or the terminal goes.
  package func run() {
    paint()
    effects.begin()
    while !isDone { step(screen.nextEvents(waiting: pause)) }
    effects.end()
  }

  /// One turn with what came.
  package func step(_ events: [InputEvent]) {
    let before = state
    apply(.tick(now()))
    for event in events { take(event) }
    let messages = mailbox.drain()
    for message in messages { apply(message) }
    guard !isDone else { return }
    guard state != before || owesFrame else { return }
    paint(isAnswer: !events.isEmpty || messages.contains(where: \.isAnswer))
  }

  /// Two seconds at rest, where ages are told in steps of five; less while a frame is owed to a slow line or a preview waits to count.
  private var pause: Duration {
    if owesFrame { return .milliseconds(30) }
    if state.restsAt != nil { return .milliseconds(100) }
    if case .confirm = state.overlay { return .milliseconds(250) }
    if case .bulk = state.overlay { return .milliseconds(250) }
    if state.past?.speed ?? 0 > 0 { return .milliseconds(250) }
    let isAtRest = state.overlay == nil && state.notice == nil && state.pending.isEmpty
    return .seconds(isAtRest && state.past == nil ? 2 : 1)
  }

  private func take(_ event: InputEvent) {
    switch event {
    case .key(let key): apply(.key(key))
    case .paste(let text): apply(.paste(text))
    case .resized(let size):
      apply(.resized(size))
      owesFrame = true
    case .terminated(let signal):
      endedBy = signal
      isDone = true
    case .closed: isDone = true
    }
  }

  private func apply(_ message: Message) {
    for effect in update(&state, with: message) {
      switch effect {
      case .quit: isDone = true
      case .repaint:
        screen.invalidate()
        owesFrame = true
      case .watchWorkload, .stopWatching, .plan, .perform, .refresh, .focus, .look, .stopLooking,
        .readTimeline, .compare, .incident, .planAll, .performAll, .stopAll, .readPolicy:
        effects.run(effect)
      }
    }
  }

  /// Shows the newest state at once, or soon when frames came fast of late.
  ///
  /// What only data changed leaves one frame over, so that a key never waits for it.
  private func paint(isAnswer: Bool = true) {
    let instant = ContinuousClock.now
    frameCredit = min(Self.mostCredit, frameCredit + (instant - creditedAt) / Self.frameGap)
    creditedAt = instant
    guard screen.isPaced || frameCredit >= (isAnswer ? 1 : 2) else {
      owesFrame = true
      return
    }
    owesFrame = !screen.present(draw(state, in: screen.size), cursor: nil)
    if !owesFrame { frameCredit = max(0, frameCredit - 1) }
  }
}
