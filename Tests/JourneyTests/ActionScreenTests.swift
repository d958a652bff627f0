import Console
import Domain
import Engine
import Foundation
import Terminal
import TestSupport
import Testing

/// How marks, the actions menu and an action on several look.
struct ActionScreenTests {
  private func state(_ rig: Rig, _ width: Int, _ height: Int) throws -> ConsoleState {
    let setting = ConsoleState.Setting(
      contextName: "demo", isReadOnly: false, theme: .standard, glyphs: .unicode)
    let snapshot = try rig.feed.snapshot()
    var state = ConsoleState(
      setting: setting, size: Size(width: width, height: height), now: snapshot.asOf)
    _ = update(&state, with: .fleet(snapshot))
    return state
  }

  /// Presses keys with time between them, a new line for enter, and plans what is asked for.
  private func press(
    _ text: String, _ state: inout ConsoleState, _ rig: Rig, after pause: Double = 0.05
  ) async {
    for character in text {
      _ = update(&state, with: .tick(state.now.addingTimeInterval(pause)))
      let key = character == "\n" ? Key.enter : .character(character)
      for effect in update(&state, with: .key(key)) {
        switch effect {
        case .planAll(let requests):
          var plans = await rig.runner.plans(requests)
          for index in plans.indices where plans[index].workloadName == "ocr-batch" {
            plans[index].isProtected = true
          }
          _ = update(&state, with: .plannedAll(plans))
        case .plan(let request, _):
          _ = update(&state, with: .planned(await rig.runner.plan(request)))
        default: break
        }
      }
    }
  }

  private func text(_ state: ConsoleState) -> String { draw(state, in: state.size).plainText() }

  @Test func `marks and the menu look as they should`() async throws {
    let rig = try await Rig()
    _ = await rig.engine.syncOnce()
    await rig.pass(seconds: 60)
    let golden = Golden()
    var state = try state(rig, 80, 23)
    await press("a", &state, rig)
    try golden.expect(text(state), equals: "actions-80x23")
    _ = update(&state, with: .key(.escape))
    await press("N jj vjj", &state, rig)
    try golden.expect(text(state), equals: "marks-80x23")
    await press("va", &state, rig)
    try golden.expect(text(state), equals: "actions-marked-80x23")
    await rig.end()
  }

  @Test(arguments: [(80, 23), (120, 40)])
  func `an action on several names what is not seen first`(width: Int, height: Int) async throws {
    let rig = try await Rig()
    _ = await rig.engine.syncOnce()
    await rig.pass(seconds: 60)
    var state = try state(rig, width, height)
    let golden = Golden()
    for name in ["chat-eu", "embed", "gateway", "ocr-batch", "rerank"] {
      await press("/name:\(name)\n ", &state, rig)
      _ = update(&state, with: .key(.control("u")))
    }
    await press("/e\n", &state, rig)
    await press("/gateway\n", &state, rig)
    _ = update(&state, with: .key(.control("u")))
    await press("/region:par\n", &state, rig)
    var snapshot = try rig.feed.snapshot()
    snapshot.workloads.removeAll { $0.name == "embed" }
    _ = update(&state, with: .fleet(snapshot))
    await press("s6\n3", &state, rig, after: 0.8)
    try golden.expect(text(state), equals: "bulk-\(width)x\(height)")
    let plans: [ActionPlan]
    if case .bulk(let dialog) = state.overlay {
      plans = dialog.plan?.sendable ?? []
    } else {
      plans = []
    }
    #expect(plans.count == 3)
    await press("\n", &state, rig, after: 0.8)
    let outcomes: [BulkProgress] = [
      .began(plans[0].request.workloadID),
      .ended(plans[0].request.workloadID, .accepted(nil)),
      .began(plans[1].request.workloadID),
    ]
    for outcome in outcomes { _ = update(&state, with: .progressed(outcome)) }
    try golden.expect(text(state), equals: "bulk-running-\(width)x\(height)")
    await rig.end()
  }
}
