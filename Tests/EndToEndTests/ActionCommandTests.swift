import Foundation
import Testing

/// The guarded actions by script: each command with its exit status and what it sent.
@Suite(.serialized)
struct ActionCommandTests {
  private static let scale = ["scale", "embed", "--replicas", "4"]

  @Test func `a dry run shows the plan and sends nothing`() throws {
    let session = try ScriptedSession()
    let result = try session.run(Self.scale + ["--dry-run"])
    #expect(result.status == 0, "\(result.all)")
    for part in ["SCALE embed  retrieval", "->  4", "cost", "USD", "call", "PUT /v1/services/"] {
      #expect(result.output.contains(part), "\(part): \(result.all)")
    }
    let json = try session.run(Self.scale + ["--dry-run", "-o", "json"]).object()
    #expect(json["outcome"] is NSNull)
    #expect(json["journal_id"] is NSNull)
    #expect(try session.platform.writes == [])
    #expect(try session.run("journal", "list", "-o", "json").objects().isEmpty)
  }

  @Test(
    arguments: [
      (["--read-only", "--yes"], [:], "read-only"),
      (["--yes"], ["VIGIE_READ_ONLY": "1"], "read-only"),
      ([], [:], "--yes"), (["--yes", "--confirm", "rerank"], [:], "rerank"),
      (["--read-only", "--dry-run"], [:], "read-only"),
    ] as [([String], [String: String], String)])
  func `what may not be sent is refused, and is not sent`(
    words: [String], setting: [String: String], part: String
  ) throws {
    let session = try ScriptedSession()
    let result = try session.run(Self.scale + words + ["-o", "json"], setting: setting)
    #expect(result.status == 3, "\(result.all)")
    #expect(result.errors.contains(part), "\(result.all)")
    let outcome = try #require(try result.object()["outcome"] as? [String: Any])
    #expect(outcome["state"] as? String == "refused")
    #expect(try session.platform.writes == [])
  }

  @Test func `a dangerous plan needs the name as well as a yes`() throws {
    let session = try ScriptedSession()
    let bounds = ["scale", "embed", "--min", "0", "--max", "3"]
    let bare = try session.run(bounds + ["--yes"])
    #expect(bare.status == 3, "\(bare.all)")
    #expect(bare.errors.contains("--confirm embed"))
    #expect(try session.platform.writes == [])
    let named = try session.run(bounds + ["--yes", "--confirm", "embed", "--wait"])
    #expect(named.status == 0, "\(named.all)")
    #expect(named.output.contains("bounds embed: done; journal entry 1"), "\(named.all)")
    #expect(try session.platform.writes.count == 1)
  }

  @Test func `a scale is sent once, arrives, and is released`() throws {
    let session = try ScriptedSession()
    let scaled = try session.run(Self.scale + ["--yes", "--wait", "-o", "json"])
    #expect(scaled.status == 0, "\(scaled.all)")
    let object = try scaled.object()
    #expect(Set(object.keys) == ["action", "workload", "plan", "outcome", "journal_id"])
    #expect(object["action"] as? String == "scale")
    #expect((object["outcome"] as? [String: Any])?["state"] as? String == "done")
    #expect(object["journal_id"] as? Int == 1)
    let plan = try #require(object["plan"] as? [String: Any])
    for key in ["regions", "cost_per_hour_before", "cost_per_hour_after", "remarks", "calls"] {
      #expect(plan[key] != nil, "\(key)")
    }
    #expect(scaled.errors.contains("of 4 ready"), "\(scaled.all)")
    let id = try #require((object["workload"] as? [String: Any])?["id"] as? String)
    #expect(try session.platform.writes == ["PUT /v1/services/\(id)/scale"])
    #expect(try session.run("wait", "embed", "--for", "replicas=4", "--timeout", "30s").status == 0)
    let late = try session.run("wait", "embed", "--for", "replicas=9", "--timeout", "1s")
    #expect(late.status == 1, "\(late.all)")
    let again = try session.run(Self.scale + ["--yes"])
    #expect(again.status == 3)
    #expect(again.errors.contains("nothing would change"), "\(again.all)")
    let held = try session.run("handover", "-o", "json").object()
    #expect((held["overrides"] as? [[String: Any]])?.first?["replicas"] as? Int == 4)
    let released = try session.run("release", String(id.prefix(8)), "--yes", "--wait")
    #expect(released.status == 0, "\(released.all)")
    #expect(try session.platform.writes.last == "DELETE /v1/services/\(id)/scale")
    #expect(try session.run("release", "retrieval/embed", "--yes").status == 3)
    #expect(try session.platform.writes.count == 2)
    try checkJournal(session)
  }

  private func checkJournal(_ session: ScriptedSession) throws {
    let entries = try session.run("journal", "list", "-o", "json").objects()
    #expect(entries.map { $0["action"] as? String } == ["release", "scale"])
    let states = entries.map { ($0["outcome"] as? [String: Any])?["state"] as? String }
    #expect(states == ["done", "done"])
    let shown = try session.run("journal", "show", "1")
    #expect(shown.status == 0)
    #expect(shown.output.contains("PUT /v1/services/"), "\(shown.all)")
    #expect(try session.run("journal", "show", "99").status == 2)
    #expect(try session.run("journal", "verify").status == 0)
  }

  @Test func `a bad deployment is seen, rolled back, and healed`() throws {
    let session = try ScriptedSession(scenario: "bad-deploy")
    let seen = try session.run("watch", "--until", "finding=critical", "--timeout", "90s")
    #expect(seen.status == 0, "\(seen.all)")
    #expect(seen.output.contains("chat-large"), "\(seen.all)")
    let status = try session.run("status", "-o", "json")
    #expect(status.status == 1, "\(status.all)")
    #expect(try status.object()["worst"] as? String == "critical")
    let before = try session.run("history", "chat-large", "-o", "json").objects()
    #expect(before.first?["status"] as? String == "ERROR")
    #expect(before.dropFirst().first?["active"] as? Bool == true)
    let healed = try session.run("rollback", "chat-large", "--yes", "--wait", "-o", "json")
    #expect(healed.status == 0, "\(healed.all)")
    let outcome = try #require(try healed.object()["outcome"] as? [String: Any])
    #expect(outcome["state"] as? String == "done")
    let writes = try session.platform.writes
    #expect(writes.count == 1 && writes[0].hasPrefix("PUT /v1/services/"), "\(writes)")
    let well = try session.run("wait", "chat-large", "--for", "healthy", "--timeout", "60s")
    #expect(well.status == 0, "\(well.all)")
    let text = try session.run("status")
    #expect(!text.output.contains("x chat-large"), "\(text.all)")
    let after = try session.run("history", "chat-large")
    #expect(after.output.contains("serves now"), "\(after.all)")
    let handover = try session.run("handover", "--hours", "1")
    #expect(handover.status == 0)
    #expect(handover.output.contains("rollback chat-large"), "\(handover.all)")
    #expect(handover.output.contains("actions: 1"), "\(handover.all)")
  }

  @Test func `no answer is not known, and is not sent again`() throws {
    let session = try ScriptedSession()
    try session.platform.setFaults("reset=1,method=PUT")
    let result = try session.run(Self.scale + ["--yes", "-o", "json"])
    #expect(result.status == 5, "\(result.all)")
    #expect(try result.object()["journal_id"] as? Int == 1)
    #expect(try session.platform.writes == [])
    let entries = try session.run("journal", "list", "-o", "json").objects()
    #expect((entries.first?["outcome"] as? [String: Any])?["state"] as? String == "unknown")
  }

  @Test func `what changed between the plan and the yes makes it stale`() throws {
    let session = try ScriptedSession()
    let terminal = try session.terminal(Self.scale)
    #expect(terminal.wait(for: "send it? [y/N]"), "\(terminal.text)")
    #expect(try session.platform.writes == [])
    #expect(try session.run("scale", "embed", "--replicas", "3", "--yes").status == 0)
    terminal.type("y\r")
    #expect(terminal.exitCode() == 4, "\(terminal.text)")
    #expect(terminal.text.contains("stale"), "\(terminal.text)")
    #expect(try session.platform.writes.count == 1)
  }

  @Test(arguments: ["n\r", "\r", "\u{4}", "Y es\r"])
  func `anything but a yes sends nothing`(answer: String) throws {
    let session = try ScriptedSession()
    let terminal = try session.terminal(Self.scale)
    #expect(terminal.wait(for: "send it? [y/N]"), "\(terminal.text)")
    terminal.type(answer)
    #expect(terminal.exitCode() == 3, "\(terminal.text)")
    #expect(try session.platform.writes == [])
  }

  @Test func `a wrong command line is told as one, and nothing is sent`() throws {
    let session = try ScriptedSession()
    for words in [
      ["scale", "embed"], ["scale", "embed", "--min", "1"], ["scale", "embed", "--replicas", "x"],
      ["scale", "nobody", "--replicas", "2", "--yes"], ["release"], ["wait", "embed"],
      ["wait", "embed", "--for", "tomorrow"], ["watch", "--until", "doom"],
      ["rollback", "chat-large", "--to", "ffffffff", "--yes"], ["history", "chat"],
      ["handover", "--hours", "0"],
    ] {
      let result = try session.run(words)
      #expect(result.status == 2, "\(words): \(result.all)")
    }
    let unknown = try session.run("history", "chat")
    #expect(unknown.errors.contains("assistants/chat-large"), "\(unknown.all)")
    #expect(unknown.errors.split(separator: "\n").count == 1, "\(unknown.all)")
    #expect(try session.platform.writes == [])
  }

  @Test func `a platform that is away is a failure, not a wrong name`() throws {
    let session = try ScriptedSession()
    let away = ["KOYEB_URL": "http://127.0.0.1:9"]
    #expect(try session.run(["status"], setting: away).status == 1)
    let result = try session.run(Self.scale + ["--yes"], setting: away)
    #expect(result.status == 1, "\(result.all)")
  }

  @Test(arguments: [
    "scale", "release", "rollback", "restart", "pause", "resume", "cancel", "undo",
  ])
  func `the help names every exit status`(command: String) throws {
    let home = try TemporaryHome()
    let result = try ScriptedCommand([command, "--help"], home: home.url, environment: [:])
    #expect(result.status == 0)
    let text = result.output.split(whereSeparator: \.isWhitespace).joined(separator: " ")
    for part in ["0 accepted", "1 failed", "2 the", "3 refused", "4 stale", "5 sent"] {
      #expect(text.contains(part), "\(part): \(result.all)")
    }
  }
}
