import ArgumentParser
import Console
import Domain
import Engine
import Foundation
import Terminal

/// One action from its plan to its end: shown, confirmed, sent once, followed, told.
struct ActionConversation {
  let session: ActionSession
  let options: ActionOptions
  /// What it takes back, when it takes something back.
  var undone: JournalEntry?

  func carryOut(_ request: ActionRequest) throws {
    let plan = try session.plan(request, waiver: options.waiver)
    let isText = options.output == .text
    if isText { print(PlanLines(plan).text) }
    if let refusal = plan.refusal { return try end(plan, .refused(refusal)) }
    if options.dryRun {
      if !isText { print(export(plan, nil).value.json()) }
      return
    }
    switch confirmation(plan) {
    case .refused(let reason): try end(plan, .refused(reason))
    case .given(let confirmation):
      let performed = try session.perform(plan, confirmation: confirmation)
      try end(plan, try followed(performed, plan), entryID: performed.entryID)
    }
  }

  private enum Answer {
    case given(Confirmation)
    case refused(String)
  }

  private func confirmation(_ plan: ActionPlan) -> Answer {
    let rule = ConfirmationRule(
      isYes: options.yes, typed: options.confirm, isTerminal: TerminalQuestion.isPossible)
    let name = plan.workloadName
    switch rule.decision(on: plan) {
    case .confirmed(let confirmation): return .given(confirmation)
    case .refused(let reason): return .refused(reason)
    case .ask(let confirmation):
      showAside(plan)
      let answer = TerminalQuestion.ask("\(plan.request.verb) \(name): send it? [y/N]")
      return TerminalQuestion.isYes(answer)
        ? .given(confirmation) : .refused("not confirmed: nothing was sent")
    case .askName:
      showAside(plan)
      let answer = TerminalQuestion.ask("type the deployment's name to send it (\(name)):")
      return answer == name
        ? .given(.typed(name)) : .refused("not confirmed: nothing was sent")
    }
  }

  /// Nobody says yes to what was not seen: where standard output is for others, the plan goes beside.
  private func showAside(_ plan: ActionPlan) {
    fflush(nil)
    guard options.output == .json || isatty(STDOUT_FILENO) != 1 else { return }
    for line in PlanLines(plan).text.split(separator: "\n") { ProgressLine.print(String(line)) }
  }

  private func followed(
    _ performed: ActionRunner.Performed, _ plan: ActionPlan
  ) throws -> ActionOutcome {
    guard options.wait, case .accepted = performed.outcome, let id = performed.entryID else {
      return performed.outcome
    }
    let name = "\(plan.request.verb) \(plan.workloadName)"
    ProgressLine.print("\(name): accepted, watching")
    let outcome = try session.follow(id, within: options.timeout.duration) { text in
      ProgressLine.print("\(name): \(text)")
    }
    return outcome ?? .unknown("accepted, but not seen to its end within \(options.timeout)")
  }

  private func export(
    _ plan: ActionPlan, _ outcome: ActionOutcome?, entryID: Int64? = nil
  ) -> ActionExport {
    ActionExport(plan: plan, outcome: outcome, entryID: entryID, undoes: undone?.id)
  }

  private func end(
    _ plan: ActionPlan, _ outcome: ActionOutcome, entryID: Int64? = nil
  ) throws {
    if options.output == .json {
      print(export(plan, outcome, entryID: entryID).value.json())
    }
    let number = entryID.map { "; journal entry \($0)" } ?? ""
    let subject = "\(plan.request.verb) \(plan.workloadName): "
    if let reason = outcome.reason {
      Failures.print("\(subject)\(outcome.exportName), \(reason)\(number)")
    } else if options.output == .text {
      print(Sanitizer.clean("\(subject)\(outcome.exportName)\(number)"))
    }
    let status = ExitStatus.of(outcome)
    if status != .success { throw status }
  }
}
