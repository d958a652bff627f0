package import Domain
package import FoundationEssentials
package import Logging
package import Platform
package import Store

/// Keeps the cache close to the platform: one task a resource, each on its own schedule.
package actor SyncEngine {
  /// What the engine works with.
  package struct Tools: Sendable {
    package var client: KoyebClient
    package var metrics: MetricsClient?
    package var store: Store
    package var log: Logger
    package var now: @Sendable () -> Date
    package var sleep: @Sendable (Duration) async throws -> Void
    /// How many seconds of `now` pass in a real one; ages and intervals are told in them.
    package var timeScale: Double

    package init(
      client: KoyebClient, metrics: MetricsClient?, store: Store, log: Logger,
      now: @escaping @Sendable () -> Date,
      sleep: @escaping @Sendable (Duration) async throws -> Void, timeScale: Double = 1
    ) {
      self.client = client
      self.metrics = metrics
      self.store = store
      self.log = log
      self.now = now
      self.sleep = sleep
      self.timeScale = timeScale
    }
  }

  let tools: Tools
  private var machine: SyncMachine
  private var generator = SystemRandomNumberGenerator()
  /// Workloads on screen, or acted on: read more often.
  private(set) var focus: [WorkloadID] = []
  /// Those of them of which everything is read, whatever the size of the fleet.
  private(set) var opened: Set<WorkloadID> = []
  private var sleeper: Task<Void, Never>?
  private var isWoken = false
  /// A page of a list as it was last read.
  struct KnownPage: Sendable {
    var hash: UInt64
    var ids: [ObjectID]
    var total: Int?
    var hasMore: Bool
  }

  /// By list and offset.
  var knownPages: [SyncResource: [Int: KnownPage]] = [:]
  /// Workloads whose revisions are to be read, with the version that was seen.
  var staleRevisions: Set<WorkloadID> = []
  var hasReadRevisions = false
  /// Workloads of a large fleet whose replicas are read before the next sweep.
  var staleReplicas: Set<WorkloadID> = []
  var organization: String?
  private var generation: Int64 = 0

  package init(tools: Tools) {
    self.tools = tools
    let size = (try? tools.store.currentWorkloads().count) ?? 0
    var resources = Set(SyncResource.allCases)
    if tools.metrics == nil { resources.remove(.accelerators) }
    machine = SyncMachine(
      schedule: SyncMachine.Schedule(fleetSize: size), resources: resources,
      now: Date(timeIntervalSince1970: tools.now().timeIntervalSince1970 / tools.timeScale))
  }

  /// Runs until it is cancelled; no failure ends it.
  package func run() async {
    await withTaskGroup(of: Void.self) { group in
      while !Task.isCancelled {
        for resource in machine.start(at: realNow()) {
          group.addTask { await self.perform(resource) }
        }
        let pause = machine.nextInstant().map { max(0.02, $0.timeIntervalSince(realNow())) } ?? 1
        await self.pause(.milliseconds(Int(min(pause, 5) * 1000)))
      }
      group.cancelAll()
    }
  }

  /// Reads again, now, what is on screen.
  ///
  /// Of a large fleet the replicas are read by workload: all of them are hundreds of pages.
  package func refresh() {
    machine.hurry(
      [.workloads, .revisions, .overrides, .activities, .accelerators, .traffic], at: realNow())
    if isLarge { staleReplicas.formUnion(focus) } else { machine.hurry([.replicas], at: realNow()) }
    wakeUp()
  }

  /// Names the workloads that are looked at or acted on, and those of which everything is read:
  /// the one that is alone when they are not given.
  package func focus(on ids: [WorkloadID], opened: Set<WorkloadID>? = nil) {
    let opened = opened ?? (ids.count == 1 ? Set(ids) : [])
    guard ids != focus || opened != self.opened else { return }
    let isNew = !Set(ids).isSubset(of: Set(focus)) || !opened.isSubset(of: self.opened)
    focus = ids
    self.opened = opened
    if isNew {
      staleRevisions.formUnion(ids)
      machine.hurry([.overrides, .traffic, .revisions], at: realNow())
      wakeUp()
    }
  }

  /// Waits for the time or for a wake-up, whichever is first.
  private func pause(_ duration: Duration) async {
    guard !isWoken else {
      isWoken = false
      return
    }
    let sleep = tools.sleep
    let task = Task<Void, Never> { try? await sleep(duration) }
    sleeper = task
    await withTaskCancellationHandler {
      await task.value
    } onCancel: {
      task.cancel()
    }
    sleeper = nil
    isWoken = false
  }

  /// Ends the pause, or the next one when none is under way.
  private func wakeUp() {
    isWoken = true
    sleeper?.cancel()
  }

  /// Schedules run on the machine's own idea of time: `now` divided by its scale.
  private func realNow() -> Date {
    Date(timeIntervalSince1970: tools.now().timeIntervalSince1970 / tools.timeScale)
  }

  func nextGeneration() -> Int64 {
    generation += 1
    return generation
  }

  func interval(_ resource: SyncResource) -> Duration {
    machine.schedule.interval(resource) * tools.timeScale
  }

  func adapt(toFleetOf size: Int) {
    machine.schedule = SyncMachine.Schedule(fleetSize: size)
  }

  var isLarge: Bool { machine.schedule.isLarge }

  func hurry(_ resources: [SyncResource]) {
    machine.hurry(resources, at: realNow())
    wakeUp()
  }

  private func perform(_ resource: SyncResource) async {
    let failure = await attempt(resource)
    guard !Task.isCancelled else { return }
    let now = realNow()
    guard let failure else {
      machine.finish(resource, .succeeded, at: now, using: &generator)
      return
    }
    let outcome: SyncMachine.Outcome =
      switch failure {
      case .rateLimited(let wait): .limited(max(wait, .seconds(1)))
      case .forbidden: .forbidden
      // One bad token is bad for all: nothing is asked for a while, then it is read anew.
      case .unauthorized: .limited(.seconds(15))
      case .unreachable, .notFound, .rejected, .unreadable, .refused: .failed
      }
    let next = machine.finish(resource, outcome, at: now, using: &generator)
    let retry = tools.now().addingTimeInterval(next.timeIntervalSince(now) * tools.timeScale)
    note(failure.message, of: resource, retryAt: retry)
  }

  /// Reads one resource; nil when all went well.
  func attempt(_ resource: SyncResource) async -> PlatformError? {
    do throws(PlatformError) {
      do {
        try await read(resource)
      } catch let error as PlatformError {
        throw error
      } catch let error as StoreError {
        tools.log.error("the cache failed", metadata: ["reason": "\(error.message)"])
        throw .refused(error.message)
      } catch {
        throw .unreachable("stopped")
      }
      return nil
    } catch {
      return error
    }
  }

  private func note(_ message: String, of resource: SyncResource, retryAt: Date?) {
    tools.log.warning(
      "reading failed", metadata: ["resource": "\(resource.rawValue)", "reason": "\(message)"])
    do {
      if resource == .accelerators, let metrics = tools.metrics {
        try tools.store.record(
          accelerators: [],
          source: .failing(
            host: metrics.endpoint.host, reason: message, lastObservedAt: lastMetrics),
          at: tools.now())
      }
      try tools.store.failSweep(
        resource, failure: message, retryAt: retryAt, at: tools.now(), interval: interval(resource))
    } catch {
      tools.log.error("the cache failed", metadata: ["reason": "\(error.message)"])
    }
  }

  var lastMetrics: Date?
}
