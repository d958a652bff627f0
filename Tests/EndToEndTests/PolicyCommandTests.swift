import Foundation
import Testing

/// Policies by script, on a simulated platform: what is refused is refused by name, and not sent.
@Suite(.serialized)
struct PolicyCommandTests {
  private func session(_ policies: String) throws -> ScriptedSession {
    let session = try ScriptedSession()
    try write(policies, session)
    return session
  }

  private func write(_ text: String, _ session: ScriptedSession) throws {
    let folder = session.home.appending(path: ".config/vigie")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    let file = folder.appending(path: "config.toml")
    try text.write(to: file, atomically: true, encoding: .utf8)
    try FileManager.default.setAttributes([.posixPermissions: 0o600], ofItemAtPath: file.path)
  }

  private static let pinned = """
    [[policy]]
    name = "eu-only"
    match = { workload = ["rerank", "embed"] }
    residency = ["EU"]
    """

  private static let frozen = """
    [[policy]]
    name = "long-freeze"
    match = { app = "retrieval" }
    freeze = "2020-01-01 00:00..2999-01-01 00:00 Europe/Paris"
    """

  @Test func `a pinned service is refused abroad and scaled at home`() throws {
    let session = try session(Self.pinned)
    let abroad = try session.run(
      "scale", "rerank", "--replicas", "2", "--region", "na", "--yes", "-o", "json")
    #expect(abroad.status == 3, "\(abroad.all)")
    let plan = try #require(try abroad.object()["plan"] as? [String: Any])
    #expect(plan["refused_by"] as? String == "eu-only")
    #expect(
      plan["refusal"] as? String
        == "policy 'eu-only': rerank must stay in EU, and na (US) is not there")
    #expect(try session.platform.writes == [])
    let home = try session.run("scale", "rerank", "--replicas", "2", "--region", "fra", "--yes")
    #expect(home.status == 0, "\(home.all)")
    #expect(try session.platform.writes.count == 1)
    let rows = try session.run("get", "deployments", "-o", "json").objects()
    let residency = rows.first { $0["name"] as? String == "rerank" }?["residency"]
    #expect((residency as? [String: Any])?["required"] as? [String] == ["EU"])
    #expect(rows.contains { $0["residency"] is NSNull })
  }

  @Test func `what runs abroad is found, and may be taken home`() throws {
    let session = try session(
      "[[policy]]\nname = \"home\"\nmatch = { workload = \"chat-large\" }\nresidency = \"EU\"")
    let findings = try session.run("get", "findings", "-o", "json").objects()
    let finding = try #require(findings.first { $0["kind"] as? String == "residency" })
    #expect(finding["severity"] as? String == "critical")
    let report = try session.run("policy", "chat-large", "-o", "json").object()
    #expect(
      (report["residency"] as? [String: Any])?["policy"] as? String == "home", "\(report)")
    let fewer = try session.run(
      "scale", "chat-large", "--replicas", "1", "--dry-run", "-o", "json")
    #expect(fewer.status == 0, "\(fewer.all)")
    #expect(fewer.output.contains("outside EU"))
  }

  @Test func `a freeze refuses, and a reason sets it aside and is kept`() throws {
    let session = try session(Self.frozen)
    let scale = ["scale", "embed", "--replicas", "4"]
    let refused = try session.run(scale + ["--yes"])
    #expect(refused.status == 3, "\(refused.all)")
    #expect(
      refused.errors.contains("policy 'long-freeze': frozen until 2999-01-01 00:00 Europe/Paris"),
      "\(refused.all)")
    let bare = try session.run(scale + ["--yes", "--override-freeze", "page 12"])
    #expect(bare.status == 3, "\(bare.all)")
    #expect(bare.errors.contains("--confirm embed"))
    #expect(try session.run(scale + ["--yes", "--override-freeze", " "]).status == 2)
    #expect(try session.platform.writes == [])
    let sent = try session.run(
      scale + ["--yes", "--confirm", "embed", "--override-freeze", "page 12", "-o", "json"])
    #expect(sent.status == 0, "\(sent.all)")
    #expect(try session.platform.writes.count == 1)
    let shown = try session.run("journal", "show", "1", "-o", "json").object()
    let waiver = try #require(shown["waiver"] as? [String: Any])
    #expect(waiver["reason"] as? String == "page 12")
    #expect(waiver["policy"] as? String == "long-freeze")
    #expect(
      try session.run("journal", "show", "1").output
        .contains("policy 'long-freeze' set aside: page 12"))
    let told = try session.run("timeline", "--since", "-10m", "--kind", "action")
    #expect(told.output.contains("set aside: page 12"), "\(told.all)")
    #expect(try session.run("journal", "verify").status == 0)
  }

  @Test func `policies that cannot be read refuse every action and are told with their line`()
    throws
  {
    let session = try session(Self.frozen + "\nfreze = true\n")
    let refused = try session.run("scale", "embed", "--replicas", "4", "--yes")
    #expect(refused.status == 3, "\(refused.all)")
    #expect(refused.errors.contains("policies cannot be read: "), "\(refused.all)")
    #expect(refused.errors.contains("config.toml:5: "), "\(refused.all)")
    #expect(try session.run("status").output.contains("policies"))
    #expect(try session.run("info").output.contains("config.toml:5: "))
    let policy = try session.run("policy")
    #expect(policy.status == 2, "\(policy.all)")
    #expect(policy.errors.contains("config.toml:5: "))
    #expect(try session.platform.writes == [])
  }

  @Test func `the policies are printed with what holds`() throws {
    let session = try session(Self.pinned + "\n\n" + Self.frozen)
    let all = try session.run("policy")
    #expect(all.status == 0, "\(all.all)")
    for part in ["eu-only", "must stay in EU", "FROZEN until 2999", "na US", "fra EU"] {
      #expect(all.output.contains(part), "\(part): \(all.all)")
    }
    let one = try session.run("policy", "rerank")
    #expect(one.output.contains("holds     eu-only"), "\(one.all)")
    let json = try session.run("policy", "speech", "--no-sync", "-o", "json").object()
    let rules = try #require(json["policies"] as? [[String: Any]])
    #expect(rules.map { $0["holds"] as? Bool } == [false, false])
    #expect(rules[0]["why_not"] as? String == "workload 'speech' is not rerank or embed")
    #expect(try session.run("policy", "nobody").status == 2)
  }

  @Test func `a console under broken policies stays up and acts on nothing`() throws {
    let session = try session("[[policy]]\nprotected = true\n")
    let terminal = try session.terminal(["console"])
    #expect(
      terminal.wait(seconds: 30) { $0.text.contains("policies cannot be read") },
      "\(terminal.text)")
    terminal.type("q")
    #expect(terminal.exitCode() == 0, "\(terminal.text)")
  }
}
