import Foundation
import Hummingbird
package import Logging
import NIOCore
import Platform
import Synchronization

/// Serves a simulated platform on loopback: the API on one port, its metrics on another.
package struct SimulatorServer {
  private let options: SimulatorOptions
  private let log: Logger

  package init(options: SimulatorOptions, log: Logger) {
    self.options = options
    self.log = log
  }

  /// Returns when both ports answer.
  package func start() async throws -> RunningSimulator {
    let world = World(options: options)
    let conduct = Conduct(options: options)
    let (api, apiTask) = try await serve(apiRouter(world, conduct), port: options.port)
    let (metrics, metricsTask) = try await serve(
      metricsRouter(world, conduct), port: options.metricsPort)
    return RunningSimulator(
      world: world, conduct: conduct, token: options.token, apiPort: api, metricsPort: metrics,
      tasks: [apiTask, metricsTask])
  }

  private func apiRouter(_ world: World, _ conduct: Conduct) -> Router<BasicRequestContext> {
    let router = Router()
    router.middlewares.add(FaultInjector(conduct: conduct, token: options.token))
    InventoryRoutes(world: world).add(to: router)
    ReferenceRoutes(world: world).add(to: router)
    ActionRoutes(world: world).add(to: router)
    ControlRoutes(world: world, conduct: conduct).add(to: router)
    return router
  }

  private func metricsRouter(
    _ world: World, _ conduct: Conduct
  ) -> Router<BasicRequestContext> {
    let router = Router()
    router.middlewares.add(MetricsCounter(conduct: conduct))
    MetricsAPI(world: world).add(to: router)
    return router
  }

  private func serve(
    _ router: Router<BasicRequestContext>, port: Int
  ) async throws -> (port: Int, task: Task<Void, any Error>) {
    let (ports, continuation) = AsyncStream<Int>.makeStream()
    let application = Application(
      router: router,
      configuration: .init(address: .hostname("127.0.0.1", port: port), serverName: "simulated"),
      onServerRunning: { channel in continuation.yield(channel.localAddress?.port ?? 0) },
      logger: log)
    let task = Task {
      defer { continuation.finish() }
      try await application.runService(gracefulShutdownSignals: [])
    }
    for await port in ports { return (port, task) }
    try await task.value
    throw CancellationError()
  }
}

/// A simulated platform that answers.
package final class RunningSimulator: Sendable {
  package let world: World
  package let token: String
  package let apiURL: String
  package let metricsURL: String
  private let conduct: Conduct
  private let tasks: [Task<Void, any Error>]

  init(
    world: World, conduct: Conduct, token: String, apiPort: Int, metricsPort: Int,
    tasks: [Task<Void, any Error>]
  ) {
    self.world = world
    self.conduct = conduct
    self.token = token
    self.tasks = tasks
    apiURL = "http://127.0.0.1:\(apiPort)"
    metricsURL = "http://127.0.0.1:\(metricsPort)"
  }

  /// Requests that would change something, in order; dry runs are not among them.
  package var writes: [String] { conduct.contents.withLock { $0.writes } }
  /// Those of them that were carried out, whatever became of the answer.
  package var accepted: [String] { conduct.contents.withLock { $0.accepted } }
  package var requests: Int { conduct.contents.withLock { $0.requests } }
  /// Requests by method and route.
  package var routes: [String: Int] { conduct.contents.withLock { $0.routes } }

  package func setFaults(_ plan: FaultPlan) { conduct.contents.withLock { $0.plan = plan } }

  /// Is told of each write before it is carried out.
  package func watchWrites(_ watcher: (@Sendable (String) -> Void)?) {
    conduct.contents.withLock { $0.watcher = watcher }
  }

  package func advance(seconds: Double) { world.advance(seconds: seconds) }

  package func stop() async {
    for task in tasks { task.cancel() }
    for task in tasks { _ = try? await task.value }
  }

  package func waitUntilStopped() async throws {
    for task in tasks { try await task.value }
  }
}
