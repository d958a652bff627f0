import Domain
import Foundation
import Testing

@testable import vigie

struct PolicyConfigurationTests {
  private func book(_ text: String) throws -> PolicyBook {
    try Configuration.parse(text, file: "config.toml").rules.policies
  }

  @Test func `policies are read in their order`() throws {
    let book = try book(
      """
      [[policy]]
      name = "eu-only"
      match = { workload = ["chat-eu", "rerank*"], app = "assistants" }
      residency = "eu"

      [[policy]]
      name = "weekend"
      freeze = ["fri 16:00..mon 08:00 Europe/Paris"]
      allow = "mon 00:00..sat 00:00 UTC"
      protected = true
      max_hourly_increase = "12.50 EUR"
      [policy.match]
      context = "prod"
      label = "team=ml"

      [[policy]]
      name = "hands-off"
      read_only = true

      [jurisdictions]
      dc-paris = "eu"
      """)
    #expect(book.defect == nil)
    #expect(book.policies.map(\.name) == ["eu-only", "weekend", "hands-off"])
    #expect(book.policies[0].residency == ["EU"])
    #expect(book.policies[0].match.text == "app assistants, workload chat-eu or rerank*")
    #expect(book.policies[1].match.text == "context prod, label team=ml")
    #expect(book.policies[1].freezes.frozen.count == 1)
    #expect(book.policies[1].freezes.allowed.count == 1)
    #expect(book.policies[1].isProtected && !book.policies[1].isReadOnly)
    #expect(book.policies[1].maximumHourlyIncrease == Money(12.5, .eur))
    #expect(book.policies[2].isReadOnly && book.policies[2].match == WorkloadMatch())
    #expect(book.jurisdictions.of(RegionID("dc-paris")) == "EU")
    #expect(book.jurisdictions.of(RegionID("na")) == "US")
  }

  @Test func `without policies there are none`() throws {
    #expect(try book("theme = \"day\"") == PolicyBook())
  }

  private static let first = "[[policy]]\nname = \"a\"\nprotected = true\n"

  @Test(arguments: [
    ("[[policy]]\nprotected = true", 1, "needs a name"),
    ("[[policy]]\nname = \"a\"", 1, "asks for nothing"),
    (first + "[[policy]]\nname = \"a\"\nread_only = true", 5, "is there already"),
    (first + "\n[[policy]]\nname = \"b\"\nprotectd = true", 7, "unknown key 'protectd'"),
    (first + "[[policy]]\nname = \"b\"\nprotected = \"yes\"", 6, "'policy.protected' must be true"),
    (first + "freeze = \"weekend\"", 4, "is no span"),
    (first + "allow = [\n\"mon 08:00..fri 16:00 Mars/Base\"]", 4, "no time zone"),
    (first + "match = { workload = 3 }", 4, "'policy.match.workload' must be"),
    (first + "match = { workloads = \"x\" }", 4, "unknown key 'workloads'"),
    (first + "[policy.match]\napp = []", 5, "a pattern"),
    (first + "max_hourly_increase = \"50\"", 4, "50 EUR"),
    (first + "max_hourly_increase = \"-5 EUR\"", 4, "50 EUR"),
    (first + "residency = []", 4, "jurisdictions"),
    ("[policy]\nname = \"a\"", 1, "[[policy]]"),
    (first + "[jurisdictions]\nfra = 3", 5, "'jurisdictions.fra' must be text"),
    ("[[policy]]\nname = \"it's\"\nprotected = true", 2, "without '"),
  ])
  func `a mistake in a policy makes a book that refuses, with its line`(
    text: String, line: Int, part: String
  ) throws {
    let defect = try #require(try book(text).defect)
    #expect(defect.hasPrefix("config.toml:\(line): "), "\(defect)")
    #expect(defect.contains(part), "\(defect)")
    #expect(try book(text).policies.isEmpty)
  }

  @Test func `rules are read again, and what cannot be read refuses`() throws {
    let home = FileManager.default.temporaryDirectory.appending(path: "vigie-\(UUID().uuidString)")
    defer { try? FileManager.default.removeItem(at: home) }
    let folder = home.appending(path: "vigie")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    let file = folder.appending(path: "config.toml")
    func write(_ text: String) throws {
      try text.write(to: file, atomically: true, encoding: .utf8)
      try FileManager.default.setAttributes([.posixPermissions: 0o600], ofItemAtPath: file.path)
    }
    try write(Self.first)
    let rules = try Setup.load(environment: ["HOME": home.path, "XDG_CONFIG_HOME": home.path]).rules
    #expect(rules().policies.policies.map(\.name) == ["a"])
    try write("[[policy]]\nname = \"b\"\nread_only = true\n")
    #expect(rules().policies.policies.map(\.name) == ["b"])
    try write("[[policy]\nname = ")
    #expect(rules().policies.defect?.contains("not valid TOML") == true)
    try write("theme = 3")
    #expect(rules().policies.defect?.contains("config.toml:1") == true)
    try FileManager.default.removeItem(at: file)
    #expect(rules().policies.defect?.contains("gone") == true)
  }

  @Test(arguments: ["Europe/Paris", "UTC", "America/New_York"])
  func `zones are found`(name: String) { #expect(ZoneFiles.zone(name) != nil) }

  @Test(arguments: ["", "/etc/passwd", "../../etc/passwd", "Mars/Base", "Europe"])
  func `what is no zone is none`(name: String) { #expect(ZoneFiles.zone(name) == nil) }
}
