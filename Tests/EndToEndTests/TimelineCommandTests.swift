import Foundation
import Testing

/// The timeline by script: the same filters as on screen.
@Suite(.serialized)
struct TimelineCommandTests {
  @Test func `the timeline is filtered by kind, workload and region`() throws {
    let session = try ScriptedSession()
    let scaled = try session.run("scale", "embed", "--replicas", "4", "--yes", "--wait")
    #expect(scaled.status == 0, "\(scaled.all)")
    let all = try session.run("timeline", "--since", "-2d", "-o", "json").objects()
    for entry in all {
      #expect(
        Set(entry.keys) == [
          "at", "kind", "severity", "deployment", "region", "text", "actor", "calls",
        ])
    }
    func found(_ arguments: String...) throws -> [[String: Any]] {
      try session.run(["timeline", "--since", "-2d", "-o", "json"] + arguments).objects()
    }
    let actions = try found("--kind", "action")
    #expect(actions.count == 1)
    #expect(actions.first?["deployment"] as? String == "embed")
    #expect((actions.first?["calls"] as? [String])?.first?.hasPrefix("PUT /v1/services/") == true)
    let region = try #require(actions.first?["region"] as? String, "embed is scaled in one region")
    let here = try found("--region", region)
    #expect(!here.isEmpty)
    #expect(here.allSatisfy { $0["region"] as? String == region })
    // The platform's clock runs ahead: more of what it said has its time by now.
    #expect(here.count >= all.count { $0["region"] as? String == region })
    let words = try found("kind:action", "workload:embed", "region:\(region)")
    #expect(words.count == 1)
    #expect(try found("--kind", "action", "--workload", "rerank").isEmpty)
    let both = try found("--kind", "action", "--kind", "deploy")
    #expect(Set(both.compactMap { $0["kind"] as? String }).isSubset(of: ["action", "deploy"]))
    #expect(both.count >= actions.count)
    let table = try session.run("timeline", "--since", "-2d", "--kind", "action")
    let lines = table.output.split(separator: "\n")
    #expect(lines.count == 2, "\(table.all)")
    #expect(
      lines.first?.split(separator: " ") == ["AT", "KIND", "REGION", "DEPLOYMENT", "TEXT", "ACTOR"])
    #expect(lines.last?.contains(" action  \(region) ") == true, "\(table.all)")
  }

  @Test(arguments: [["--kind", "crash"], ["kind:crash"]])
  func `an unknown kind is one sentence that names the known ones`(arguments: [String]) throws {
    let session = try ScriptedSession()
    let result = try session.run(["timeline"] + arguments)
    #expect(result.status == 2)
    #expect(result.output.isEmpty)
    #expect(
      result.errors
        == "vigie: kinds are deploy, status, scaling, finding, action, gap and note, not 'crash'\n")
  }
}
