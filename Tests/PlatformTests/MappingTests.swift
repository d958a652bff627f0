import Domain
import Foundation
import Testing

@testable import Platform

struct MappingTests {
  private let mapping = Mapping(fingerprint: Fingerprint(key: (1, 2)))

  private func fixture(_ name: String) throws -> Data {
    let folder = URL(filePath: #filePath).deletingLastPathComponent()
    return try Data(contentsOf: folder.appending(path: "Fixtures/\(name).json"))
  }

  @Test func `a deployment keeps no secret`() throws {
    let item = try JSONDecoder().decode(Wire.DeploymentItem.self, from: try fixture("deployment"))
    let revision = try #require(mapping.revision(item))
    let stored = String(decoding: try JSONEncoder().encode(revision), as: UTF8.self)
    #expect(!stored.contains("CANARY"))
    #expect(revision.definition.variables.map(\.name) == ["MODEL", "API_KEY", "HF_TOKEN"])
    #expect(revision.definition.variables[2].secretName == "hf-token")
    #expect(
      revision.definition.scalings.first?.targets == [
        .requestsPerSecond(40), .idle(deepSeconds: 300, lightSeconds: nil),
      ])
    #expect(revision.commit == "0123456789abcdef0123456789abcdef01234567")
    #expect(revision.status == .unknown)
    #expect(revision.statusText == "TELEPORTING")
  }

  @Test func `the feed becomes scaling events`() throws {
    let items = try JSONDecoder().decode([Wire.ActivityItem].self, from: try fixture("activities"))
    let events = items.compactMap(mapping.feedItem).compactMap { item -> ScalingEvent? in
      if case .scaling(let event) = item { event } else { nil }
    }
    #expect(events.map(\.kind) == [.up, .slept, .woke, .overrideSet, .overrideReleased])
    #expect(events.first?.from == 2)
    #expect(events.first?.to == 4)
    #expect(events.first?.workloadName == "chat")
  }

  @Test(arguments: [
    ("2021-04-26T08:28:59.221274Z", 1_619_425_739.221274), ("2021-04-26T08:28:59Z", 1_619_425_739),
    ("2021-04-26T08:28:59.123456789Z", 1_619_425_739.123456789),
    ("2021-04-26T10:28:59+02:00", 1_619_425_739), ("1969-12-31T23:59:59Z", -1),
  ])
  func `times are read with any fraction`(text: String, seconds: Double) throws {
    let date = try #require(WireTime.date(text))
    #expect(abs(date.timeIntervalSince1970 - seconds) < 0.000_01)
  }

  @Test(arguments: [
    "", "now", "2021-04-26", "2021-13-26T08:28:59Z", "2021-04-26T08:28:59", "2021-04-26T25:00:00Z",
  ])
  func `what is no time is none`(text: String) {
    #expect(WireTime.date(text) == nil)
  }

  @Test func `numbers come as numbers or as text`() throws {
    let json = Data(
      #"[{"id":"a","version":"7"},{"id":"b","version":7},{"id":"c","version":null},{"id":"d"}]"#
        .utf8)
    let items = try JSONDecoder().decode([Wire.ServiceItem].self, from: json)
    #expect(items.map { $0.version?.value } == [7, 7, nil, nil])
  }

  @Test func `SipHash agrees with its published vectors`() {
    // The first vectors of the reference implementation, for the key 00…0f.
    let print = Fingerprint(key: (0x0706_0504_0302_0100, 0x0f0e_0d0c_0b0a_0908))
    #expect(print.sipHash([]) == 0x726f_db47_dd0e_0e31)
    #expect(print.sipHash([0]) == 0x74f8_39c5_93dc_67fd)
    #expect(print.sipHash([0, 1, 2, 3, 4, 5, 6]) == 0xab02_00f5_8b01_d137)
    #expect(print.sipHash([0, 1, 2, 3, 4, 5, 6, 7]) == 0x93f5_f579_9a93_2462)
  }

  @Test func `a rollback pins the commit and drops the zeros that are refused`() throws {
    let raw = try JSONDecoder().decode(JSONValue.self, from: try fixture("deployment"))
    let definition = try #require(raw["definition"])
    let edited = DefinitionEdit.forRollback(definition, commit: "abc")
    #expect(edited["git"]?["sha"] == .string("abc"))
    let targets = edited["scalings"]?.elements?.first?["targets"]?.elements ?? []
    #expect(targets.last?["sleep_idle_delay"] == .object(["deep_sleep_value": .number(300)]))
    #expect(edited["env"] == definition["env"])
    let bounds = DefinitionEdit.withBounds(definition, minimum: 2, maximum: 2)
    #expect(bounds["scalings"]?.elements?.first?["targets"] == .array([]))
  }
}
