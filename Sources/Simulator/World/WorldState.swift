import Foundation
import Platform

/// Everything that exists in the simulated platform at one instant.
struct WorldState {
  let organizationID: String
  let seed: UInt64
  let scenario: Scenario
  let start: Date
  var now: Date
  var generator: SeededGenerator
  var apps: [(id: String, name: String, createdAt: Date)] = []
  var services: [SimulatedService] = []
  var serviceIndex: [String: Int] = [:]
  var deployments: [String: SimulatedDeployment] = [:]
  /// Of each service, newest first.
  var history: [[String]] = []
  var instances: [String: SimulatedInstance] = [:]
  /// Ended ones, for usage; oldest first.
  var ended: [String] = []
  /// Oldest first.
  var activities: [SimulatedActivity] = []
  var hasDeployedBadly = false
  var lastEvaluation: Date

  /// How far one step goes.
  static let step: Double = 5

  init(options: SimulatorOptions) {
    seed = options.seed
    scenario = options.scenario
    // Whole seconds, so that times read the same wherever they are printed.
    start = Date(timeIntervalSince1970: options.start.timeIntervalSince1970.rounded())
    now = start
    lastEvaluation = start
    generator = SeededGenerator(seed: options.seed)
    organizationID = generator.identifier()
    WorldBuilder.fill(&self, options: options)
  }

  mutating func advance(to target: Date) {
    while target.timeIntervalSince(now) >= Self.step {
      now = now.addingTimeInterval(Self.step)
      stepOnce()
    }
  }

  private mutating func stepOnce() {
    if scenario == .badDeploy, !hasDeployedBadly, now.timeIntervalSince(start) >= 20 {
      hasDeployedBadly = true
      deployBadly()
    }
    stepInstances()
    stepDeployments()
    if now.timeIntervalSince(lastEvaluation) >= 15 {
      lastEvaluation = now
      for index in services.indices { evaluate(index) }
    }
    for index in services.indices { settleStatus(index) }
  }

  /// A new revision of the first chat model whose replicas run out of memory on load.
  private mutating func deployBadly() {
    guard let index = services.firstIndex(where: { $0.blueprint.name == "chat-large" }) else {
      return
    }
    guard let active = deployments[services[index].activeID] else { return }
    var definition = active.definition
    definition["docker"] = .object(["image": .string("registry.example.com/chat-large:2.5.0")])
    if var variables = definition["env"]?.elements {
      variables.append(
        .object([
          "key": .string("MAX_MODEL_LEN"), "value": .string("131072"), "scopes": .array([]),
          "secret": .string(""),
        ]))
      definition["env"] = .array(variables)
    }
    let id = deploy(index, definition: definition, trigger: nil)
    deployments[id]?.crashes = true
  }

  // MARK: - Traffic

  /// Requests a second that reach a region of a service at an instant: a pure function of time.
  func requests(_ service: SimulatedService, region: String, at time: Date) -> Double {
    let blueprint = service.blueprint
    let seconds = time.timeIntervalSince1970
    guard blueprint.peak > 0, service.status != "PAUSED" else { return 0 }
    let isGPU = CatalogueData.type(blueprint.type)?.isGPU ?? false
    if scenario == .idleGPUs, isGPU, time.timeIntervalSince(start) > -1800 { return 0 }
    var rate: Double
    switch blueprint.shape {
    case .silent: return 0
    case .batches:
      rate = Int64(seconds / 900) % 3 == 0 ? blueprint.peak : 0
    case .daily:
      let hour = (seconds / 3600).truncatingRemainder(dividingBy: 24)
      let day = 0.62 + 0.38 * cos((hour - 14) / 24 * 2 * .pi)
      rate = blueprint.peak * day
    }
    // Slow waves, and a burst of a few minutes now and then.
    let slow = SeededGenerator.noise(service.noiseSeed, Int64(seconds / 180))
    let fast = SeededGenerator.noise(service.noiseSeed ^ 77, Int64(seconds / 15))
    let burst = SeededGenerator.noise(service.noiseSeed ^ 991, Int64(seconds / 300))
    rate *= 0.88 + 0.18 * slow + 0.06 * fast
    if burst > 0.94 { rate *= 1.35 }
    let isStarted = time >= start
    if scenario == .trafficSpike, isStarted, blueprint.name.hasPrefix("chat") { rate *= 3.2 }
    if scenario == .flapping, blueprint.name == "embed" || blueprint.name == "chat-small" {
      rate = blueprint.perReplica * (Int64(seconds / 75) % 2 == 0 ? 1.2 : 3.4)
    }
    return rate
  }

  func healthy(_ service: SimulatedService, in region: String) -> Int {
    service.instances.count { id in
      instances[id].map { $0.region == region && $0.status == "HEALTHY" } ?? false
    }
  }

  /// How loaded one replica of a region is; 1 is what it takes well.
  func load(_ service: SimulatedService, region: String, at time: Date) -> Double {
    let ready = healthy(service, in: region)
    guard ready > 0, service.blueprint.perReplica > 0 else { return 0 }
    return requests(service, region: region, at: time) / Double(ready)
      / service.blueprint.perReplica
  }

  mutating func record(
    _ verb: String, _ objectType: String, service: Int, deployment: String? = nil,
    _ metadata: [String: JSONValue], isSystem: Bool, at: Date? = nil
  ) {
    activities.append(
      SimulatedActivity(
        id: generator.identifier(), at: at ?? now, verb: verb, objectType: objectType,
        service: service, deploymentID: deployment, metadata: metadata, isSystem: isSystem))
  }
}
