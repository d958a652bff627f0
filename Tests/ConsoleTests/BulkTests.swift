import Domain
import Foundation
import Terminal
import TestSupport
import Testing

@testable import Console

/// Marks, and one action on all that are marked.
struct BulkTests {
  private let clear = Key.control("\\")

  private func facts(_ extra: [String] = ["rerank", "speech"]) -> FleetFacts {
    var facts = FleetFixture.facts()
    for name in extra {
      FleetFixture.add(
        name, type: "gpu-nvidia-l4", region: "fra", ready: 2, bounds: 2...2, to: &facts)
    }
    return facts
  }

  private func show(_ facts: FleetFacts, _ state: inout ConsoleState) -> [Effect] {
    update(&state, with: .fleet(FleetAssembler().snapshot(from: facts, now: facts.asOf)))
  }

  private func state() -> ConsoleState {
    var state = ConsoleState(
      setting: ConsoleState.Setting(
        contextName: "prod", isReadOnly: false, theme: .standard, glyphs: .unicode),
      size: Size(width: 80, height: 23), now: FleetFixture.now)
    _ = show(facts(), &state)
    return state
  }

  /// Presses keys with time passing between them, and answers what is asked.
  private func press(
    _ keys: [Key], _ state: inout ConsoleState, after pause: Double = 1, isReadOnly: Bool = false
  ) -> [Effect] {
    keys.flatMap { key in
      _ = update(&state, with: .tick(state.now.addingTimeInterval(pause)))
      let effects = update(&state, with: .key(key))
      for case .planAll(let requests) in effects {
        _ = update(&state, with: .plannedAll(plans(requests, state, isReadOnly)))
      }
      return effects
    }
  }

  private func press(_ text: String, _ state: inout ConsoleState) -> [Effect] {
    press(text.map { $0 == "\n" ? .enter : .character($0) }, &state)
  }

  private func plans(
    _ requests: [ActionRequest], _ state: ConsoleState, _ isReadOnly: Bool = false
  ) -> [ActionPlan] {
    let planner = ActionPlanner(facts: facts(), isReadOnly: isReadOnly, now: state.now)
    return requests.map { planner.plan($0) }
  }

  private func dialog(_ state: ConsoleState) throws -> BulkDialog {
    guard case .bulk(let dialog) = state.overlay else {
      throw Missing(overlay: state.overlay)
    }
    return dialog
  }

  private struct Missing: Error {
    let overlay: Overlay?
  }

  private func sent(_ effects: [Effect]) -> [WorkloadID] {
    effects.flatMap { effect -> [WorkloadID] in
      guard case .performAll(let plans, _, _) = effect else { return [] }
      return plans.map(\.request.workloadID)
    }
  }

  private func text(_ state: ConsoleState) -> String { draw(state, in: state.size).plainText() }

  // MARK: - Marks

  @Test func `space marks by identity and unmarks again`() throws {
    var state = state()
    _ = press(" j ", &state)
    #expect(state.marks.count == 2)
    #expect(text(state).contains("2 marked"))
    let names = state.marks.all.map(\.name)
    _ = press("O", &state)
    #expect(state.marks.all.map(\.name) == names, "the order of rows does not matter")
    _ = press("O ", &state)
    #expect(state.marks.count == 1)
    _ = press([clear], &state)
    #expect(state.marks.isEmpty)
    #expect(!text(state).contains("marked"))
  }

  @Test func `a range grows and shrinks with the cursor`() {
    var state = state()
    _ = press("vjj", &state)
    #expect(state.marks.count == 3)
    #expect(text(state).contains("RANGE 3 marked"))
    _ = press("k", &state)
    #expect(state.marks.count == 2)
    _ = press("vj", &state)
    #expect(state.marks.count == 2, "it has ended")
  }

  @Test func `escape drops the range first and then the marks`() {
    var state = state()
    _ = press(" jvj", &state)
    #expect(state.marks.count == 3)
    _ = press([.escape], &state)
    #expect(state.marks.count == 1)
    _ = press([.escape], &state)
    #expect(state.marks.isEmpty)
  }

  @Test func `no mark is set in the past`() {
    var state = state()
    _ = press("T ", &state)
    #expect(state.marks.isEmpty)
  }

  // MARK: - The dialog

  @Test func `the typed number sends each deployment once`() throws {
    var state = state()
    #expect(sent(press(" j j r", &state)) == [])
    #expect(text(state).contains("type 3 to restart 3 deployments"))
    let effects = press("3\n", &state)
    #expect(sent(effects).count == 3)
    #expect(Set(sent(effects)).count == 3)
    guard case .performAll(_, .counted(typed: "3", of: 3), .stop)? = effects.last else {
      Issue.record("\(effects)")
      return
    }
    #expect(press("3\n", &state) == [], "never twice")
  }

  @Test(arguments: ["\n", "2\n", "y\n", "33\n", "rrr", "   ", "3"])
  func `nothing else confirms`(keys: String) {
    var state = state()
    _ = press(" j j r", &state)
    #expect(sent(press(keys, &state)) == [])
  }

  @Test func `a paste never confirms`() {
    var state = state()
    _ = press(" j j r", &state)
    _ = update(&state, with: .tick(state.now.addingTimeInterval(2)))
    #expect(update(&state, with: .paste("3\n")) == [])
    #expect(sent(press([.enter], &state)) == [])
  }

  @Test func `keys typed ahead are dropped`() throws {
    var state = state()
    _ = press(" j j ", &state)
    #expect(sent(press([.character("r"), .character("3"), .enter], &state, after: 0.1)) == [])
    #expect(try dialog(state).typed == "")
  }

  @Test func `the number does not count before the preview was seen`() {
    var state = state()
    _ = press(" j j r", &state)
    #expect(sent(press([.character("3"), .enter], &state, after: 0.33)) == [])
  }

  @Test func `what is hidden and what vanished is named first`() throws {
    var state = state()
    _ = press(" j j j ", &state)
    _ = press("/chat\n", &state)
    var fewer = facts()
    fewer.workloads.removeAll { $0.name == "speech" }
    _ = show(fewer, &state)
    #expect(text(state).contains("4 marked, 3 hidden"))
    _ = press("r", &state)
    let rows = try #require(try dialog(state).plan).rows
    #expect(rows.map(\.target.place) == [.vanished, .hidden, .hidden, .shown])
    #expect(rows[0].target.name == "speech")
    let screen = text(state)
    #expect(screen.contains("VANISHED"))
    #expect(screen.contains("HIDDEN by the filter"))
    #expect(screen.contains("type 3 to restart 3 deployments"))
    #expect(screen.contains("3 requests for 3 of 4"))
  }

  @Test func `one that is left opens its own preview`() {
    var state = state()
    _ = press(" j ", &state)
    var fewer = facts()
    fewer.workloads.removeAll { $0.name == "chat" }
    _ = show(fewer, &state)
    _ = press("r", &state)
    #expect(text(state).contains("one can be done"))
    #expect(press([.enter], &state) == [.plan(.restart(WorkloadID("wl-embed")))])
  }

  @Test func `one mark is a single action whatever is under the cursor`() {
    var state = state()
    _ = press(" jr", &state)
    guard case .confirm(let dialog) = state.overlay else {
      Issue.record("\(String(describing: state.overlay))")
      return
    }
    #expect(dialog.name == state.marks.all[0].name)
  }

  @Test func `scaling several begins blank and refuses zero`() throws {
    var state = state()
    _ = press(" j s", &state)
    #expect(text(state).contains("[ _ ]"))
    #expect(press([.enter], &state) == [])
    #expect(press("0\n", &state) == [])
    _ = press([.backspace], &state)
    let effects = press("5\n", &state)
    guard case .planAll(let requests)? = effects.last else {
      Issue.record("\(effects)")
      return
    }
    #expect(requests.count == 2)
    #expect(text(state).contains("2>5") || text(state).contains("3>5"))
    #expect(text(state).contains("/month in all"))
  }

  @Test func `read-only refuses every row`() throws {
    var state = state()
    _ = press(" j ", &state)
    _ = press([.character("r")], &state, isReadOnly: true)
    #expect(text(state).contains("nothing can be done"))
    #expect(sent(press("2\n0\n", &state)) == [])
  }

  @Test func `old plans are worked out anew and keep the number`() throws {
    var state = state()
    _ = press(" j r", &state)
    _ = press("2", &state)
    let effects = update(&state, with: .tick(state.now.addingTimeInterval(61)))
    guard case .planAll(let requests)? = effects.last else {
      Issue.record("\(effects)")
      return
    }
    #expect(sent(press([.enter], &state)) == [], "not while it is worked out")
    _ = update(&state, with: .plannedAll(plans(requests, state)))
    #expect(try dialog(state).typed == "2")
    #expect(sent(press([.enter], &state)).count == 2)
  }

  @Test func `a new revision under one of them makes the plans anew`() {
    var state = state()
    _ = press(" j r", &state)
    var snapshot = FleetAssembler().snapshot(from: facts(), now: state.now)
    for index in snapshot.workloads.indices where snapshot.workloads[index].name == "chat" {
      snapshot.workloads[index].revisionID = RevisionID("rev-chat-3")
    }
    let effects = update(&state, with: .fleet(snapshot))
    #expect(effects.contains { if case .planAll = $0 { true } else { false } })
  }

  // MARK: - While it runs

  private func running(_ state: inout ConsoleState) -> [WorkloadID] {
    _ = press(" j j r", &state)
    return sent(press("e3\n", &state))
  }

  @Test func `each row tells what came of it`() throws {
    var state = state()
    let ids = running(&state)
    #expect(try dialog(state).onError == .goOn)
    _ = update(&state, with: .progressed(.began(ids[0])))
    #expect(text(state).contains("sending"))
    #expect(text(state).contains("waits"))
    _ = update(&state, with: .progressed(.ended(ids[0], .accepted(nil))))
    _ = update(
      &state, with: .progressed(.ended(ids[1], .stale("it is old"))))
    #expect(text(state).contains("stale, not sent"))
    _ = update(&state, with: .progressed(.ended(ids[2], .failed("no room"))))
    #expect(update(&state, with: .progressed(.finished)) == [.refresh])
    #expect(text(state).contains("1 accepted, 2 not, 0 not sent"))
    #expect(state.pending[ids[0]] == "restart")
    _ = press([.escape], &state)
    #expect(state.overlay == nil)
    #expect(state.marks.count == 2, "what was not done stays marked")
  }

  @Test func `escape stops before the next`() throws {
    var state = state()
    let ids = running(&state)
    _ = update(&state, with: .progressed(.began(ids[0])))
    #expect(press([.escape], &state) == [.stopAll])
    #expect(try dialog(state).stage == .stopping)
    #expect(press([.escape], &state) == [])
    _ = update(&state, with: .progressed(.ended(ids[0], .accepted(nil))))
    _ = update(&state, with: .progressed(.finished))
    #expect(text(state).contains("1 accepted, 0 not, 2 not sent"))
  }
}
