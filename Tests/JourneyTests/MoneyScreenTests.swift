import Console
import Domain
import Engine
import Foundation
import Simulator
import Store
import Terminal
import TestSupport
import Testing

/// The costs with a table of rates and with budgets, from the same seed.
struct MoneyScreenTests {
  private func rules(rate: String?) -> Rulebook {
    var rules = Rulebook()
    let rate = rate.flatMap { Decimal(string: $0) }
    func budget(_ name: String, _ amount: Decimal, _ match: Budget.Match) -> Budget {
      Budget(name: name, match: match, monthly: Money(amount, rate == nil ? .usd : .eur))
    }
    rules.money = MoneyBook(
      rates: RateTable(
        currency: rate == nil ? nil : .eur,
        rates: rate.map { [.usd: $0] } ?? [:]),
      budgets: [
        budget("eu", 1500, Budget.Match(regions: ["eu", "fra", "par"])),
        budget("us", 7000, Budget.Match(regions: ["na", "was"])),
        budget("chat", 2000, Budget.Match(workloads: ["chat-*"])),
        budget("teams", 900, Budget.Match(labels: ["team=a"])),
      ])
    return rules
  }

  private func feed(_ rig: Rig, _ rules: Rulebook) -> FleetFeed {
    FleetFeed(
      store: rig.store, rules: { rules }, now: { rig.simulator.world.now },
      sleep: { _ in await Task.yield() })
  }

  @Test func `the zoomed costs show each budget`() async throws {
    let rig = try await Rig(scenario: .badDeploy)
    _ = await rig.engine.syncOnce()
    await rig.pass(seconds: 150)
    for (name, rate) in [("budgets", nil), ("budgets-eur", "0.92")] {
      let feed = feed(rig, rules(rate: rate))
      let snapshot = try feed.snapshot()
      for (width, height) in [(80, 23), (120, 40)] {
        let setting = ConsoleState.Setting(
          contextName: "demo", isReadOnly: false, theme: .standard, glyphs: .unicode)
        let frame = try HeadlessFrame(
          setting: setting, size: Size(width: width, height: height), snapshot: snapshot,
          detail: { try feed.detail(of: $0) }
        ).frame("cost")
        try Golden().expect(
          try #require(frame).plainText(), equals: "cost-\(name)-\(width)x\(height)")
      }
    }
    await rig.end()
  }

  @Test func `the past is judged by the same budgets and rates`() async throws {
    let rig = try await Rig(scenario: .badDeploy)
    _ = await rig.engine.syncOnce()
    await rig.pass(seconds: 60)
    let instant = rig.simulator.world.now.addingTimeInterval(-20)
    let rules = rules(rate: "0.92")
    let before = try PastFeed(store: rig.store, rules: { rules }).snapshot(at: instant)
    #expect(before.costs.currency == .eur)
    #expect(before.costs.budgets.map(\.name) == ["eu", "us", "chat", "teams"])
    let now = try feed(rig, rules).snapshot()
    #expect(before.costs.budgets.map(\.standing) == now.costs.budgets.map(\.standing))
    await rig.end()
  }
}
