import Console
import Domain
import Engine
import Foundation
import Logging
import Platform
import Store

/// Everything that a context needs while it is watched: store, clients, sync and actions.
final class LiveSession: Sendable {
  let store: Store
  let engine: SyncEngine
  let runner: ActionRunner
  let feed: FleetFeed
  private let duty: DutyLoop
  private let attention = Attention()
  private let metricsHost: String?
  private let transport: HTTPTransport
  private let contextName: String
  private let rules: @Sendable () -> Rulebook
  /// Where reports are written.
  private let exports: String
  private let retention: Retention
  private let now: @Sendable () -> Date
  private let log: Logger

  init(
    context: ResolvedContext, store: Store, isReadOnly: Bool, fingerprint: Fingerprint, log: Logger,
    exports: String, retention: Retention = Retention(),
    rules: @escaping @Sendable () -> Rulebook = { Rulebook() },
    now: @escaping @Sendable () -> Date = { Date() }, timeScale: Double = 1, pace: Double = 1
  ) {
    self.store = store
    self.log = log
    self.now = now
    self.exports = exports
    self.retention = retention
    contextName = context.name
    self.rules = rules
    let transport = HTTPTransport(log: log)
    self.transport = transport
    let client = KoyebClient(
      endpoint: context.endpoint, transport: transport, fingerprint: fingerprint,
      token: context.token)
    let metrics = context.metrics.map {
      MetricsClient(
        endpoint: $0.endpoint, transport: transport, labels: $0.labels, headers: $0.headers)
    }
    let sleep: @Sendable (Duration) async throws -> Void = { try await Task.sleep(for: $0) }
    metricsHost = metrics?.endpoint.host
    engine = SyncEngine(
      tools: SyncEngine.Tools(
        client: client, metrics: metrics, store: store, log: log, now: now,
        sleep: { try await Task.sleep(for: $0 / pace) }, timeScale: timeScale))
    runner = ActionRunner(
      client: client, store: store, rules: rules, isReadOnly: isReadOnly || context.isReadOnly,
      actor: NSUserName(), log: log, now: now, sleep: sleep)
    feed = FleetFeed(store: store, rules: rules, now: now, sleep: sleep)
    duty = DutyLoop(store: store, engine: engine, runner: runner, attention: attention, log: log)
    if store.isWriter { awaitMetrics() }
  }

  /// Syncs, follows what was sent, and tidies, until it is cancelled; while another process does
  /// that for the same cache, only looks at what it wrote.
  func run() async {
    if !store.isWriter {
      await duty.follow()
      guard store.isWriter, !Task.isCancelled else { return }
      if case .notConfigured = try? store.metricsSource() { awaitMetrics() }
    }
    await withTaskGroup(of: Void.self) { group in
      group.addTask { await self.engine.run() }
      group.addTask { await self.runner.follow() }
      group.addTask { await self.tidy() }
      group.addTask { await self.duty.heed() }
    }
  }

  /// Says that numbers of GPUs are to come.
  private func awaitMetrics() {
    guard let metricsHost else { return }
    do {
      try store.record(accelerators: [], source: .waiting(host: metricsHost), at: now())
    } catch { log.error("the cache failed", metadata: ["reason": "\(error.message)"]) }
  }

  private func tidy() async {
    while !Task.isCancelled {
      var hasMore = false
      do { hasMore = try store.tidy(retention, now: now()) } catch {
        log.error("tidying failed", metadata: ["reason": "\(error)"])
      }
      do { try await Task.sleep(for: hasMore ? .milliseconds(200) : .seconds(120)) } catch {
        return
      }
    }
  }

  /// Ends it: what was sent gets its answer into the journal first; idle connections do not keep
  /// anybody waiting.
  func close() async {
    await runner.settleAll(within: .seconds(10))
    do { try store.finish() } catch {
      log.error("the cache failed", metadata: ["reason": "\(error.message)"])
    }
    let transport = transport
    let (ended, continuation) = AsyncStream<Void>.makeStream()
    Task {
      await transport.shutdown()
      continuation.yield()
    }
    Task {
      try? await Task.sleep(for: .milliseconds(40))
      continuation.yield()
    }
    for await _ in ended { break }
  }

  /// Reads again what is on screen, or asks the one that reads to.
  private func refresh() async {
    if !attention.askToRefresh() { await engine.refresh() }
  }

  private func duties() -> AsyncStream<SyncDuty> {
    let (stream, continuation) = AsyncStream<SyncDuty>.makeStream()
    let store = store
    let task = Task {
      var last: SyncDuty?
      for await _ in store.changes() {
        let duty: SyncDuty = store.isWriter ? .here : .elsewhere
        if duty != last { continuation.yield(duty) }
        last = duty
        // It never goes back: who writes does so to its end.
        if duty == .here { break }
      }
      continuation.finish()
    }
    continuation.onTermination = { _ in task.cancel() }
    return stream
  }

  /// What the console is given.
  func services() -> ConsoleServices {
    var services = ConsoleServices(
      watchFleet: { self.feed.snapshots() },
      watchWorkload: { self.feed.details(of: $0) },
      plan: { await self.runner.plan($0, waiver: $1) },
      perform: { plan, confirmation in
        let outcome = await self.runner.perform(plan, confirmation: confirmation)
        await self.refresh()
        return outcome
      },
      refresh: { await self.refresh() },
      focus: { ids in
        self.attention.look(at: ids)
        // What others ask for is added within half a second.
        if self.store.isWriter { await self.duty.attend(to: Array(self.store.wishes().values)) }
      },
      now: now)
    services.watchDuty = { self.duties() }
    services.bulk = ConsoleServices.Bulk(
      plan: { await self.runner.plans($0) },
      perform: { plans, confirmation, onError, mayGoOn, progress in
        await self.runner.performAll(
          plans, confirmation: confirmation, onError: onError, mayGoOn: mayGoOn,
          progress: progress)
        await self.refresh()
      })
    services.history =
      HistoryServices(
        store: store, rules: rules, folder: exports, contextName: contextName, now: now
      ).services
    services.policy = { id in
      PolicyPicture(book: self.rules().policies, snapshot: try? self.feed.snapshot())
        .report(of: id, at: self.now())
    }
    return services
  }
}

/// The random key under which secret values are compared; made once, private.
enum FingerprintKey {
  static func load(paths: Paths) throws(ConfigurationError) -> Fingerprint {
    let path = paths.state + "/fingerprint.key"
    do {
      try FileManager.default.createDirectory(
        atPath: paths.state, withIntermediateDirectories: true,
        attributes: [.posixPermissions: 0o700])
    } catch {
      throw ConfigurationError(
        file: paths.state, line: nil, problem: "cannot be made: \(error.localizedDescription)")
    }
    if let data = FileManager.default.contents(atPath: path), data.count == 16 {
      let words = data.withUnsafeBytes {
        ($0.loadUnaligned(as: UInt64.self), $0.loadUnaligned(fromByteOffset: 8, as: UInt64.self))
      }
      return Fingerprint(key: words)
    }
    var generator = SystemRandomNumberGenerator()
    let key = (generator.next() as UInt64, generator.next() as UInt64)
    var bytes = Data()
    withUnsafeBytes(of: key.0) { bytes.append(contentsOf: $0) }
    withUnsafeBytes(of: key.1) { bytes.append(contentsOf: $0) }
    let descriptor = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_NOFOLLOW | O_CLOEXEC, 0o600)
    guard descriptor >= 0 else {
      throw ConfigurationError(file: path, line: nil, problem: "cannot be written")
    }
    defer { close(descriptor) }
    _ = bytes.withUnsafeBytes { write(descriptor, $0.baseAddress, $0.count) }
    return Fingerprint(key: key)
  }
}
