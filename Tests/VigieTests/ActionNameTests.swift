import Domain
import Foundation
import TestSupport
import Testing

@testable import vigie

struct ActionNameTests {
  private static let first = "1b2c3d4e-0000-4000-8000-000000000001"
  private static let second = "1b2c3d4e-0000-4000-8000-000000000002"

  private func candidate(_ id: String, _ app: String, _ name: String)
    -> WorkloadReference.Candidate
  {
    WorkloadReference.Candidate(id: WorkloadID(id), name: name, appName: app)
  }

  private var all: [WorkloadReference.Candidate] {
    [
      candidate(Self.first, "assistants", "chat"), candidate(Self.second, "staging", "chat"),
      candidate("9f00aa11-0000-4000-8000-000000000003", "assistants", "embed"),
    ]
  }

  @Test(arguments: [
    ("embed", "9f00aa11"), ("assistants/embed", "9f00aa11"), ("assistants/chat", "1b2c3d4e"),
    ("9f00aa11", "9f00aa11"), (first, "1b2c3d4e"),
  ])
  func `a name, app/name, an identifier and its beginning all find it`(
    text: String, beginning: String
  ) {
    guard case .found(let id) = WorkloadReference.resolve(text, among: all) else {
      Issue.record("\(text) was not found")
      return
    }
    #expect(id.short == beginning)
  }

  @Test func `a name that several have lists them in one sentence`() throws {
    let resolution = WorkloadReference.resolve("chat", among: all)
    let sentence = try #require(WorkloadReference.problem("chat", resolution))
    #expect(sentence.contains("assistants/chat (1b2c3d4e), staging/chat (1b2c3d4e)"))
    guard case .ambiguous = WorkloadReference.resolve("1b2c3d4e", among: all) else {
      Issue.record("a beginning that two share is not decided")
      return
    }
  }

  @Test(arguments: ["nobody", "1b2c3d4", "", "staging/embed"])
  func `what is not there lists what is`(text: String) throws {
    let resolution = WorkloadReference.resolve(text, among: all)
    guard case .unknown = resolution else {
      Issue.record("\(text) gave \(resolution)")
      return
    }
    #expect(try #require(WorkloadReference.problem(text, resolution)).contains("there are"))
  }

  @Test func `a revision is named by its identifier or eight letters of it`() throws {
    let facts = FleetFixture.facts()
    let rows = ["rev-chat-2", "rev-chat-1"].compactMap { facts.revisions[RevisionID($0)] }.map {
      RevisionRow(revision: $0, healthyFor: nil, isActive: false, isLatest: false)
    }
    #expect(
      RevisionReference.resolve("rev-chat-1", among: rows) == .found(RevisionID("rev-chat-1")))
    guard case .problem(let several) = RevisionReference.resolve("rev-chat", among: rows),
      case .problem(let none) = RevisionReference.resolve("rev", among: rows)
    else {
      Issue.record("it was decided")
      return
    }
    #expect(several.contains("rev-chat-2, rev-chat-1"))
    #expect(none.contains("there are"))
  }
}
