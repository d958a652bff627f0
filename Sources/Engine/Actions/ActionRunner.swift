package import Domain
package import FoundationEssentials
package import Logging
package import Platform
package import Store

/// Plans actions and sends them.
///
/// `perform` is the one place where a change leaves this program.
package struct ActionRunner: Sendable {
  let client: KoyebClient
  let store: Store
  /// What is laid down at this moment; asked at each plan and again before anything is sent.
  let rules: @Sendable () -> Rulebook
  let isReadOnly: Bool
  let actor: String
  let log: Logger
  let now: @Sendable () -> Date
  let sleep: @Sendable (Duration) async throws -> Void
  let sent = SentPlans()

  package init(
    client: KoyebClient, store: Store,
    rules: @escaping @Sendable () -> Rulebook = { Rulebook() }, isReadOnly: Bool, actor: String,
    log: Logger, now: @escaping @Sendable () -> Date,
    sleep: @escaping @Sendable (Duration) async throws -> Void
  ) {
    self.client = client
    self.store = store
    self.rules = rules
    self.isReadOnly = isReadOnly
    self.actor = actor
    self.log = log
    self.now = now
    self.sleep = sleep
  }

  // MARK: - Plan

  /// What the action would do.
  ///
  /// A rollback is tried as a dry run, unless nothing may be sent.
  package func plan(_ request: ActionRequest, waiver: Waiver? = nil) async -> ActionPlan {
    let instant = now()
    do {
      let facts = try store.facts(now: instant)
      let target = try await revisionRow(request)
      var plan = ActionPlanner(facts: facts, rules: rules(), isReadOnly: isReadOnly, now: instant)
        .plan(request, target: target, waiver: waiver)
      if case .rollBack(let workload, let id) = request, plan.refusal == nil {
        await rehearse(&plan, workload, id)
      }
      return plan
    } catch {
      var plan = ActionPlanner(
        facts: FleetFacts(contextName: "", platformName: "", asOf: instant),
        rules: rules(), isReadOnly: isReadOnly, now: instant
      ).plan(request)
      plan.refusal = "the cache cannot be read: \(error)"
      return plan
    }
  }

  private func revisionRow(_ request: ActionRequest) async throws -> RevisionRow? {
    guard case .rollBack(let workload, let id) = request else { return nil }
    let facts = try store.workloadFacts(of: workload)
    guard let revision = facts.revisions.first(where: { $0.id == id }) else { return nil }
    return RevisionRow(
      revision: revision, healthyFor: facts.healthyFor[id],
      isActive: try store.workload(workload)?.activeRevisionID == id, isLatest: false)
  }

  private func rehearse(
    _ plan: inout ActionPlan, _ workload: WorkloadID, _ id: RevisionID
  ) async {
    do throws(PlatformError) {
      let raw = try await client.rawDefinition(of: id)
      let definition = DefinitionEdit.forRollback(raw.definition, commit: raw.commit)
      _ = try await client.updateDefinition(of: workload, to: definition, dryRun: true)
      plan.remarks.append(
        ActionPlan.Remark(label: "dry run", text: "accepted by the platform", weight: .good))
    } catch {
      switch error {
      case .rejected(let status, _, _) where status < 500:
        plan.refusal = "dry run: \(error.message)"
      case .notFound: plan.refusal = "the platform does not have this revision any more"
      case .unreachable, .unauthorized, .forbidden, .rateLimited, .rejected, .unreadable, .refused:
        plan.remarks.append(
          ActionPlan.Remark(
            label: "dry run", text: "not possible now: \(error.message)", weight: .alarm))
      }
    }
  }

  // MARK: - Perform

  /// Waits until nothing that was sent is without an answer, or for so long.
  package func settleAll(within limit: Duration) async {
    var left = limit
    while await sent.underWay > 0, left > .zero {
      try? await sleep(.milliseconds(20))
      left -= .milliseconds(20)
    }
  }

  /// Checks everything that must hold, writes the intent down, sends once, and tells the truth.
  package func perform(
    _ plan: ActionPlan, confirmation: Confirmation
  ) async -> ActionOutcome {
    await performed(plan, confirmation: confirmation).outcome
  }

  /// What came of a plan, and the journal's number of it; nil when nothing was to be sent.
  package struct Performed: Sendable {
    package var outcome: ActionOutcome
    package var entryID: Int64?

    init(outcome: ActionOutcome, entryID: Int64? = nil) {
      self.outcome = outcome
      self.entryID = entryID
    }
  }

  /// As `perform`, and tells where the journal has it.
  package func performed(
    _ plan: ActionPlan, confirmation: Confirmation
  ) async -> Performed {
    if let obstacle = await obstacle(plan, confirmation) { return Performed(outcome: obstacle) }
    let prepared: Prepared
    do throws(PlatformError) {
      prepared = try await prepare(plan)
    } catch {
      return Performed(outcome: .failed("nothing was sent: \(error.message)"))
    }
    let id: Int64
    do {
      id = try store.appendIntent(entry(plan))
    } catch {
      let reason = "the journal cannot be written, so nothing was sent: \(error.message)"
      return Performed(outcome: .refused(reason))
    }
    await sent.begin(id)
    let outcome = await send(prepared, plan)
    settle(id, outcome)
    await sent.end()
    return Performed(outcome: outcome, entryID: id)
  }

  /// Why the plan is not to be sent; nil when it may be.
  private func obstacle(
    _ plan: ActionPlan, _ confirmation: Confirmation
  ) async -> ActionOutcome? {
    if isReadOnly { return .refused("read-only: nothing was sent") }
    if let refusal = plan.refusal { return .refused(refusal) }
    guard
      confirmation.satisfies(
        plan.tier, name: plan.workloadName, isProtected: plan.isProtected)
    else {
      return .refused("not confirmed: nothing was sent")
    }
    if let obstacle = policyObstacle(plan, confirmation) { return obstacle }
    guard !plan.isExpired(at: now()) else { return .stale("the preview is over a minute old") }
    guard await sent.claim(plan) else { return .refused("this preview was sent before") }
    return await changedSince(plan)
  }

  // MARK: - Journal

  private func entry(_ plan: ActionPlan) -> JournalEntry {
    JournalEntry(
      id: 0, at: now(), actor: actor, contextName: plan.contextName,
      workloadID: plan.request.workloadID, workloadName: plan.workloadName, request: plan.request,
      summary: plan.summary, calls: plan.calls, before: plan.precondition, waiver: plan.waiver)
  }

  func settle(_ id: Int64, _ outcome: ActionOutcome) {
    do { try store.settle(id, outcome: outcome, at: now()) } catch {
      log.error("the journal failed", metadata: ["reason": "\(error.message)"])
    }
  }
}

/// Remembers which plans were sent, so that none is sent twice.
actor SentPlans {
  private var keys: Set<String> = []
  /// The journal's numbers of what this process sent.
  private(set) var entries: Set<Int64> = []
  /// Requests that were sent and have no answer yet.
  private(set) var underWay = 0

  func begin(_ entry: Int64) {
    entries.insert(entry)
    underWay += 1
  }

  func end() { underWay -= 1 }

  func claim(_ plan: ActionPlan) -> Bool {
    keys.insert("\(plan.request)/\(plan.computedAt.timeIntervalSince1970)").inserted
  }
}
