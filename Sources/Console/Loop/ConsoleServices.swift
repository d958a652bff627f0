package import Domain
package import FoundationEssentials

/// Why the past cannot be told, as one sentence.
package struct HistoryProblem: Error {
  package let message: String

  package init(message: String) {
    self.message = message
  }
}

/// What the console needs of the world, as closures: live ones from outside, literals in tests.
package struct ConsoleServices: Sendable {
  package var watchFleet: @Sendable () -> AsyncStream<FleetSnapshot>
  package var watchWorkload: @Sendable (WorkloadID) -> AsyncStream<WorkloadDetail>
  package var plan: @Sendable (ActionRequest, Waiver?) async -> ActionPlan
  package var perform: @Sendable (ActionPlan, Confirmation) async -> ActionOutcome
  package var refresh: @Sendable () async -> Void
  package var focus: @Sendable ([WorkloadID]) async -> Void
  package var now: @Sendable () -> Date
  /// Which console reads the platform, at first and whenever that changes.
  package var watchDuty: @Sendable () -> AsyncStream<SyncDuty> = { AsyncStream { $0.finish() } }
  package var history = History.none
  /// Which policies hold for a workload, or what there is of them.
  package var policy: @Sendable (WorkloadID?) async -> PolicyReport
  package var bulk = Bulk.none

  /// What the console needs to act on several deployments.
  package struct Bulk: Sendable {
    package var plan: @Sendable ([ActionRequest]) async -> [ActionPlan]
    /// Asks before each whether to go on, and tells of each as it begins and ends.
    package var perform:
      @Sendable (
        [ActionPlan], Confirmation, BulkPlan.OnError, _ mayGoOn: @escaping @Sendable () -> Bool,
        _ progress: @escaping @Sendable (BulkProgress) -> Void
      ) async -> Void

    package init(
      plan: @escaping @Sendable ([ActionRequest]) async -> [ActionPlan],
      perform:
        @escaping @Sendable (
          [ActionPlan], Confirmation, BulkPlan.OnError, _ mayGoOn: @escaping @Sendable () -> Bool,
          _ progress: @escaping @Sendable (BulkProgress) -> Void
        ) async -> Void
    ) {
      self.plan = plan
      self.perform = perform
    }

    /// Where nothing can be done.
    package static let none = Bulk(
      plan: { _ in [] }, perform: { _, _, _, _, progress in progress(.finished) })
  }

  /// What the console needs of the past.
  package struct History: Sendable {
    package var look: @Sendable (Date, WorkloadID?) async -> PastPicture
    package var timeline: @Sendable (ClosedRange<Date>) async throws(HistoryProblem) -> Timeline
    package var changes:
      @Sendable (Date, Date, WorkloadID?) async throws(HistoryProblem) -> [FleetChange]
    /// Does it and says in a sentence what was done.
    package var incident: @Sendable (IncidentCommand) async -> (text: String, isGood: Bool)
    /// Gets the picture of an instant ready before it is asked for; nil lets go of all.
    package var prepare: @Sendable (Date?) async -> Void

    package init(
      look: @escaping @Sendable (Date, WorkloadID?) async -> PastPicture,
      timeline: @escaping @Sendable (ClosedRange<Date>) async throws(HistoryProblem) -> Timeline,
      changes:
        @escaping @Sendable (Date, Date, WorkloadID?) async throws(HistoryProblem) -> [FleetChange],
      incident: @escaping @Sendable (IncidentCommand) async -> (text: String, isGood: Bool),
      prepare: @escaping @Sendable (Date?) async -> Void = { _ in }
    ) {
      self.look = look
      self.timeline = timeline
      self.changes = changes
      self.incident = incident
      self.prepare = prepare
    }

    /// Where nothing is kept.
    package static let none = History(
      look: { instant, _ in
        PastPicture(instant: instant, snapshot: nil, problem: "nothing is recorded here")
      },
      timeline: { Timeline(span: $0) }, changes: { _, _, _ in [] },
      incident: { _ in ("nothing is recorded here", false) })
  }

  package init(
    watchFleet: @escaping @Sendable () -> AsyncStream<FleetSnapshot>,
    watchWorkload: @escaping @Sendable (WorkloadID) -> AsyncStream<WorkloadDetail>,
    plan: @escaping @Sendable (ActionRequest, Waiver?) async -> ActionPlan,
    perform: @escaping @Sendable (ActionPlan, Confirmation) async -> ActionOutcome,
    refresh: @escaping @Sendable () async -> Void,
    focus: @escaping @Sendable ([WorkloadID]) async -> Void,
    now: @escaping @Sendable () -> Date
  ) {
    self.watchFleet = watchFleet
    self.watchWorkload = watchWorkload
    self.plan = plan
    self.perform = perform
    self.refresh = refresh
    self.focus = focus
    self.now = now
    policy = { _ in PolicyReport(book: PolicyBook(), subject: nil, regions: [], at: now()) }
  }

  /// Services of a world in which nothing happens and nothing can be done: a recording's.
  package static func still(now: @escaping @Sendable () -> Date) -> ConsoleServices {
    let reason = "a recording: actions work on the present"
    return ConsoleServices(
      watchFleet: { AsyncStream { $0.finish() } },
      watchWorkload: { _ in AsyncStream { $0.finish() } },
      plan: { request, _ in
        ActionPlan(
          request: request, workloadName: "", appName: "", contextName: "", regions: [],
          costBefore: nil, costAfter: nil, remarks: [], definitionChanges: [], calls: [],
          precondition: ActionPlan.Precondition(
            version: nil, activeRevisionID: nil, latestRevisionID: nil, overrides: []),
          tier: .dangerous, refusal: reason, computedAt: now(), dataObservedAt: nil)
      }, perform: { _, _ in .refused(reason) }, refresh: {}, focus: { _ in }, now: now)
  }
}
