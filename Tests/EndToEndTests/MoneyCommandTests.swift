import Foundation
import Testing

/// A currency and budgets from the configuration, as a script sees them.
@Suite(.serialized)
struct MoneyCommandTests {
  private func configure(_ home: URL, _ text: String) throws {
    let folder = home.appending(path: ".config/vigie")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    let file = folder.appending(path: "config.toml")
    try text.write(to: file, atomically: true, encoding: .utf8)
    try FileManager.default.setAttributes([.posixPermissions: 0o600], ofItemAtPath: file.path)
  }

  @Test func `budgets are printed, found and asked about`() throws {
    let session = try ScriptedSession()
    try configure(
      session.home,
      """
      currency = "EUR"
      [rates]
      USD = "0.92"
      [[budget]]
      name = "tiny"
      match = { workload = "emb*" }
      monthly = "1 EUR"
      [[budget]]
      name = "pounds"
      monthly = "1 GBP"
      """)
    let budgets = try session.run("get", "budgets", "-o", "json").objects()
    #expect(budgets.compactMap { $0["name"] as? String } == ["tiny", "pounds"])
    #expect(budgets[0]["state"] as? String == "passed")
    #expect(budgets[0]["fixed_rate"] as? String == "EUR at a fixed 0.92/USD")
    #expect(budgets[1]["state"] as? String == "unknown")
    #expect(budgets[1]["month_to_date"] is NSNull)
    let table = try session.run("get", "budgets", "--no-sync")
    #expect(table.output.split(separator: "\n").count == 3, "\(table.all)")
    #expect(table.output.contains("no rate leads there"), "\(table.all)")
    let costs = try session.run("get", "costs", "--no-sync", "-o", "csv")
    #expect(costs.output.contains("EUR") && !costs.output.contains(" USD,"), "\(costs.all)")
    let status = try session.run("status", "--no-sync")
    #expect(status.status == 1)
    #expect(status.output.contains("budget 'tiny'"), "\(status.all)")
    let handover = try session.run("handover", "--no-sync")
    #expect(handover.output.contains("budget 'tiny'"), "\(handover.all)")
    let dry = try session.run("scale", "embed", "--replicas", "9", "--dry-run", "-o", "json")
    let plan = try #require(try dry.object()["plan"] as? [String: Any], "\(dry.all)")
    #expect(plan["tier"] as? String == "dangerous", "\(dry.all)")
    #expect((plan["prices_read_at"] as? String)?.hasSuffix("Z") == true)
    let refused = try session.run("scale", "embed", "--replicas", "9", "--yes")
    #expect(refused.status == 3, "\(refused.all)")
    #expect(try session.platform.writes.isEmpty)
    let named = try session.run(
      "scale", "embed", "--replicas", "9", "--yes", "--confirm", "embed")
    #expect(named.status == 0, "\(named.all)")
  }

  @Test func `a mistake in a budget names its line`() throws {
    let session = try ScriptedSession()
    try configure(session.home, "[[budget]]\nname = \"a\"\nmonthly = \"much\"\n")
    let result = try session.run("get", "budgets")
    #expect(result.status == 2)
    #expect(result.errors.contains("config.toml:3"), "\(result.all)")
  }
}
