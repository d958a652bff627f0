import FoundationEssentials
import TestSupport
import Testing

@testable import Domain

struct RollbackChoiceTests {
  private func row(
    _ id: String, _ status: Revision.Status, healthyFor: Duration? = nil, isActive: Bool = false
  ) -> RevisionRow {
    RevisionRow(
      revision: FleetFixture.revision(
        RevisionID(id), of: "chat", status: status, age: 100, type: "gpu-nvidia-l4", region: "fra",
        bounds: 1...2), healthyFor: healthyFor, isActive: isActive, isLatest: false)
  }

  @Test func `after a bad deployment it is the one that still serves`() {
    let rows = [
      row("c", .error), row("b", .healthy, healthyFor: .seconds(60), isActive: true),
      row("a", .stopped, healthyFor: .seconds(600)),
    ]
    #expect(RollbackChoice.index(in: rows) == 1)
  }

  @Test func `one that never was healthy is passed over`() {
    let rows = [
      row("d", .healthy, healthyFor: .seconds(60), isActive: true), row("c", .error),
      row("b", .stopped, healthyFor: .seconds(600)), row("a", .stopped, healthyFor: .seconds(9)),
    ]
    #expect(RollbackChoice.index(in: rows) == 2)
  }

  @Test func `a draft is neither the present one nor one to go back to`() {
    let rows = [
      row("c", .stashed), row("b", .healthy, isActive: true), row("x", .stashed),
      row("a", .stopped),
    ]
    #expect(RollbackChoice.index(in: rows) == 3)
  }

  @Test func `without an earlier one there is none`() {
    #expect(RollbackChoice.index(in: []) == nil)
    #expect(RollbackChoice.index(in: [row("a", .healthy, isActive: true)]) == nil)
    #expect(RollbackChoice.index(in: [row("b", .healthy), row("a", .stashed)]) == nil)
  }
}
