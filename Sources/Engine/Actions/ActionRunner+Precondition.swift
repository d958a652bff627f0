import Domain
import FoundationEssentials
import Platform
import Store

extension ActionRunner {
  /// What the policies say at this moment: one may have been laid down, or a freeze have begun,
  /// since the preview.
  func policyObstacle(_ plan: ActionPlan, _ confirmation: Confirmation) -> ActionOutcome? {
    let labels = (try? store.workload(plan.request.workloadID))?.labels
    let verdict = PolicyJudge(book: rules().policies, now: now())
      .verdict(on: plan, labels: labels, waiver: plan.waiver)
    if let refusal = verdict.refusal { return .refused(refusal) }
    let isConfirmed = confirmation.satisfies(
      .dangerous, name: plan.workloadName, isProtected: verdict.isProtected)
    guard verdict.asksForName, !isConfirmed else { return nil }
    return .stale("a policy asks for the deployment's name since the preview")
  }

  /// Nil when the workload is still as the plan saw it.
  func changedSince(_ plan: ActionPlan) async -> ActionOutcome? {
    let id = plan.request.workloadID
    let seen = plan.precondition
    do throws(PlatformError) {
      let workload = try await client.workload(id)
      guard workload.activeRevisionID == seen.activeRevisionID,
        workload.latestRevisionID == seen.latestRevisionID
      else { return .stale("its revision changed since the preview") }
      if workload.status == .deleting || workload.status == .deleted {
        return .stale("it is being deleted")
      }
      let overrides = try await client.overrides(of: id)
      guard Set(overrides) == Set(seen.overrides) else {
        return .stale("its manual scaling changed since the preview")
      }
      return try await obstacle(to: plan.request, workload)
    } catch {
      return .failed("nothing was sent: \(error.message)")
    }
  }

  /// What the platform would refuse now, of what it allows in some states only.
  private func obstacle(
    to request: ActionRequest, _ workload: Workload
  ) async throws(PlatformError) -> ActionOutcome? {
    switch request {
    case .pause:
      return workload.status == .paused || workload.status == .pausing
        ? .stale("it was paused since the preview") : nil
    case .resume:
      return workload.status == .paused ? nil : .stale("it is not paused any more")
    case .cancelRollout(_, let id):
      let revision = try await client.revision(id)
      return revision.status.isRollingOut
        ? nil : .stale("revision \(id.short) is \(revision.statusText.lowercased()) by now")
    case .scale, .setOverrides, .releaseOverride, .bounds, .targets, .rollBack, .restart:
      return nil
    }
  }
}
