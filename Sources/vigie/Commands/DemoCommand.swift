import ArgumentParser
import Console
import Dispatch
import Domain
import Foundation
import Logging
import Platform
import Simulator
import Store
import Terminal

/// The console on a simulated platform in the same process, over real HTTP on loopback.
struct DemoCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "demo",
    abstract: "Open the console on a simulated fleet, with an incident to solve.",
    discussion: """
      Needs no account and no network. By default a new revision of a chat model crashes on load
      soon after the start: find it on top, press ctrl-l, and roll it back.
      """)

  @OptionGroup var world: WorldOptions
  @OptionGroup var appearance: AppearanceOptions

  @OptionGroup var careful: ReadOnlyOption

  @Option(help: "When it ends, write what was seen to this file, for 'vigie replay'.")
  var record: String?

  func validate() throws {
    if let record, FileManager.default.fileExists(atPath: record) {
      throw ValidationError("--record: \(record) is there already; choose another name")
    }
  }

  func run() throws {
    Hardening.apply()
    try Failures.reported {
      let environment = ProcessInfo.processInfo.environment
      let readOnly = careful.readOnly || Setup.isReadOnly(environment)
      let setup = try Setup.load(environment: environment)
      let fingerprint = try FingerprintKey.load(paths: setup.paths)
      let log = LogFile(path: setup.paths.logFile)
      var session = try ConsoleSession(
        contextName: "demo", isReadOnly: readOnly, appearance: appearance, setup: setup, log: log)
      // Each demo is a world of its own: it remembers nothing of the last one.
      let folder = setup.paths.cache(of: "demo-\(ProcessInfo.processInfo.processIdentifier)")
      defer { try? FileManager.default.removeItem(atPath: folder) }
      let store = try OpenStore.open(folder, context: "demo")
      let logger = OpenStore.logger(log)
      let scale = max(0.001, world.speed ?? 1)
      let options = SimulatorOptions(
        seed: world.seed, speed: scale, services: world.services, gpus: world.gpus,
        scenario: try world.chosenScenario(else: .badDeploy), faults: try world.faults())
      let simulator = try blocking {
        try await SimulatorServer(options: options, log: logger).start()
      }
      let context = try Self.context(of: simulator)
      session.clockSpeed = scale
      let clock = simulator.world
      // Faster worlds are read faster, as far as that is no load; from there on less often.
      let pace = max(1, min(scale, 20))
      try session.run(head: nil, now: clock.now) {
        LiveSession(
          context: context, store: store, isReadOnly: readOnly, fingerprint: fingerprint,
          log: logger, exports: setup.paths.exports, rules: setup.rules, now: { clock.now },
          timeScale: scale / pace, pace: pace
        ).source
      }
      if let record, let span = try Failures.stored({ try store.recordedSpan() }) {
        try Failures.stored { try store.record(to: record, span: span, writtenAt: Date()) }
        print("\(record): open it with 'vigie replay \(record)'")
      }
    }
  }

  static func context(of simulator: RunningSimulator) throws(ConfigurationError) -> ResolvedContext
  {
    do throws(PlatformError) {
      let token = Secret(simulator.token)
      return ResolvedContext(
        name: "demo", endpoint: try PlatformEndpoint.parse(simulator.apiURL),
        credentialSource: "the simulator", token: { () throws(PlatformError) in token },
        metrics: ResolvedContext.Metrics(
          endpoint: try PlatformEndpoint.parse(simulator.metricsURL), labels: MetricsLabels(),
          headers: { () throws(PlatformError) in [] }),
        isReadOnly: false)
    } catch {
      throw ConfigurationError(file: "demo", line: nil, problem: error.message)
    }
  }
}

/// No core files, no debugger on our memory, private files.
enum Hardening {
  static func apply() { ProcessGuard.harden() }
}

extension OpenStore {
  /// Where libraries log to; nowhere when there is no file.
  static func logger(_ file: LogFile?) -> Logger {
    var logger =
      file?.logger(label: "vigie") ?? Logger(label: "vigie") { _ in SwiftLogNoOpLogHandler() }
    logger.logLevel = .warning
    return logger
  }
}
