import Foundation
import Testing

/// Restart, pause, resume, cancel, targets and undo by script, with every exit status.
@Suite(.serialized)
struct LifecycleCommandTests {
  private func state(_ result: ScriptedCommand) throws -> String? {
    (try result.object()["outcome"] as? [String: Any])?["state"] as? String
  }

  @Test func `what is paused stops, and its undo starts it again`() throws {
    let session = try ScriptedSession()
    let bare = try session.run("pause", "embed", "--yes")
    #expect(bare.status == 3, "\(bare.all)")
    #expect(bare.errors.contains("--confirm embed"), "\(bare.all)")
    let paused = try session.run(
      "pause", "embed", "--yes", "--confirm", "embed", "--wait", "--timeout", "5m")
    #expect(paused.status == 0, "\(paused.all)")
    #expect(paused.output.contains("pause embed: done; journal entry 1"), "\(paused.all)")
    let restart = try session.run("restart", "embed", "--yes", "-o", "json")
    #expect(restart.status == 3, "\(restart.all)")
    #expect(try state(restart) == "refused")
    let undone = try session.run("undo", "1", "--yes", "--wait=5m", "-o", "json")
    #expect(undone.status == 0, "\(undone.all)")
    #expect(undone.errors.contains("takes back journal entry 1: pause embed"), "\(undone.all)")
    let object = try undone.object()
    #expect(object["action"] as? String == "resume")
    #expect(object["undoes_journal_id"] as? Int == 1)
    #expect(try state(undone) == "done")
    #expect(try session.run("resume", "embed", "--yes").status == 3)
    let writes = try session.platform.writes
    #expect(writes.map { $0.split(separator: "/").last } == ["pause", "resume"])
    let verified = try session.run("journal", "verify", "-o", "json").object()
    #expect(verified["is_whole"] as? Bool == true)
  }

  @Test func `a restart is followed, and a rollout under way is cancelled`() throws {
    let session = try ScriptedSession(speed: 2)
    let nothing = try session.run("cancel", "embed", "--yes")
    #expect(nothing.status == 3, "\(nothing.all)")
    #expect(nothing.errors.contains("nothing rolls out"), "\(nothing.all)")
    let started = try session.run("restart", "embed", "--yes", "-o", "json")
    #expect(started.status == 0, "\(started.all)")
    #expect(try state(started) == "accepted")
    let cancelled = try session.run("cancel", "embed", "--yes", "--wait=2m")
    #expect(cancelled.status == 0, "\(cancelled.all)")
    #expect(cancelled.output.contains("cancel embed: done; journal entry"), "\(cancelled.all)")
    let dry = try session.run("restart", "embed", "--dry-run")
    #expect(dry.status == 0)
    #expect(dry.output.contains("POST /v1/services/"), "\(dry.all)")
    #expect(try session.platform.writes.count == 2)
  }

  @Test func `targets and counts are set, and taken back one after the other`() throws {
    let session = try ScriptedSession()
    let targets = try session.run(
      "scale", "embed", "--target", "rps=200", "--target", "latency=250ms@p95", "--yes",
      "--wait=5m")
    #expect(targets.status == 0, "\(targets.all)")
    #expect(targets.output.contains("targets embed: done"), "\(targets.all)")
    func scale(_ count: String) throws -> Int {
      // Old and new replicas may both be ready still: a count far below them asks for the name.
      let result = try session.run(
        "scale", "embed", "--replicas", count, "--yes", "--confirm", "embed", "-o", "json")
      #expect(result.status == 0, "\(result.all)")
      return try #require(try result.object()["journal_id"] as? Int)
    }
    let three = try scale("3")
    let four = try scale("4")
    let second = try session.run("undo", String(four), "--yes")
    #expect(second.status == 0, "\(second.all)")
    #expect(second.output.contains("OVERRIDE embed"), "\(second.all)")
    #expect(second.output.contains("instances par=3"), "\(second.all)")
    let first = try session.run("undo", String(three), "--yes")
    #expect(first.status == 0, "\(first.all)")
    #expect(first.output.contains("since then: \(four) scale, "), "\(first.all)")
    #expect(first.output.contains("RELEASE embed"), "\(first.all)")
    let back = try session.run("undo", "1", "--yes", "--wait=5m")
    #expect(back.status == 0, "\(back.all)")
    #expect(back.output.contains("ROLLBACK embed"), "\(back.all)")
    #expect(try session.run("undo", "99", "--yes").status == 2)
    #expect(try session.run("journal", "verify").status == 0)
  }

  @Test func `what was never sent or changed nothing is not undone`() throws {
    let session = try ScriptedSession()
    try session.platform.setFaults("limited=1,method=POST")
    let failed = try session.run("restart", "embed", "--yes", "-o", "json")
    #expect(failed.status == 1, "\(failed.all)")
    #expect(try state(failed) == "failed")
    try session.platform.setFaults("")
    let undone = try session.run("undo", "1", "--yes", "-o", "json")
    #expect(undone.status == 3, "\(undone.all)")
    #expect(try state(undone) == "refused")
    #expect(undone.errors.contains("undo 1: refused"), "\(undone.all)")
    #expect(try session.platform.writes == [])
  }

  @Test(
    arguments: [
      (["restart", "embed"], "POST"), (["pause", "embed", "--confirm", "embed"], "POST"),
      (["rollback", "embed"], "PUT"), (["scale", "embed", "--min", "2", "--max", "3"], "PUT"),
      (["scale", "embed", "--target", "rps=200"], "PUT"),
    ] as [([String], String)])
  func `every end has its status`(words: [String], method: String) throws {
    let session = try ScriptedSession()
    #expect(try session.run(words + ["--dry-run"]).status == 0)
    #expect(try session.run(words).status == 3)
    #expect(try session.run(words + ["--yes", "--read-only"]).status == 3)
    #expect(try session.run([words[0], "nobody", "--yes"] + words.dropFirst(2)).status == 2)
    #expect(try session.platform.writes == [])
    try session.platform.setFaults("expired=1,method=\(method)")
    let failed = try session.run(words + ["--yes"])
    #expect(failed.status == 1, "\(failed.all)")
    try session.platform.setFaults("reset=1,method=\(method)")
    let unknown = try session.run(words + ["--yes", "-o", "json"])
    #expect(unknown.status == 5, "\(unknown.all)")
    #expect(try state(unknown) == "unknown")
    try session.platform.setFaults("dropped=1,method=\(method)")
    let seen = try session.run(words + ["--yes", "-o", "json"])
    #expect(seen.status == 0, "\(seen.all)")
    #expect(try state(seen) == "accepted")
    #expect(try session.platform.writes.count == 1)
  }

  @Test(arguments: ["restart embed", "scale embed --min 1 --max 3"])
  func `what changed while somebody thought is stale`(line: String) throws {
    let session = try ScriptedSession()
    let terminal = try session.terminal(line.split(separator: " ").map(String.init))
    #expect(terminal.wait(for: "send it? [y/N]"), "\(terminal.text)")
    #expect(try session.run("restart", "embed", "--yes").status == 0)
    terminal.type("y\r")
    #expect(terminal.exitCode() == 4, "\(terminal.text)")
    #expect(try session.platform.writes.count == 1)
  }

  @Test func `what is asked of the fleet can be read by a program`() throws {
    let session = try ScriptedSession(scenario: "bad-deploy")
    let found = try session.run(
      "watch", "--until", "finding=critical", "--timeout", "90s", "-o", "json")
    #expect(found.status == 0, "\(found.all)")
    #expect(try found.objects().first?["severity"] as? String == "critical")
    let waited = try session.run("wait", "embed", "--for", "healthy", "-o", "json")
    #expect(waited.status == 0, "\(waited.all)")
    #expect(try waited.object()["is_met"] as? Bool == true)
    let late = try session.run(
      "wait", "embed", "--for", "replicas=9", "--timeout", "1s", "-o", "json")
    #expect(late.status == 1)
    #expect(try late.object()["is_met"] as? Bool == false)
    for words in [["status", "--no-sync"], ["handover", "--no-sync"]] {
      let result = try session.run(words + ["-o", "json"])
      #expect(result.status == (words[0] == "status" ? 1 : 0), "\(result.all)")
      #expect(try !result.object().isEmpty)
    }
    let history = try session.run("history", "embed", "--no-sync", "-o", "json")
    #expect(try history.objects().count > 1, "\(history.all)")
  }
}
