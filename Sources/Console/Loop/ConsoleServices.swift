package import Domain
package import FoundationEssentials

/// What the console needs of the world, as closures: live ones from outside, literals in tests.
package struct ConsoleServices: Sendable {
  package var watchFleet: @Sendable () -> AsyncStream<FleetSnapshot>
  package var watchWorkload: @Sendable (WorkloadID) -> AsyncStream<WorkloadDetail>
  package var plan: @Sendable (ActionRequest) async -> ActionPlan
  package var perform: @Sendable (ActionPlan, Confirmation) async -> ActionOutcome
  package var refresh: @Sendable () async -> Void
  package var focus: @Sendable ([WorkloadID]) async -> Void
  package var now: @Sendable () -> Date

  package init(
    watchFleet: @escaping @Sendable () -> AsyncStream<FleetSnapshot>,
    watchWorkload: @escaping @Sendable (WorkloadID) -> AsyncStream<WorkloadDetail>,
    plan: @escaping @Sendable (ActionRequest) async -> ActionPlan,
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
  }
}
