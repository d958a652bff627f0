/// Keeps no more under way to the terminal than it has shown that it takes.
///
/// On a thin line output that is written too early only waits, and the keys' answers behind it. A
/// terminal is asked for its attributes after what may fill the line; that it answers says that
/// everything before has arrived. Where nothing answers, frames are spaced by time instead.
struct LineGauge {
  typealias Instant = ContinuousClock.Instant

  /// Bytes that may be under way before an answer; at 64 kbit/s an eighth of a second.
  static let window = 1_000
  /// Without any answer so far: so short that a terminal that never answers holds up nothing.
  static let firstPatience: Duration = .milliseconds(400)
  /// A terminal that answers, but not for so long, has lost the question.
  static let patience: Duration = .seconds(10)
  /// Questions without an answer after which no more are asked.
  static let mostUnanswered = 3

  /// Written and not known to have arrived.
  private var underWay = 0
  /// Of these, written after the question.
  private var sinceAsked = 0
  private var askedAt: Instant?
  private var unanswered = 0
  /// Whether the terminal has answered at all.
  private(set) var isAnswering = false

  /// Whether one more frame may be written.
  mutating func mayWrite(at now: Instant) -> Bool {
    guard let askedAt else { return true }
    if underWay <= Self.window { return true }
    guard now - askedAt > (isAnswering ? Self.patience : Self.firstPatience) else { return false }
    self.askedAt = nil
    underWay = 0
    unanswered += 1
    return true
  }

  /// Takes what was written; true when the terminal is to be asked now.
  mutating func wrote(_ bytes: Int, at now: Instant) -> Bool {
    underWay += bytes
    sinceAsked += bytes
    guard askedAt == nil else { return false }
    guard isAnswering || unanswered < Self.mostUnanswered else {
      underWay = 0
      return false
    }
    guard underWay > Self.window / 2 else { return false }
    askedAt = now
    sinceAsked = 0
    return true
  }

  mutating func answered() {
    isAnswering = true
    unanswered = 0
    askedAt = nil
    underWay = sinceAsked
  }
}

/// Finds a terminal's answers among the keys.
///
/// `ESC [ ? 6 2 ; 4 c`: what is no answer after all comes out again as it went in.
struct ReplyFilter {
  private var held: [UInt32] = []

  /// Whether the beginning of what may be an answer waits for its rest.
  var isHolding: Bool { !held.isEmpty }

  enum Outcome: Equatable {
    case answer
    /// Keys after all; empty while it is not known yet.
    case keys([UInt32])
  }

  mutating func take(_ scalar: UInt32) -> Outcome {
    held.append(scalar)
    let isPossible =
      switch held.count {
      case 1: scalar == 0x1B
      case 2: scalar == 0x5B
      case 3: scalar == 0x3F
      case 4...40: (0x30...0x39).contains(scalar) || scalar == 0x3B || scalar == 0x63
      default: false
      }
    guard isPossible else { return .keys(release()) }
    guard scalar == 0x63, held.count > 3 else { return .keys([]) }
    held = []
    return .answer
  }

  /// What was held, as keys: its rest did not come.
  mutating func release() -> [UInt32] {
    defer { held = [] }
    return held
  }
}
