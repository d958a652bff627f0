import Domain
import Foundation
import Terminal
import TestSupport
import Testing

@testable import Console

/// The actions menu, restart, and undo.
struct MenuTests {
  private func state(
    readOnly: Bool = false, change: (inout FleetSnapshot) -> Void = { _ in }
  ) -> ConsoleState {
    var state = ConsoleState(
      setting: ConsoleState.Setting(
        contextName: "prod", isReadOnly: readOnly, theme: .standard, glyphs: .unicode),
      size: Size(width: 80, height: 23), now: FleetFixture.now)
    var snapshot = FleetAssembler().snapshot(from: FleetFixture.facts(), now: FleetFixture.now)
    change(&snapshot)
    _ = update(&state, with: .fleet(snapshot))
    return state
  }

  private func press(_ keys: [Key], _ state: inout ConsoleState) -> [Effect] {
    keys.flatMap { key in
      _ = update(&state, with: .tick(state.now.addingTimeInterval(1)))
      return update(&state, with: .key(key))
    }
  }

  private func type(_ text: String, _ state: inout ConsoleState) -> [Effect] {
    press(text.map { $0 == "\n" ? .enter : .character($0) }, &state)
  }

  private func text(_ state: ConsoleState) -> String { draw(state, in: state.size).plainText() }

  private func entry(
    _ id: Int64, _ request: ActionRequest, name: String, ago: Double = 60,
    outcome: ActionOutcome? = .done, overrides: [ScalingOverride] = [], context: String = "prod"
  ) -> JournalEntry {
    JournalEntry(
      id: id, at: FleetFixture.now.addingTimeInterval(-ago), actor: "ana", contextName: context,
      workloadID: request.workloadID, workloadName: name, request: request, summary: "fra 2>4",
      calls: [ActionCall(method: "PUT", path: "/v1/services/x/scale", summary: "")],
      before: ActionPlan.Precondition(
        version: 7, activeRevisionID: RevisionID("rev-\(name)-2"),
        latestRevisionID: RevisionID("rev-\(name)-2"), overrides: overrides), outcome: outcome)
  }

  private let chat = WorkloadID("wl-chat")
  private let embed = WorkloadID("wl-embed")

  // MARK: - Menu

  @Test func `the menu tells the keys and what stands in the way`() {
    var state = state()
    #expect(type("a", &state) == [])
    let screen = text(state)
    #expect(screen.contains("ACTIONS"))
    #expect(screen.contains("resume after a pause - it is not paused"))
    #expect(screen.contains("cancel the rollout - no rollout is on its way"))
    #expect(screen.contains("release the manual count - no manual count is set"))
    #expect(screen.contains("undo what was done last - nothing was done to it from here"))
  }

  @Test func `letters narrow it and enter opens a preview`() {
    var state = state()
    #expect(type("apause:", &state) == [])
    _ = press([.control("u")], &state)
    #expect(type("restart\n", &state) == [.plan(.restart(chat))])
    guard case .confirm = state.overlay else {
      Issue.record("no preview")
      return
    }
  }

  @Test func `what cannot be done is said and not chosen`() {
    var state = state()
    #expect(type("aresume\n", &state) == [])
    #expect(state.notice?.text.contains("it is not paused") == true)
    var paused = self.state { snapshot in
      for index in snapshot.workloads.indices { snapshot.workloads[index].condition = .paused }
    }
    #expect(type("aresume\n", &paused) == [.plan(.resume(chat))])
  }

  @Test func `read-only refuses all that acts and lets look`() throws {
    let state = state(readOnly: true)
    let menu = ActionMenu(subject: .one(chat, name: "chat"))
    for choice in menu.choices(in: state) {
      #expect((choice.obstacle != nil) == choice.action.acts, "\(choice)")
    }
  }

  @Test(arguments: RowAction.allCases)
  func `every choice that changes something only opens a preview`(action: RowAction) {
    var state = state()
    let row = state.fleet?.workloads[0]
    guard let row, action.obstacle(for: row) == nil else { return }
    let effects = act(action, on: row, &state)
    #expect(!effects.contains { if case .perform = $0 { true } else { false } })
  }

  @Test func `r plans a restart and r again does not confirm it`() {
    var state = state()
    #expect(type("r", &state) == [.plan(.restart(chat))])
    let plan = ActionPlanner(facts: FleetFixture.facts(), isReadOnly: false, now: state.now)
      .plan(.restart(chat))
    _ = update(&state, with: .planned(plan))
    #expect(type("r\nr", &state) == [])
    #expect(type("y", &state) == [.perform(plan, .yes)])
  }

  // MARK: - Undo

  @Test func `U proposes the inverse of what was done last to the deployment`() {
    var state = state { snapshot in
      snapshot.journal = [
        entry(2, .scale(embed, replicas: [RegionID("par"): 4]), name: "embed"),
        entry(
          1, .scale(chat, replicas: [RegionID("fra"): 4]), name: "chat", ago: 600,
          overrides: [ScalingOverride(regions: [RegionID("fra")], replicas: 3)]),
      ]
    }
    let before = ScalingOverride(regions: [RegionID("fra")], replicas: 3)
    #expect(type("U", &state) == [.plan(.setOverrides(chat, [before]))])
    guard case .confirm(let dialog) = state.overlay else { return }
    #expect(dialog.takesBack?.contains("scale fra 2>4") == true)
    #expect(dialog.takesBack?.contains("by ana") == true)
  }

  @Test func `with none of its own it proposes the newest of all`() {
    var state = state { snapshot in
      snapshot.journal = [
        entry(3, .restart(embed), name: "embed"),
        entry(2, .scale(embed, replicas: [RegionID("par"): 4]), name: "embed", outcome: .done),
        entry(1, .scale(chat, replicas: [:]), name: "chat", context: "other"),
      ]
    }
    #expect(type("U", &state) == [.plan(.releaseOverride(embed))])
  }

  @Test func `nothing to undo is one sentence`() {
    var state = state()
    #expect(type("U", &state) == [])
    #expect(state.notice?.text == "nothing was done from here, so there is nothing to undo")
    var restarted = self.state { $0.journal = [entry(1, .restart(chat), name: "chat")] }
    #expect(type("U", &restarted) == [])
    #expect(
      restarted.notice?.text == "restart chat: a restart changes nothing that could be taken back")
  }

  @Test func `in the journal the chosen entry is undone`() {
    var state = state { snapshot in
      snapshot.journal = [
        entry(2, .scale(chat, replicas: [RegionID("fra"): 4]), name: "chat"),
        entry(1, .pause(embed), name: "embed"),
      ]
    }
    _ = type("@j", &state)
    #expect(type("U", &state) == [.plan(.resume(embed))])
  }

  @Test func `commands plan and never send`() {
    var state = state {
      $0.journal = [entry(7, .scale(chat, replicas: [RegionID("fra"): 4]), name: "chat")]
    }
    #expect(type(":restart embed\n", &state) == [.plan(.restart(embed))])
    _ = press([.escape], &state)
    #expect(type(":pause chat\n", &state) == [.plan(.pause(chat))])
    _ = press([.escape], &state)
    #expect(type(":resume chat\n", &state) == [])
    #expect(state.notice?.text == "chat: it is not paused")
    #expect(type(":undo 7\n", &state) == [.plan(.releaseOverride(chat))])
    _ = press([.escape], &state)
    #expect(type(":undo 8\n", &state) == [])
    #expect(type(":undo x\n", &state) == [])
    #expect(text(state).contains("undo which?"))
    _ = press([.escape], &state)
    #expect(type(":cancel\n", &state) == [])
    #expect(type(":release\n", &state) == [])
  }

  @Test(arguments: [Key.control("d"), .control("k")])
  func `keys that delete elsewhere do nothing`(key: Key) {
    var state = state()
    #expect(press([.character(" "), key], &state) == [])
    #expect(state.overlay == nil)
  }
}
