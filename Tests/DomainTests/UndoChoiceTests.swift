import FoundationEssentials
import TestSupport
import Testing

@testable import Domain

struct UndoChoiceTests {
  private let id = WorkloadID("wl-chat")
  private let served = RevisionID("rev-chat-2")
  private let list = [ScalingOverride(regions: [RegionID("fra")], replicas: 3)]

  private func inverse(
    _ request: ActionRequest, _ outcome: ActionOutcome? = .done, overrides: [ScalingOverride] = [],
    latest: RevisionID? = nil, isRecorded: Bool = true
  ) -> UndoChoice {
    UndoChoice.inverse(
      of: JournalEntry(
        id: 1, at: FleetFixture.now, actor: "me", contextName: "prod", workloadID: id,
        workloadName: "chat", request: request, summary: "", calls: [],
        before: isRecorded
          ? ActionPlan.Precondition(
            version: 1, activeRevisionID: served, latestRevisionID: latest ?? served,
            overrides: overrides) : nil,
        outcome: outcome))
  }

  @Test func `every kind has its opposite`() {
    let bad = RevisionID("rev-chat-3")
    let region = RegionID("fra")
    #expect(inverse(.scale(id, replicas: [region: 2])) == .request(.releaseOverride(id)))
    #expect(
      inverse(.scale(id, replicas: [region: 2]), overrides: list)
        == .request(.setOverrides(id, list)))
    #expect(inverse(.releaseOverride(id), overrides: list) == .request(.setOverrides(id, list)))
    #expect(inverse(.setOverrides(id, list)) == .request(.releaseOverride(id)))
    #expect(
      inverse(.bounds(id, minimum: 1, maximum: 2)) == .request(.rollBack(id, to: served)))
    #expect(inverse(.targets(id, [])) == .request(.rollBack(id, to: served)))
    #expect(inverse(.rollBack(id, to: bad)) == .request(.rollBack(id, to: served)))
    #expect(inverse(.pause(id)) == .request(.resume(id)))
    #expect(inverse(.resume(id)) == .request(.pause(id)))
    #expect(inverse(.cancelRollout(id, bad)) == .request(.rollBack(id, to: bad)))
    #expect(inverse(.restart(id), latest: bad) == .request(.rollBack(id, to: served)))
  }

  @Test(
    arguments: [
      (.refused("x"), "never sent"), (.stale("x"), "never sent"), (.failed("x"), "it failed"),
    ] as [(ActionOutcome, String)])
  func `what did not happen is not taken back`(outcome: ActionOutcome, part: String) {
    guard case .impossible(let reason) = inverse(.pause(id), outcome) else {
      Issue.record("\(outcome) can be undone")
      return
    }
    #expect(reason.contains(part))
  }

  @Test func `what may have happened is taken back`() {
    #expect(inverse(.pause(id), .unknown("x")) == .request(.resume(id)))
    #expect(inverse(.pause(id), nil) == .request(.resume(id)))
    #expect(
      inverse(.rollBack(id, to: RevisionID("x")), .failed("ended as error"))
        == .request(.rollBack(id, to: served)))
  }

  @Test func `an entry that does not tell how it was before is not guessed at`() {
    guard case .impossible = inverse(.pause(id), isRecorded: false) else {
      Issue.record("it was guessed")
      return
    }
  }
}
