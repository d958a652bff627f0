import Domain
import FoundationEssentials
import Platform

extension ActionRunner {
  /// What is to be sent, with everything read that it needs.
  enum Prepared {
    case overrides([ScalingOverride])
    case release
    case definition(JSONValue)
    case restart
    case pause
    case resume
    case cancel(RevisionID)
  }

  func prepare(_ plan: ActionPlan) async throws(PlatformError) -> Prepared {
    switch plan.request {
    case .scale(let id, let replicas):
      let current = try await client.overrides(of: id)
      return .overrides(
        ScalePlanning.merged(current, with: replicas, regions: plan.regions.map(\.region)))
    case .setOverrides(_, let overrides): return .overrides(overrides)
    case .releaseOverride: return .release
    case .restart: return .restart
    case .pause: return .pause
    case .resume: return .resume
    case .cancelRollout(_, let revision): return .cancel(revision)
    case .bounds(let id, let minimum, let maximum):
      return .definition(
        DefinitionEdit.withBounds(
          try await servingDefinition(of: id), minimum: minimum, maximum: maximum))
    case .targets(let id, let targets):
      return .definition(
        DefinitionEdit.withTargets(try await servingDefinition(of: id), targets))
    case .rollBack(_, let target):
      let raw = try await client.rawDefinition(of: target)
      return .definition(DefinitionEdit.forRollback(raw.definition, commit: raw.commit))
    }
  }

  private func servingDefinition(
    of id: WorkloadID
  ) async throws(PlatformError) -> JSONValue {
    let workload = try await client.workload(id)
    guard let active = workload.activeRevisionID else {
      throw .refused("nothing serves, so there is no definition to change")
    }
    return try await client.rawDefinition(of: active).definition
  }

  func send(_ prepared: Prepared, _ plan: ActionPlan) async -> ActionOutcome {
    let id = plan.request.workloadID
    do throws(PlatformError) {
      switch prepared {
      case .overrides(let overrides):
        try await client.setOverrides(overrides, for: id)
      case .release:
        try await client.releaseOverrides(of: id)
      case .definition(let definition):
        return .accepted(try await client.updateDefinition(of: id, to: definition, dryRun: false))
      case .restart: return .accepted(try await client.redeploy(id))
      case .pause: try await client.pause(id)
      case .resume: try await client.resume(id)
      case .cancel(let revision): try await client.cancel(revision)
      }
      return .accepted(nil)
    } catch {
      guard error.leavesWriteUnknown else { return .failed(error.message) }
      return await reread(prepared, plan, error)
    }
  }

  /// After a write without an answer: look whether it happened.
  ///
  /// It is never sent again.
  private func reread(
    _ prepared: Prepared, _ plan: ActionPlan, _ error: PlatformError
  ) async -> ActionOutcome {
    for attempt in 0..<3 {
      if attempt > 0 { try? await sleep(.seconds(1)) }
      do throws(PlatformError) {
        if let outcome = try await effect(of: prepared, plan) { return outcome }
        // The platform answers and nothing has changed, but the request may still be on its way.
        continue
      } catch {
        continue
      }
    }
    return .unknown(
      "no answer (\(error.message)); it was not seen to take effect, and not repeated")
  }

  /// What is seen of a write that got no answer; nil while nothing is.
  private func effect(
    of prepared: Prepared, _ plan: ActionPlan
  ) async throws(PlatformError) -> ActionOutcome? {
    let id = plan.request.workloadID
    switch prepared {
    case .overrides(let wanted):
      return Set(try await client.overrides(of: id)) == Set(wanted) ? .accepted(nil) : nil
    case .release:
      return try await client.overrides(of: id).isEmpty ? .accepted(nil) : nil
    case .definition, .restart:
      return try await newRevision(of: id, plan).map { .accepted($0) }
    case .pause:
      let status = try await client.workload(id).status
      return status == .pausing || status == .paused ? .accepted(nil) : nil
    case .resume:
      let workload = try await client.workload(id)
      let isResumed = workload.latestRevisionID != plan.precondition.latestRevisionID
      return isResumed || workload.status == .resuming || workload.status == .healthy
        ? .accepted(nil) : nil
    case .cancel(let revision):
      let status = try await client.revision(revision).status
      return status == .canceling || status == .canceled ? .accepted(nil) : nil
    }
  }

  private func newRevision(
    of id: WorkloadID, _ plan: ActionPlan
  ) async throws(PlatformError) -> RevisionID? {
    let latest = try await client.workload(id).latestRevisionID
    return latest == plan.precondition.latestRevisionID ? nil : latest
  }
}
