import Console
import Domain
import Engine
import Foundation
import Simulator
import Store
import Testing

struct PastJourneyTests {
  /// A bad deployment, seen, rolled back, written up; then the whole of it told from the cache.
  @Test func `an incident can be told afterwards`() async throws {
    let rig = try await Rig(scenario: .badDeploy)
    _ = await rig.engine.syncOnce()
    try note(rig)
    await watch(rig, seconds: 150)
    let id = try rig.row("chat-large").id
    let incident = try rig.store.startIncident("chat-large crashes", at: rig.simulator.world.now)
    let detail = try #require(try rig.feed.detail(of: id))
    let target = try #require(detail.revisions.first { $0.isActive })
    let plan = await rig.runner.plan(.rollBack(id, to: target.revision.id))
    _ = await rig.runner.perform(plan, confirmation: .yes)
    let acted = rig.simulator.world.now
    await watch(rig, seconds: 120)
    try rig.store.endIncident(incident, at: rig.simulator.world.now)
    let end = rig.simulator.world.now
    let past = PastFeed(store: rig.store)
    let timeline = try past.timeline(in: Rig.start.addingTimeInterval(-60)...end)

    // The platform's own feed is told at its own times.
    let failed = try #require(
      timeline.entries.first { $0.kind == .deploy && $0.severity == .critical })
    let said = try #require(
      try rig.store.facts(now: end).activities.first { $0.verb.contains("fail") })
    #expect(failed.at == said.at)
    #expect(failed.workloadName == "chat-large")
    // What began it is told too, at its own time, however soon it failed.
    let culprit = try #require(detail.revisions.first { $0.revision.status.isFailed }).revision
    let born = try #require(
      timeline.entries.first { $0.text.hasPrefix("revision \(culprit.id.short) created: ") })
    #expect(born.at == culprit.createdAt)
    #expect(born.at < failed.at)
    #expect(timeline.entries.count { $0.workloadID == id && $0.severity == .critical } == 2)
    let action = try #require(timeline.entries.first { $0.kind == .action })
    #expect(action.at == acted)
    #expect(action.calls.contains { $0.hasPrefix("PUT /v1/services/") })

    // Before it, the screen is as it was: no finding, and the old revision.
    let before = try past.snapshot(at: Rig.start.addingTimeInterval(1))
    #expect(before.findings.contains { $0.severity == .critical } == false)
    let broken = try past.snapshot(at: acted.addingTimeInterval(-1))
    #expect(broken.findings.first?.kind == .failingRollout)
    #expect(try past.snapshot(at: end).findings.contains { $0.kind == .failingRollout } == false)

    let changes = try #require(
      try past.changes(
        from: Rig.start.addingTimeInterval(1), to: acted.addingTimeInterval(-1), of: id))
    #expect(changes.contains { $0.what == "env MAX_MODEL_LEN" })
    #expect(changes.contains { $0.what == "finding" && $0.old == nil })

    let report = IncidentReport(
      incident: try #require(try rig.store.incidents().first), contextName: "test",
      timeline: timeline, before: before, after: try past.snapshot(at: end), end: end)
    #expect(report.impact.cause == failed.at)
    #expect(report.impact.acted == acted)
    #expect(report.impact.recovered.map { $0 > acted } == true)
    #expect(report.impact.affected == ["chat-large"])
    let text = report.markdown()
    #expect(text.contains("# Incident \(incident): chat-large crashes"))
    #expect(text.contains(WireClock.text(failed.at)))
    #expect(text.contains("PUT /v1/services/\(id)"))
    #expect(!text.contains("CANARY"))
    #expect(report.json().contains("\"recovered_at\""))
    await rig.end()
  }

  @Test func `ten minutes of silence are a gap everywhere`() async throws {
    let rig = try await Rig()
    await watch(rig, seconds: 60, step: 5)
    let silence = rig.simulator.world.now
    rig.simulator.advance(seconds: 600)
    await watch(rig, seconds: 30, step: 5)
    let past = PastFeed(store: rig.store)
    let inside = try past.snapshot(at: silence.addingTimeInterval(300))
    #expect(inside.recording.isGap)
    #expect(inside.workloads.isEmpty)
    #expect(try past.snapshot(at: silence).workloads.count > 10)
    let now = rig.simulator.world.now
    let timeline = try past.timeline(in: Rig.start...now)
    #expect(
      timeline.gaps.contains {
        $0.lowerBound == silence && $0.upperBound.timeIntervalSince($0.lowerBound) >= 600
      })
    #expect(
      try past.changes(from: silence.addingTimeInterval(300), to: now, of: nil) == nil)
    // The sparkline of a GPU has a hole there, not a line across.
    let row = try #require(try past.snapshot(at: now).accelerators.rows.first)
    #expect(row.history?.values.contains { $0 == nil } == true)
    await rig.end()
  }

  private func watch(_ rig: Rig, seconds: Double, step: Double = 15) async {
    var left = seconds
    while left > 0 {
      await rig.pass(seconds: min(step, left), step: step)
      try? note(rig)
      left -= step
    }
  }

  /// What the feed does after each picture.
  private func note(_ rig: Rig) throws {
    let snapshot = try rig.feed.snapshot()
    try rig.store.record(findings: snapshot.findings, at: snapshot.asOf)
  }
}
