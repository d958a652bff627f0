package import Foundation

/// What the simulated platform is made of and how it behaves.
package struct SimulatorOptions: Sendable {
  package var seed: UInt64
  /// Simulated seconds in a real one; 0 stands still until it is advanced.
  package var speed: Double
  package var services: Int?
  package var gpus: Int?
  package var scenario: Scenario
  package var port: Int
  package var metricsPort: Int
  package var token: String
  /// Requests in a minute before a 429; nil is no limit.
  package var rateLimit: Int?
  package var faults: FaultPlan
  /// The simulated instant of the start.
  package var start: Date

  package init(
    seed: UInt64 = 1, speed: Double = 1, services: Int? = nil, gpus: Int? = nil,
    scenario: Scenario = .calm, port: Int = 0, metricsPort: Int = 0, token: String? = nil,
    rateLimit: Int? = nil, faults: FaultPlan = FaultPlan(), start: Date = Date()
  ) {
    self.seed = seed
    self.speed = speed
    self.services = services
    self.gpus = gpus
    self.scenario = scenario
    self.port = port
    self.metricsPort = metricsPort
    var generator = SeededGenerator(seed: seed ^ 0x746f_6b65_6e)
    self.token =
      token
      ?? (0..<4).map { _ in String(generator.next() | 1 << 63, radix: 16) }.joined()
    self.rateLimit = rateLimit
    self.faults = faults
    self.start = start
  }
}
