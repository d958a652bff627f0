import Console
import Domain
import Engine
import Foundation
import Simulator
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
