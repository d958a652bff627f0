import Domain
import Foundation
import Terminal
import TestSupport
import Testing

@testable import Console

struct ExportTests {
  private let export = FleetExport(
    FleetAssembler().snapshot(from: FleetFixture.facts(), now: FleetFixture.now))

  @Test func `JSON is an array of objects with stable keys`() throws {
    let text = ExportValue.list(export.records(.deployments)).json()
    let parsed = try JSONSerialization.jsonObject(with: Data(text.utf8))
    let rows = try #require(parsed as? [[String: Any]])
    #expect(rows.count == 2)
    for key in [
      "id", "name", "app", "context", "status", "health", "regions", "replicas", "revision",
      "hourly_cost", "observed_at",
    ] {
      #expect(rows[0].keys.contains(key), "\(key)")
    }
    let cost = try #require(rows[0]["hourly_cost"] as? [String: Any])
    #expect(cost["currency"] as? String == "USD")
    #expect(cost["estimate"] as? Bool == true)
  }

  @Test func `controls never leave as they are`() {
    let value = ExportValue.object([.init("n", .text("a\u{1B}[31m\u{202E}\"\\"))])
    let text = value.json()
    #expect(text.contains(#"a\u001b[31m\u202e\"\\"#))
    #expect(ExportTable.csv([value]).contains("<U+001B>"))
  }

  @Test func `CSV quotes what must be quoted and disarms formulas`() {
    let rows = [
      ExportValue.object([.init("a", .text("x,y")), .init("b", .text("=1+1")), .init("c", .null)])
    ]
    #expect(ExportTable.csv(rows) == "a,b,c\r\n\"x,y\",'=1+1,")
  }

  @Test func `a table shows an unknown as a dash`() {
    let text = ExportTable.columns(export.records(.costs), keys: ["region", "today"])
    #expect(text.split(separator: "\n")[1].hasSuffix("-"))
  }

  @Test func `a theme names the role that is wrong`() throws {
    #expect(throws: Theme.Failure.self) { try Theme(name: "t", roles: ["titel": "red"]) }
    #expect(throws: Theme.Failure.self) { try Theme(name: "t", roles: ["title": "reddish"]) }
    let theme = try Theme(name: "t", roles: ["title": "#ff0000 on 17 bold underline"])
    #expect(theme[.title].foreground == .rgb(255, 0, 0))
    #expect(theme[.title].background == .palette(17))
    #expect(theme[.title].attributes == [.bold, .underline])
  }
}
