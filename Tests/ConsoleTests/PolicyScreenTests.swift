import Foundation
import Terminal
import TestSupport
import Testing

@testable import Console
@testable import Domain

struct PolicyScreenTests {
  private static let chat = WorkloadID("wl-chat")
  private static let request = ActionRequest.scale(chat, replicas: [RegionID("fra"): 4])

  private func book() throws -> PolicyBook {
    var weekend = Policy(name: "weekend", match: WorkloadMatch(apps: [Glob("assist*")]))
    weekend.freezes.frozen = [
      try FreezeWindow("2026-11-20 16:00..2026-11-30 08:00 Europe/Paris")
    ]
    var home = Policy(name: "us-only", match: WorkloadMatch(workloads: [Glob("chat")]))
    home.residency = ["US"]
    var other = Policy(name: "vault", match: WorkloadMatch(workloads: [Glob("vault-*")]))
    other.isProtected = true
    return PolicyBook(policies: [weekend, home, other])
  }

  private func state(_ rules: Rulebook = Rulebook(), width: Int = 120) -> ConsoleState {
    let setting = ConsoleState.Setting(
      contextName: "prod", isReadOnly: false, theme: .standard, glyphs: .unicode)
    var state = ConsoleState(
      setting: setting, size: Size(width: width, height: 40), now: FleetFixture.now)
    let snapshot = FleetAssembler(rules: rules)
      .snapshot(from: FleetFixture.facts(), now: FleetFixture.now)
    _ = update(&state, with: .fleet(snapshot))
    return state
  }

  private func press(_ keys: [Key], _ state: inout ConsoleState) -> [Effect] {
    keys.flatMap { key in
      _ = update(&state, with: .tick(state.now.addingTimeInterval(1)))
      return update(&state, with: .key(key))
    }
  }

  private func plan(_ waiver: Waiver? = nil, _ book: PolicyBook) -> ActionPlan {
    var rules = Rulebook()
    rules.policies = book
    return ActionPlanner(
      facts: FleetFixture.facts(), rules: rules, isReadOnly: false, now: FleetFixture.now
    ).plan(Self.request, waiver: waiver)
  }

  private func typed(_ text: String) -> [Key] { text.map { Key.character($0) } }

  @Test func `F asks for a reason, and with it the plan is worked out anew`() throws {
    var book = try book()
    book.policies.removeAll { $0.name == "us-only" }
    var state = state()
    _ = press([.character("s"), .character("4"), .enter], &state)
    _ = update(&state, with: .planned(plan(book)))
    #expect(draw(state, in: state.size).plainText().contains("F set the freeze aside"))
    #expect(press([.character("y"), .enter], &state) == [])
    #expect(press([.character("F"), .enter], &state) == [], "a reason must be given")
    #expect(press(typed("pagf") + [.backspace] + typed("e 12"), &state) == [])
    #expect(
      draw(state, in: state.size).plainText().contains("why is the freeze set aside? [page 12]"))
    let waiver = Waiver(reason: "page 12")
    #expect(press([.enter], &state) == [.plan(Self.request, waiver: waiver)])
    _ = update(&state, with: .planned(plan(book)))
    #expect(draw(state, in: state.size).plainText().contains("working it out anew"))
    let second = plan(waiver, book)
    _ = update(&state, with: .planned(second))
    #expect(
      press([.character("y"), .enter], &state) == [], "it is dangerous: the name is asked for")
    #expect(
      press([.control("u")] + typed("chat") + [.enter], &state) == [
        .perform(second, .typed("chat"))
      ])
  }

  private func plan(_ book: PolicyBook) -> ActionPlan { plan(nil, book) }

  @Test func `esc goes back from the reason, and F means nothing without a freeze`() throws {
    var book = try book()
    book.policies.removeAll { $0.name == "us-only" }
    var state = state()
    _ = press([.character("s"), .character("4"), .enter], &state)
    _ = update(&state, with: .planned(plan(book)))
    _ = press([.character("F"), .character("x"), .escape], &state)
    #expect(draw(state, in: state.size).plainText().contains("F set the freeze aside"))
    _ = press([.escape], &state)
    #expect(state.overlay == nil)
    _ = press([.character("s"), .character("4"), .enter], &state)
    // A residency is not set aside.
    book.policies = try self.book().policies.filter { $0.name == "us-only" }
    let refused = plan(book)
    #expect(refused.refusedBy == "us-only")
    _ = update(&state, with: .planned(refused))
    #expect(press([.character("F")] + typed("why") + [.enter], &state) == [])
    guard case .confirm(let dialog) = state.overlay else {
      Issue.record("the dialog is gone")
      return
    }
    #expect(dialog.reason == nil)
  }

  @Test func `a colon and policy opens the rules of the chosen deployment`() throws {
    var state = state()
    let effects = press([.character(":")] + typed("policy chat") + [.enter], &state)
    #expect(effects == [.readPolicy(Self.chat)])
    let fra = RegionID("fra")
    let report = PolicyReport(
      book: try book(),
      subject: WorkloadSubject(context: "prod", app: "assistants", workload: "chat"),
      regions: [fra], own: [fra], at: FleetFixture.now)
    _ = update(&state, with: .policy(report))
    try Golden().expect(draw(state, in: state.size).plainText(), equals: "policy-120x40")
    _ = press([.escape], &state)
    #expect(state.overlay == nil)
    #expect(press([.character(":")] + typed("policy nobody") + [.enter], &state) == [])
    let defect = PolicyReport(
      book: PolicyBook(defect: "config.toml:3: wrong"), subject: nil, regions: [], at: .now)
    #expect(PolicyLines(defect).text.contains("config.toml:3: wrong; nothing may be changed"))
    let none = PolicyReport(book: PolicyBook(), subject: nil, regions: [], at: .now)
    #expect(PolicyLines(none).text == "no policy is configured")
  }

  @Test func `the residency has a column where there is room, and only with such a policy`() throws
  {
    var rules = Rulebook()
    rules.policies = try book()
    for (width, isShown) in [(80, false), (96, true), (120, true), (200, true)] {
      var state = state(rules, width: width)
      _ = press([.character("z")], &state)
      let text = draw(state, in: state.size).plainText()
      #expect(text.contains("RESIDES") == isShown, "\(width)")
      #expect(text.contains("!fra") == isShown, "\(width)")
    }
    var plain = state()
    _ = press([.character("z")], &plain)
    #expect(!draw(plain, in: plain.size).plainText().contains("RESIDES"))
  }

  @Test func `the journal tells what was set aside`() {
    let entry = JournalEntry(
      id: 3, at: FleetFixture.now, actor: "me", contextName: "prod", workloadID: Self.chat,
      workloadName: "chat", request: Self.request, summary: "fra 2>4", calls: [],
      waiver: Waiver(reason: "page 12", policy: "weekend"), outcome: .done)
    let words = "policy 'weekend' set aside: page 12"
    #expect(JournalExport.text(entry).contains("waiver        \(words)"))
    #expect(JournalExport.record(entry).json().contains("\"policy\": \"weekend\""))
    var state = state()
    state.fleet?.journal = [entry]
    state.overlay = .journal(JournalList())
    #expect(draw(state, in: state.size).plainText().contains(words))
  }
}
