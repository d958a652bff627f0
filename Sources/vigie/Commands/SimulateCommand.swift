import ArgumentParser
import Dispatch
import Foundation
import Logging
import Simulator

/// What the simulated world is made of; shared by `simulate` and `demo`.
struct WorldOptions: ParsableArguments {
  @Option(help: "Simulated seconds that pass in a real one.")
  var speed: Double?

  @Option(help: "The same number makes the same world.")
  var seed: UInt64 = 1

  @Option(help: "How many services, up to 10000; by default a small believable fleet.")
  var services: Int?

  @Option(help: "How many GPUs at most, up to 20000.")
  var gpus: Int?

  @Option(
    help: ArgumentHelp(
      "What goes wrong: \(Scenario.allCases.map(\.rawValue).joined(separator: ", ")).",
      valueName: "name"))
  var scenario: String?

  @Option(
    help: ArgumentHelp(
      "Faults to inject, such as latency=200ms,error=0.05,reset=0.02.", valueName: "faults"))
  var fault: String?

  func validate() throws {
    if let speed, !(speed >= 0 && speed <= 3600) {
      throw ValidationError("--speed must be between 0 and 3600")
    }
    if let services, !(1...10_000).contains(services) {
      throw ValidationError("--services must be between 1 and 10000")
    }
    if let gpus, !(0...20_000).contains(gpus) {
      throw ValidationError("--gpus must be between 0 and 20000")
    }
    _ = try chosenScenario(else: .calm)
    _ = try faults()
  }

  func chosenScenario(else fallback: Scenario) throws -> Scenario {
    guard let scenario else { return fallback }
    guard let known = Scenario(rawValue: scenario) else {
      throw ValidationError(
        "no scenario '\(scenario)'; there are: "
          + Scenario.allCases.map(\.rawValue).joined(separator: ", "))
    }
    return known
  }

  func faults() throws -> FaultPlan {
    guard let fault else { return FaultPlan() }
    do {
      return try FaultPlan(parsing: fault)
    } catch {
      throw ValidationError("--fault: \(error)")
    }
  }
}

/// Serves the simulated platform until it is told to stop.
struct SimulateCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "simulate",
    abstract: "Serve a simulated platform on loopback, for any Koyeb client.",
    discussion: """
      Prints, when ready, lines to paste into another shell: KOYEB_URL, KOYEB_TOKEN and
      VIGIE_METRICS_URL. Runs until a signal; logs to standard error.
      """)

  @OptionGroup var world: WorldOptions
  @OptionGroup var careful: ReadOnlyOption

  @Option(help: "The API's port on 127.0.0.1; 0 takes a free one.")
  var port = 0

  @Option(help: "The port of the Prometheus API; 0 takes a free one.")
  var metricsPort = 0

  @Option(help: "Requests a minute before a 429; 0 is no limit.")
  var rateLimit = 400

  func run() throws {
    let options = SimulatorOptions(
      seed: world.seed, speed: world.speed ?? 1, services: world.services, gpus: world.gpus,
      scenario: try world.chosenScenario(else: .calm), port: port, metricsPort: metricsPort,
      rateLimit: rateLimit == 0 ? nil : rateLimit, faults: try world.faults())
    let signals = [SIGTERM, SIGINT, SIGHUP].map { number in
      signal(number, SIG_IGN)
      let source = DispatchSource.makeSignalSource(signal: number, queue: .global())
      source.setEventHandler { Glibc.exit(0) }
      source.resume()
      return source
    }
    try withExtendedLifetime(signals) {
      try blocking {
        let log = Logger(label: "simulate") { StreamLogHandler.standardError(label: $0) }
        let running = try await SimulatorServer(options: options, log: log).start()
        print(
          """
          export KOYEB_URL=\(running.apiURL)
          export KOYEB_TOKEN=\(running.token)
          export VIGIE_METRICS_URL=\(running.metricsURL)
          """)
        fflush(nil)
        try await running.waitUntilStopped()
      }
    }
  }
}
