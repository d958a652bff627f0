import Console
import Domain
import Engine
import Foundation
import Simulator
import Store
import Terminal
import TestSupport
import Testing

/// The same seed and the same time give the same screens.
struct ScreenTests {
  private func snapshot(_ rig: Rig) async throws -> FleetSnapshot {
    _ = await rig.engine.syncOnce()
    await rig.pass(seconds: 150)
    return try rig.feed.snapshot()
  }

  @Test func `the incident looks as it should at every size`() async throws {
    let rig = try await Rig(scenario: .badDeploy)
    let snapshot = try await snapshot(rig)
    let golden = Golden()
    for (width, height) in [(80, 23), (60, 15), (120, 40), (200, 60)] {
      let frame = try frame(snapshot, rig, width, height, "overview", .unicode)
      try golden.expect(frame, equals: "overview-\(width)x\(height)")
    }
    try golden.expect(
      try frame(snapshot, rig, 80, 23, "overview", .ascii), equals: "overview-80x23-ascii")
    for screen in ["deployments", "gpu", "cost", "autoscaler", "chat-large"] {
      try golden.expect(
        try frame(snapshot, rig, 120, 40, screen, .unicode), equals: "\(screen)-120x40")
    }
    await rig.end()
  }

  @Test func `the timeline of the incident looks as it should at every size`() async throws {
    let rig = try await Rig(scenario: .badDeploy)
    _ = try await snapshot(rig)
    try rig.store.record(
      findings: try rig.feed.snapshot().findings, at: rig.simulator.world.now)
    let id = try rig.row("embed").id
    let region = try #require(try rig.row("embed").regions.first?.region)
    let plan = await rig.runner.plan(.scale(id, replicas: [region: 4]))
    _ = await rig.runner.perform(plan, confirmation: .yes)
    let golden = Golden()
    for (width, height) in [(80, 23), (120, 40), (200, 60)] {
      try golden.expect(
        try timeline(rig, width, height, "t").plainText(), equals: "timeline-\(width)x\(height)")
    }
    try golden.expect(
      try timeline(rig, 80, 23, "t/kind:scaling region:fra").plainText(),
      equals: "timeline-80x23-filter")
    await rig.end()
  }

  /// The screen after keys, with the timeline that they ask for.
  private func timeline(
    _ rig: Rig, _ width: Int, _ height: Int, _ keys: String
  ) throws -> Frame {
    let setting = ConsoleState.Setting(
      contextName: "demo", isReadOnly: false, theme: .standard, glyphs: .unicode)
    let snapshot = try rig.feed.snapshot()
    var state = ConsoleState(
      setting: setting, size: Size(width: width, height: height), now: snapshot.asOf)
    _ = update(&state, with: .fleet(snapshot))
    let past = PastFeed(store: rig.store)
    for key in keys {
      for case .readTimeline(let span) in update(&state, with: .key(.character(key))) {
        _ = update(&state, with: .timeline(try past.timeline(in: span)))
      }
    }
    return draw(state, in: state.size)
  }

  private func frame(
    _ snapshot: FleetSnapshot, _ rig: Rig, _ width: Int, _ height: Int, _ screen: String,
    _ glyphs: GlyphSet
  ) throws -> String {
    let setting = ConsoleState.Setting(
      contextName: "demo", isReadOnly: false, theme: .standard, glyphs: glyphs)
    let headless = HeadlessFrame(
      setting: setting, size: Size(width: width, height: height), snapshot: snapshot,
      detail: { try rig.feed.detail(of: $0) })
    return try #require(try headless.frame(screen)).plainText()
  }
}
