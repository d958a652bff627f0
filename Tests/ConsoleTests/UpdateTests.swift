import Domain
import Foundation
import Terminal
import TestSupport
import Testing

@testable import Console

struct UpdateTests {
  private func state(readOnly: Bool = false) -> ConsoleState {
    var state = ConsoleState(
      setting: ConsoleState.Setting(
        contextName: "prod", isReadOnly: readOnly, theme: .standard, glyphs: .unicode),
      size: Size(width: 80, height: 23), now: FleetFixture.now)
    let snapshot = FleetAssembler().snapshot(from: FleetFixture.facts(), now: FleetFixture.now)
    _ = update(&state, with: .fleet(snapshot))
    return state
  }

  private func plan(_ tier: ConfirmationTier = .costly, refusal: String? = nil) -> ActionPlan {
    var plan = ActionPlanner(facts: FleetFixture.facts(), isReadOnly: false, now: FleetFixture.now)
      .plan(.scale(WorkloadID("wl-chat"), replicas: [RegionID("fra"): 4]))
    plan.tier = tier
    plan.refusal = refusal
    return plan
  }

  /// Presses keys with time passing between them.
  private func press(_ keys: [Key], _ state: inout ConsoleState, after pause: Double = 1)
    -> [Effect]
  {
    keys.flatMap { key in
      _ = update(&state, with: .tick(state.now.addingTimeInterval(pause)))
      return update(&state, with: .key(key))
    }
  }

  private func opened(_ tier: ConfirmationTier = .costly, refusal: String? = nil) -> ConsoleState {
    var state = state()
    _ = press([.character("s"), .character("4"), .enter], &state)
    _ = update(&state, with: .planned(plan(tier, refusal: refusal)))
    return state
  }

  @Test func `s and enter only ask for a plan`() {
    var state = state()
    let effects = press([.character("s"), .character("4"), .enter], &state)
    #expect(effects.contains(.plan(.scale(WorkloadID("wl-chat"), replicas: [RegionID("fra"): 4]))))
    #expect(!effects.contains { if case .perform = $0 { true } else { false } })
  }

  @Test func `y sends after the preview was seen`() {
    var state = opened()
    #expect(press([.character("y")], &state) == [.perform(plan(), .yes)])
    #expect(press([.character("y")], &state) == [], "never twice")
  }

  @Test func `y right after the preview came does not send`() {
    var state = opened()
    #expect(press([.character("y")], &state, after: 0.2) == [])
  }

  @Test(arguments: [
    Key.enter, .character("s"), .character(" "), .control("l"), .control("d"), .control("k"), .tab,
  ])
  func `no other key confirms`(key: Key) {
    var state = opened()
    #expect(press([key], &state) == [])
  }

  @Test func `a paste never confirms`() {
    var state = opened()
    _ = update(&state, with: .tick(state.now.addingTimeInterval(2)))
    #expect(update(&state, with: .paste("y\ny\n")) == [])
    var dangerous = opened(.dangerous)
    #expect(update(&dangerous, with: .paste("chat\n")) == [])
    #expect(press([.enter], &dangerous) == [])
  }

  @Test func `a dangerous plan wants the name`() {
    var state = opened(.dangerous)
    #expect(press([.character("y"), .enter], &state) == [])
    _ = press([.control("u")], &state)
    let typed = press("chat".map { Key.character($0) } + [.enter], &state)
    #expect(typed == [.perform(plan(.dangerous), .typed("chat"))])
  }

  @Test func `a refused plan cannot be confirmed`() {
    var state = opened(refusal: "read-only")
    #expect(press([.character("y"), .enter], &state) == [])
  }

  @Test func `a plan over a minute old is worked out anew`() {
    var state = opened()
    let effects = update(&state, with: .tick(state.now.addingTimeInterval(61)))
    #expect(effects == [.plan(.scale(WorkloadID("wl-chat"), replicas: [RegionID("fra"): 4]))])
    #expect(press([.character("y")], &state) == [])
  }

  @Test func `the selection stays on its deployment when the order changes`() throws {
    var state = state()
    _ = press([.down], &state)
    let chosen = try #require(state.selectedWorkload?.name)
    var facts = FleetFixture.facts()
    FleetFixture.add(
      "zz-dear", type: "gpu-nvidia-h100", region: "fra", ready: 9, bounds: 9...9, to: &facts)
    _ = update(
      &state, with: .fleet(FleetAssembler().snapshot(from: facts, now: FleetFixture.now)))
    #expect(state.selectedWorkload?.name == chosen)
  }

  @Test func `a filter narrows as it is typed and escape takes it back`() {
    var state = state()
    _ = press([.character("/"), .character("e"), .character("m"), .character("b")], &state)
    #expect(state.visible.count == 1)
    _ = press([.escape], &state)
    #expect(state.visible.count == 2)
  }

  @Test func `no two rows of the keymap claim one key`() {
    let keys = Keymap.standard.rows.flatMap(\.keys)
    #expect(keys.count == Set(keys).count)
  }

  @Test(arguments: [true, false])
  func `ten thousand random keys never send anything`(readOnly: Bool) {
    let seed = UInt64.random(in: .min ... .max)
    var random = seed
    func next(_ limit: Int) -> Int {
      random = random &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
      return Int(random >> 33) % limit
    }
    var keys = Keymap.standard.rows.flatMap(\.keys).filter { $0 != .control("c") }
    keys += "abcdefghijklmnopqrstuvwxz0123456789".map { Key.character($0) }
    if readOnly { keys.append(.character("y")) }
    var state = state(readOnly: readOnly)
    for _ in 0..<10_000 {
      _ = update(&state, with: .tick(state.now.addingTimeInterval(Double(next(20)) / 10)))
      var key = keys[next(keys.count)]
      if case .bulk(let dialog) = state.overlay, dialog.typed == "\(dialog.count)", !readOnly,
        key == .enter
      {
        key = .escape
      }
      for effect in update(&state, with: .key(key)) {
        if case .perform = effect { Issue.record("seed \(seed)") }
        if case .performAll = effect { Issue.record("seed \(seed)") }
        if case .planAll(let requests) = effect {
          let planner = ActionPlanner(
            facts: FleetFixture.facts(), isReadOnly: readOnly, now: state.now)
          _ = update(&state, with: .plannedAll(requests.map { planner.plan($0) }))
        }
        if case .plan(let request, _) = effect {
          let plan = ActionPlanner(
            facts: FleetFixture.facts(), isReadOnly: readOnly, now: state.now
          )
          .plan(request)
          _ = update(&state, with: .planned(plan))
        }
      }
    }
  }

  @Test func `every size draws without a line that is too wide`() {
    var state = state()
    for width in [1, 39, 40, 59, 60, 79, 80, 99, 100, 120, 160, 200, 300] {
      for height in [1, 9, 10, 15, 19, 20, 23, 40, 60] {
        state.size = Size(width: width, height: height)
        let frame = draw(state, in: state.size)
        #expect(frame.size == state.size)
      }
    }
  }

  @Test func `a slow line gets the newest frame, not all of them`() {
    let screen = RecordingScreen(size: Size(width: 80, height: 23))
    let mailbox = Mailbox(doorbell: Doorbell())
    let loop = ConsoleLoop(
      state: state(), screen: screen, mailbox: mailbox, services: .silent(at: FleetFixture.now))
    screen.isBehind = true
    for _ in 0..<50 { loop.step([.key(.down), .key(.up)]) }
    #expect(screen.frames == 0)
    screen.isBehind = false
    loop.step([])
    #expect(screen.frames == 1)
    for _ in 0..<20 { loop.step([.key(.down)]) }
    #expect(screen.frames <= 10, "a held key does not make a frame for each press")
  }

  @Test func `which console syncs is said in the header and when it changes`() {
    var state = state()
    func header() -> String {
      let text = draw(state, in: Size(width: 100, height: 30)).plainText()
      return String(text.prefix { $0 != "\n" })
    }
    let before = header()
    #expect(update(&state, with: .duty(.here)).isEmpty)
    #expect(state.notice == nil && header() == before, "the usual is not worth a word")
    _ = update(&state, with: .duty(.elsewhere))
    #expect(state.notice?.text == "another console syncs; this one follows it")
    #expect(header().contains(" follows "))
    _ = update(&state, with: .duty(.here))
    #expect(state.notice?.text == "this console syncs now")
    #expect(header() == before)
  }
}

extension ConsoleServices {
  /// Services that do nothing.
  static func silent(at now: Date) -> ConsoleServices {
    ConsoleServices(
      watchFleet: { AsyncStream { $0.finish() } },
      watchWorkload: { _ in AsyncStream { $0.finish() } },
      plan: { request, waiver in
        ActionPlanner(
          facts: FleetFacts(contextName: "", platformName: "", asOf: now), isReadOnly: true,
          now: now
        ).plan(request, waiver: waiver)
      }, perform: { _, _ in .refused("silent") }, refresh: {}, focus: { _ in }, now: { now })
  }
}
