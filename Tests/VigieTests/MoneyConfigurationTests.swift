import Console
import Domain
import Foundation
import TestSupport
import Testing

@testable import vigie

struct MoneyConfigurationTests {
  private func parse(_ text: String) throws -> MoneyBook {
    try Configuration.parse(text, file: "config.toml").rules.money
  }

  private let example = """
    currency = "EUR"
    [rates]
    USD = "0.92"
    GBP = "1.17"

    [[budget]]
    name = "eu"
    match = { region = ["fra", "par"], app = "assist*" }
    monthly = "20000 EUR"

    [[budget]]
    name = "all"
    monthly = "65000.50 USD"
    """

  @Test func `a currency, its rates and budgets are read`() throws {
    let money = try parse(example)
    #expect(money.rates.rate(of: .usd)?.text == "EUR at a fixed 0.92/USD")
    #expect(money.rates.rate(of: .eur) == nil)
    let budgets = [
      Budget(
        name: "eu", match: Budget.Match(regions: ["fra", "par"], apps: ["assist*"]),
        monthly: Money(20_000, .eur)),
      Budget(
        name: "all", match: Budget.Match(WorkloadMatch()),
        monthly: Money(Decimal(string: "65000.5") ?? 0, .usd)),
    ]
    #expect(money.budgets == budgets)
    #expect(try parse("") == MoneyBook())
  }

  @Test(arguments: [
    ("currency = \"Euro\"", 1, "three letters"),
    ("[rates]\nUSD = \"0.92\"", 1, "beside currency"),
    ("currency = \"EUR\"\n[rates]\nUSD = \"0\"", 3, "above 0"),
    ("currency = \"EUR\"\n[rates]\nUSD = \"-1\"", 3, "above 0"),
    ("currency = \"EUR\"\n[rates]\nUSD = \"0,92\"", 3, "above 0"),
    ("currency = \"EUR\"\n[rates]\nUSD = \"1e3\"", 3, "above 0"),
    ("currency = \"EUR\"\n[rates]\nUSD = 0.92", 3, "text in quotes"),
    ("currency = \"EUR\"\n[rates]\nEUR = \"1\"", 3, "another currency"),
    ("theme = \"a\"\n\n[[budget]]\nmonthly = \"1 EUR\"", 3, "needs name"),
    ("[[budget]]\nname = \"a\"\nmonthly = \"1 EUR\"\n[[budget]]\nname = \"b\"", 4, "needs monthly"),
    ("[[budget]]\nname = \"a\"\nmonthly = \"1 EUR\"\n[[budget]]\nname = \"a\"", 5, "no other"),
    (
      "[[budget]]\nname = \"a\"\nmonthly = \"1 EUR\"\n[[budget]]\nname = \"b\"\nmonthly = 3", 6,
      "in quotes"
    ),
    ("[[budget]]\nname = \"a\"\nmonthly = \"20,000 EUR\"", 3, "20000 EUR"),
    ("[[budget]]\nname = \"a\"\nmonthly = \"20000\"", 3, "20000 EUR"),
    ("[[budget]]\nname = \"a\"\nmonthly = \"1 EUR\"\nmach = {}", 4, "unknown key 'mach'"),
    ("[[budget]]\nname = \"a\"\nmatch = { regoin = \"fra\" }\nmonthly = \"1 EUR\"", 3, "'regoin'"),
    ("[[budget]]\nname = \"a\"\nmatch = { region = 3 }\nmonthly = \"1 EUR\"", 3, "or a list"),
    ("[[budget]]\nname = \"a\"\nmonthly = \"1 EUR\"\n[budget.match]\nregion = [1]", 5, "a list of"),
    ("[budget]\nname = \"a\"", 1, "[[budget]]"), ("budget = 3", 1, "[[budget]]"),
  ])
  func `a mistake is told with its line`(text: String, line: Int, part: String) throws {
    let error = try #require(throws: ConfigurationError.self) { try parse(text) }
    #expect(error.line == line, "\(error)")
    #expect(error.description.contains(part), "\(error)")
  }

  @Test func `a preview tells the limit's cost, the time of the prices and the rate`() throws {
    var rules = Rulebook()
    rules.money = try parse(example)
    let now = FleetFixture.now.addingTimeInterval(1920)
    var facts = FleetFixture.facts()
    facts.sync = facts.sync.map {
      SyncState(resource: $0.resource, completedAt: now, interval: .seconds(5))
    }
    let plan = ActionPlanner(facts: facts, rules: rules, isReadOnly: false, now: now)
      .plan(.bounds(WorkloadID("wl-chat"), minimum: 1, maximum: 8))
    let text = PlanLines(plan).text
    for part in [
      "EUR ~3.03..12.14/h  ->  ~3.03..24.27/h", "at most +12.14/h, +8,859/month",
      "at most       EUR ~24.27/h, ~17,717/month",
      "read 06:00Z, 32m ago: a list-price estimate", "EUR at a fixed 0.92/USD",
      "'eu' is not judged: the platform's meter was not read yet",
    ] {
      #expect(text.contains(part), "\(part) is missing in\n\(text)")
    }
    let json = ActionExport(plan: plan, outcome: nil, entryID: nil).value.json()
    #expect(
      json.contains("\"prices_read_at\": \"2026-11-24T06:00:00Z\"")
        || json.contains(
          "\"prices_read_at\":\"2026-11-24T06:00:00Z\"")
    )
    #expect(json.contains("EUR at a fixed 0.92/USD"))
  }

  @Test func `budgets are printed with stable keys, and unknown is no zero`() throws {
    var rules = Rulebook()
    rules.money = try parse(example)
    let snapshot = FleetAssembler(rules: rules).snapshot(
      from: FleetFixture.facts(), now: FleetFixture.now)
    let records = FleetExport(snapshot).records(.budgets)
    let csv = ExportTable.csv(records).split(separator: "\r\n")
    #expect(
      csv.first == """
        name,context,state,limit,per_hour,month_to_date,month_forecast,passes_at,deployments,\
        reason,omission,priced_at,fixed_rate
        """)
    #expect(csv.dropFirst().first?.hasPrefix("eu,prod,unknown,20000 EUR,~7.9") == true, "\(csv)")
    let table = ExportTable.columns(records, keys: ExportKind.budgets.tableKeys)
    #expect(table.contains("the platform's meter was not read yet"))
    let json = ExportValue.list(records).json()
    #expect(json.contains("month_to_date\": null") || json.contains("month_to_date\":null"))
  }
}
