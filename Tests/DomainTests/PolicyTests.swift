import FoundationEssentials
import TestSupport
import Testing

@testable import Domain

struct PolicyTests {
  @Test(arguments: [
    ("*", "", true), ("*", "chat", true), ("chat", "chat", true), ("chat", "chats", false),
    ("chat*", "chat-large", true), ("*-eu", "chat-eu", true), ("*-eu", "eu", false),
    ("c?at", "chat", true), ("c?at", "cat", false), ("a*b*c", "a-b-b-c", true),
    ("a*b*c", "a-c-b", false), ("", "", true), ("", "x", false), ("Chat", "chat", false),
    ("**", "x", true), ("?*", "", false), ("*a", "ba", true), ("[a]", "a", false),
  ])
  func `a pattern matches the whole name`(pattern: String, name: String, fits: Bool) {
    #expect(Glob(pattern).matches(name) == fits)
  }

  @Test func `every part of a match must fit, and it says which does not`() {
    let match = WorkloadMatch(
      contexts: [Glob("prod*")], apps: [Glob("assistants"), Glob("media")],
      workloads: [Glob("chat-*")])
    func obstacle(_ context: String, _ app: String, _ workload: String) -> String? {
      match.obstacle(for: WorkloadSubject(context: context, app: app, workload: workload))
    }
    #expect(obstacle("prod-eu", "media", "chat-1") == nil)
    #expect(obstacle("test", "media", "chat-1") == "context 'test' is not prod*")
    #expect(obstacle("prod", "x", "chat-1") == "app 'x' is not assistants or media")
    #expect(obstacle("prod", "media", "image") == "workload 'image' is not chat-*")
    #expect(WorkloadMatch().text == "everything")
    #expect(match.text == "context prod*, app assistants or media, workload chat-*")
  }

  @Test func `a label holds only where there are labels`() {
    let match = WorkloadMatch(labels: [
      WorkloadMatch.Label("team=ml-*"), WorkloadMatch.Label("tier"),
    ])
    func obstacle(_ labels: [String: String]?) -> String? {
      match.obstacle(
        for: WorkloadSubject(context: "c", app: "a", workload: "w", labels: labels))
    }
    #expect(obstacle(nil) == "this platform has no labels")
    #expect(obstacle(["team": "web", "tier": "1"]) == "it has no label team=ml-*")
    #expect(obstacle(["team": "ml-1"]) == "it has no label tier=*")
    #expect(obstacle(["team": "ml-1", "tier": "1"]) == nil)
  }

  private func rules(_ residency: [String], overrides: [RegionID: String] = [:]) -> Rulebook {
    var policy = Policy(name: "home", match: WorkloadMatch(workloads: [Glob("chat")]))
    policy.residency = residency
    var rules = Rulebook()
    rules.policies = PolicyBook(
      policies: [policy], jurisdictions: JurisdictionTable(overrides: overrides))
    return rules
  }

  @Test func `what runs outside its residency is a critical finding`() throws {
    let snapshot = FleetAssembler(rules: rules(["US"]))
      .snapshot(from: FleetFixture.facts(), now: FleetFixture.now)
    let finding = try #require(snapshot.findings.first { $0.kind == .residency })
    #expect(finding.severity == .critical && finding.subject == "chat")
    #expect(finding.summary == "outside US: fra (EU), policy 'home'")
    #expect(snapshot.policy?.hasResidency == true)
    let rows = Dictionary(uniqueKeysWithValues: snapshot.workloads.map { ($0.name, $0.residency) })
    #expect(rows["chat"] == Residency(required: ["US"], outside: [RegionID("fra")], policy: "home"))
    #expect(rows["embed"] == .some(nil))
  }

  @Test func `a picture that is moved on keeps the finding of a deployment at rest`() {
    let assembler = FleetAssembler(rules: rules(["US"]))
    let facts = FleetFixture.facts()
    let first = assembler.snapshot(from: facts, now: FleetFixture.now)
    let later = FleetFixture.now.addingTimeInterval(20)
    let moved = assembler.rejudged(
      first, madeAt: FleetFixture.now, touched: Touched(), from: facts, now: later)
    #expect(moved == assembler.snapshot(from: facts, now: later))
    #expect(moved.findings.contains { $0.kind == .residency })
  }

  @Test func `a region of the configuration has its jurisdiction, an unknown one is outside`() {
    #expect(JurisdictionTable().of(RegionID("par")) == "EU")
    #expect(JurisdictionTable().of(RegionID("dc-paris")) == nil)
    let book = rules(["EU"], overrides: [RegionID("dc-paris"): "EU"]).policies
    let subject = WorkloadSubject(context: "c", app: "a", workload: "chat")
    let regions = ["dc-paris", "fra", "dc-oslo", "na"].map { RegionID($0) }
    #expect(
      book.residency(of: subject, in: regions)?.outside == [RegionID("dc-oslo"), RegionID("na")])
    #expect(
      book.jurisdictions.text(RegionID("dc-oslo")) == "dc-oslo (in no jurisdiction that is known)")
  }

  @Test func `a scale into a region that is not in the definition is refused by the rule first`() {
    let planner = ActionPlanner(
      facts: FleetFixture.facts(), rules: rules(["EU"]), isReadOnly: false, now: FleetFixture.now)
    let chat = WorkloadID("wl-chat")
    let abroad = planner.plan(.scale(chat, replicas: [RegionID("na"): 2]))
    #expect(
      abroad.refusal == "policy 'home': chat must stay in EU, and na (US) is not there")
    #expect(abroad.refusedBy == "home")
    #expect(planner.plan(.scale(chat, replicas: [RegionID("fra"): 3])).refusal == nil)
    #expect(planner.plan(.setOverrides(chat, [])).refusedBy == nil)
    let down = ActionPlanner(
      facts: FleetFixture.facts(), rules: rules(["US"]), isReadOnly: false, now: FleetFixture.now
    ).plan(.scale(chat, replicas: [RegionID("fra"): 1]))
    #expect(down.refusal == nil, "fewer there is possible")
    #expect(down.remarks.contains { $0.label == "residency" })
  }

  @Test func `policies that cannot be read are a critical finding`() throws {
    var rules = Rulebook()
    rules.policies = PolicyBook(defect: "config.toml:3: wrong")
    let snapshot = FleetAssembler(rules: rules)
      .snapshot(from: FleetFixture.facts(), now: FleetFixture.now)
    let finding = try #require(snapshot.findings.first)
    #expect(finding.kind == .policyDefect && finding.severity == .critical)
    #expect(finding.summary.contains("config.toml:3"))
  }

  @Test func `the report says which rules hold and why not`() {
    var other = Policy(name: "other", match: WorkloadMatch(apps: [Glob("media")]))
    other.isProtected = true
    var book = rules(["US"]).policies
    book.policies.append(other)
    let fra = RegionID("fra")
    let report = PolicyReport(
      book: book, subject: WorkloadSubject(context: "prod", app: "assistants", workload: "chat"),
      regions: [fra], own: [fra], at: FleetFixture.now)
    #expect(report.rules.map(\.holds) == [true, false])
    #expect(report.rules[1].obstacle == "app 'assistants' is not media")
    #expect(report.rules[0].effects == ["must stay in US"])
    #expect(report.places == [.init(region: fra, jurisdiction: "EU", isOutside: true)])
    #expect(report.residency?.outside == [fra])
  }
}
