import Console
import Domain
import TestSupport
import Testing

@testable import vigie

struct ActionPlanTextTests {
  private func plan(_ request: ActionRequest) -> ActionPlan {
    ActionPlanner(facts: FleetFixture.facts(), isReadOnly: false, now: FleetFixture.now)
      .plan(request)
  }

  private var scale: ActionPlan {
    plan(.scale(WorkloadID("wl-chat"), replicas: [RegionID("fra"): 4]))
  }

  @Test func `the text has from and to, money by hour and month, who else and the exact call`() {
    let text = PlanLines(scale).text
    for part in [
      "SCALE chat  assistants  context prod  id wl-chat", "2 ready, 1..4 asked  ->  4",
      "USD ~3.30..13.19/h  ->  ~13.19/h", "/month", "autoscaler: OFF",
      "PUT /v1/services/wl-chat/scale instances fra=4",
    ] {
      #expect(text.contains(part), "\(part) is missing in\n\(text)")
    }
  }

  @Test func `text from outside cannot drive the terminal`() {
    var plan = scale
    plan.workloadName = "chat\u{1B}[2J"
    plan.remarks.append(ActionPlan.Remark(label: "x\u{7}", text: "a\u{202E}b"))
    let text = PlanLines(plan).text
    let json = ActionExport(plan: plan, outcome: .refused("\u{1B}x"), entryID: nil).value.json()
    for scalar in (text + json).unicodeScalars {
      #expect(scalar == "\n" || scalar.value >= 0x20)
      #expect(scalar.value != 0x202E)
    }
  }

  @Test(
    arguments: [
      (true, nil, false, ConfirmationRule.Decision.confirmed(.yes)),
      (true, "chat", false, .confirmed(.typed("chat"))), (false, nil, true, .ask(.yes)),
      (false, "chat", true, .ask(.typed("chat"))),
    ] as [(Bool, String?, Bool, ConfirmationRule.Decision)])
  func `a costly plan needs a yes`(
    isYes: Bool, typed: String?, isTerminal: Bool, expected: ConfirmationRule.Decision
  ) {
    let rule = ConfirmationRule(isYes: isYes, typed: typed, isTerminal: isTerminal)
    #expect(rule.decision(on: scale) == expected)
  }

  @Test func `a dangerous plan needs the name as well`() {
    var plan = scale
    plan.tier = .dangerous
    func decision(_ isYes: Bool, _ typed: String?, _ isTerminal: Bool) -> ConfirmationRule.Decision
    {
      ConfirmationRule(isYes: isYes, typed: typed, isTerminal: isTerminal).decision(on: plan)
    }
    #expect(decision(true, "chat", false) == .confirmed(.typed("chat")))
    #expect(decision(false, nil, true) == .askName)
    guard case .refused(let reason) = decision(true, nil, true) else {
      Issue.record("a yes was enough")
      return
    }
    #expect(reason.contains("--confirm chat"))
  }

  @Test(arguments: [(true, "embed", true), (false, "embed", true), (false, "chat", false)])
  func `a wrong name and nobody to ask both refuse`(isYes: Bool, typed: String, isTerminal: Bool) {
    let rule = ConfirmationRule(isYes: isYes, typed: typed, isTerminal: isTerminal)
    guard case .refused = rule.decision(on: scale) else {
      Issue.record("it was not refused")
      return
    }
  }
}
