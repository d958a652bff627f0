package import Domain
import Store

extension ActionRunner {
  /// What several actions would do, worked out from one reading of the cache.
  package func plans(_ requests: [ActionRequest]) async -> [ActionPlan] {
    let instant = now()
    // Without facts each is planned alone, and says why it cannot be.
    let planner = (try? store.facts(now: instant)).map {
      ActionPlanner(facts: $0, rules: rules(), isReadOnly: isReadOnly, now: instant)
    }
    var plans: [ActionPlan] = []
    for request in requests {
      if case .rollBack = request {
        plans.append(await plan(request))
      } else if let planner {
        plans.append(planner.plan(request))
      } else {
        plans.append(await plan(request))
      }
    }
    return plans
  }

  /// Performs plans one after the other, each through the same guards as one alone.
  ///
  /// Whether to go on is asked before each: what has begun is never cut off.
  package func performAll(
    _ plans: [ActionPlan], confirmation: Confirmation, onError: BulkPlan.OnError,
    mayGoOn: @Sendable () -> Bool, progress: @Sendable (BulkProgress) -> Void
  ) async {
    defer { progress(.finished) }
    if let obstacle = Self.obstacle(plans, confirmation) {
      for plan in plans { progress(.ended(plan.request.workloadID, .refused(obstacle))) }
      return
    }
    for plan in plans {
      guard mayGoOn() else { return }
      let id = plan.request.workloadID
      progress(.began(id))
      let outcome = await performed(plan, confirmation: confirmation).outcome
      progress(.ended(id, outcome))
      if onError == .stop, !outcome.isTaken { return }
    }
  }

  /// The number that was confirmed must be the number of different workloads.
  private static func obstacle(_ plans: [ActionPlan], _ confirmation: Confirmation) -> String? {
    guard Set(plans.map(\.request.workloadID)).count == plans.count else {
      return "a deployment is named twice: nothing was sent"
    }
    guard case .counted(_, let count) = confirmation, count == plans.count else {
      return "not confirmed for this number: nothing was sent"
    }
    return nil
  }
}
