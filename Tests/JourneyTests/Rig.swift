import Console
import Domain
import Engine
import Foundation
import Logging
import Platform
import Simulator
import Store
import Synchronization
import Terminal
import TestSupport
import Testing

/// A simulated platform whose clock stands still, and everything between it and a screen.
final class Rig: Sendable {
  static let start = Date(timeIntervalSince1970: 1_795_500_000)

  let simulator: RunningSimulator
  let client: KoyebClient
  let store: Store
  let engine: SyncEngine
  let runner: ActionRunner
  let feed: FleetFeed
  private let transport: HTTPTransport
  private let hasEnded = Mutex(false)

  /// `patience` is how long an answer is waited for, in real time.
  init(
    scenario: Scenario = .calm, readOnly: Bool = false, faults: FaultPlan = FaultPlan(),
    seed: UInt64 = 7, patience: Duration = .seconds(20),
    rules: @escaping @Sendable () -> Rulebook = { Rulebook() }
  ) async throws {
    var log = Logger(label: "test") { _ in SwiftLogNoOpLogHandler() }
    log.logLevel = .critical
    let options = SimulatorOptions(
      seed: seed, speed: 0, scenario: scenario, faults: faults, start: Self.start)
    let simulator = try await SimulatorServer(options: options, log: log).start()
    self.simulator = simulator
    let store = try Store(inMemoryFor: "test")
    self.store = store
    var limits = HTTPTransport.Limits()
    limits.head = patience
    transport = HTTPTransport(limits: limits, log: log)
    let token = Secret(simulator.token)
    let client = KoyebClient(
      endpoint: try PlatformEndpoint.parse(simulator.apiURL), transport: transport,
      fingerprint: Fingerprint(key: (1, 2)), token: { () throws(PlatformError) in token })
    self.client = client
    let metrics = MetricsClient(
      endpoint: try PlatformEndpoint.parse(simulator.metricsURL), transport: transport,
      labels: MetricsLabels(), headers: { () throws(PlatformError) in [] })
    let now: @Sendable () -> Date = { simulator.world.now }
    let sleep: @Sendable (Duration) async throws -> Void = { _ in await Task.yield() }
    engine = SyncEngine(
      tools: SyncEngine.Tools(
        client: client, metrics: metrics, store: store, log: log, now: now, sleep: sleep))
    runner = ActionRunner(
      client: client, store: store, rules: rules, isReadOnly: readOnly, actor: "tester", log: log,
      now: now,
      sleep: sleep)
    feed = FleetFeed(store: store, rules: rules, now: now, sleep: sleep)
  }

  /// Lets simulated time pass in steps, with a reading after each.
  func pass(seconds: Double, step: Double = 15) async {
    var left = seconds
    while left > 0 {
      simulator.advance(seconds: min(step, left))
      left -= step
      _ = await engine.syncOnce()
    }
  }

  func row(_ name: String) throws -> WorkloadRow {
    try #require(try feed.snapshot().workloads.first { $0.name == name })
  }

  func end() async {
    hasEnded.withLock { $0 = true }
    await transport.shutdown()
    await simulator.stop()
  }

  /// A test that gave up has failed alone: a client that is left open would end the whole run.
  deinit {
    guard !hasEnded.withLock({ $0 }) else { return }
    let (transport, simulator) = (transport, simulator)
    Task {
      await transport.shutdown()
      await simulator.stop()
    }
  }
}
