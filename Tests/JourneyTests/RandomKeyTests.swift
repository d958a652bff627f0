import Console
import Domain
import Engine
import Foundation
import Simulator
import Store
import Terminal
import Testing

/// Hands that slip: thousands of random keys on a console over the simulated platform.
///
/// `VIGIE_RANDOM_KEYS=10000` presses more of them, `VIGIE_RANDOM_SEED` repeats a run.
struct RandomKeyTests {
  private struct Random {
    var state: UInt64

    mutating func next(_ limit: Int) -> Int {
      state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
      return Int(state >> 33) % limit
    }
  }

  private static func number(_ name: String) -> UInt64? {
    ProcessInfo.processInfo.environment[name].flatMap { UInt64($0) }
  }

  /// Every key that has a meaning, digits, letters and what a terminal may send; `y` only where
  /// nothing may be sent anyway.
  private func keys(withYes: Bool) -> [Key] {
    let typed = "abcdefghijklmnopqrstuvwxz0123456789 :/-".map { Key.character($0) }
    let others: [Key] = [
      .enter, .enter, .enter, .escape, .tab, .backspace, .delete, .up, .down, .left, .right,
      .control("d"), .control("k"), .control("l"), .control("\\"), .control("u"),
    ]
    let known = Keymap.standard.rows.flatMap(\.keys).filter { $0 != .control("c") }
    return known + typed + others + (withYes ? [.character("y")] : [])
  }

  /// The keys of someone who means to act, and the way back to the list of deployments.
  private let acting: [Key] =
    " vjkarsU123456e".map { Key.character($0) } + [.enter, .tab, .down, .control("l")]
  private let wayBack: [Key] =
    Array(repeating: .escape, count: 6) + [
      .character("2"), .control("u"),
    ]

  /// Opens a preview for several deployments.
  private let bulk = "g j jr".map { Key.character($0) }

  /// Whether enter would confirm: the very text that is asked for stands there.
  private func isConfirmed(_ state: ConsoleState) -> Bool {
    switch state.overlay {
    case .confirm(let dialog): dialog.typed == dialog.name
    case .bulk(let dialog): dialog.typed == "\(dialog.plan?.sendable.count ?? 0)"
    default: false
    }
  }

  @Test(arguments: [true, false])
  func `random keys never send anything and can always be drawn`(readOnly: Bool) async throws {
    let count = Self.number("VIGIE_RANDOM_KEYS").map(Int.init) ?? 200
    let seed = Self.number("VIGIE_RANDOM_SEED") ?? .random(in: .min ... .max)
    print("random keys: \(count), read-only \(readOnly), VIGIE_RANDOM_SEED=\(seed)")
    let rig = try await Rig(scenario: .badDeploy, readOnly: readOnly)
    _ = await rig.engine.syncOnce()
    await rig.pass(seconds: 150)
    var hand = Hand(rig: rig, isReadOnly: readOnly)
    try await hand.see()
    let keys = keys(withYes: readOnly)
    var random = Random(state: seed)
    for number in 0..<count {
      var key =
        random.next(2) == 0 ? keys[random.next(keys.count)] : acting[random.next(acting.count)]
      // Time mode and filters would hold a random hand for long.
      let start = wayBack + (number % 100 < 50 ? [] : bulk)
      if number % 50 < start.count { key = start[number % 50] }
      if !readOnly, key == .enter, isConfirmed(hand.state) { key = .escape }
      rig.simulator.advance(seconds: Double(random.next(14)) / 10)
      if number % 250 == 249 { _ = await rig.engine.syncOnce() }
      try await hand.press(key, isSeen: number % 25 == 0)
      // Others on these threads wait for answers.
      await Task.yield()
      if random.next(40) == 0 { try await hand.take(.paste("y\n3\nchat-large\n")) }
      if number % 8 == 0 {
        for size in [Size(width: 80, height: 23), Size(width: 40, height: 10)] {
          #expect(draw(hand.state, in: size).size == size)
        }
      }
    }
    print("random keys: \(hand.previews) previews, \(hand.bulkPreviews) of several")
    #expect(hand.sent == 0, "VIGIE_RANDOM_SEED=\(seed)")
    #expect(rig.simulator.writes == [], "VIGIE_RANDOM_SEED=\(seed)")
    if count >= 5_000 {
      #expect(hand.previews > 20, "VIGIE_RANDOM_SEED=\(seed)")
      #expect(hand.bulkPreviews > 5, "VIGIE_RANDOM_SEED=\(seed)")
    }
    await rig.end()
  }

  /// A console whose effects are carried out at once, by the real engine.
  private struct Hand {
    let rig: Rig
    var state: ConsoleState
    var sent = 0
    var previews = 0
    var bulkPreviews = 0
    private let past: PastFeed

    init(rig: Rig, isReadOnly: Bool) {
      self.rig = rig
      past = PastFeed(store: rig.store)
      state = ConsoleState(
        setting: ConsoleState.Setting(
          contextName: "demo", isReadOnly: isReadOnly, theme: .standard, glyphs: .unicode),
        size: Size(width: 80, height: 23), now: rig.simulator.world.now)
    }

    mutating func see() async throws {
      try await take(.fleet(try rig.feed.snapshot()))
    }

    mutating func press(_ key: Key, isSeen: Bool) async throws {
      try await take(.tick(rig.simulator.world.now))
      try await take(.key(key))
      if isSeen { try await see() }
    }

    mutating func take(_ message: Message) async throws {
      for effect in update(&state, with: message) {
        if let answer = try await run(effect) { try await take(answer) }
      }
    }

    private mutating func run(_ effect: Effect) async throws -> Message? {
      switch effect {
      case .plan(let request, let waiver):
        previews += 1
        return .planned(await rig.runner.plan(request, waiver: waiver))
      case .planAll(let requests):
        bulkPreviews += 1
        return .plannedAll(await rig.runner.plans(requests))
      case .perform(let plan, let confirmation):
        sent += 1
        let outcome = await rig.runner.perform(plan, confirmation: confirmation)
        return .performed(plan.request.workloadID, outcome)
      case .performAll(let plans, let confirmation, let onError):
        sent += plans.count
        await rig.runner.performAll(
          plans, confirmation: confirmation, onError: onError, mayGoOn: { true },
          progress: { _ in })
        return .progressed(.finished)
      case .watchWorkload(let id): return try rig.feed.detail(of: id).map { .detail($0) }
      case .readTimeline(let span): return .timeline(try past.timeline(in: span))
      case .look(let instant, _):
        return .past(
          PastPicture(instant: instant, snapshot: nil, problem: "not kept in this test"))
      case .stopWatching, .stopLooking, .compare, .incident, .stopAll, .refresh, .focus, .repaint,
        .quit, .readPolicy:
        return nil
      }
    }
  }
}
