import Foundation
import Platform

/// A service of the simulated platform.
struct SimulatedService {
  var id: String
  var appID: String
  var appName: String
  var blueprint: Blueprint
  var noiseSeed: UInt64
  var status = "HEALTHY"
  var messages: [String] = []
  var version = 1
  var createdAt: Date
  var updatedAt: Date
  var activeID = ""
  var latestID = ""
  /// Regions, empty for all, and replicas.
  var overrides: [(scopes: [String], instances: Int)] = []
  /// By region, when the autoscaler last acted.
  var scaledAt: [String: Date] = [:]
  var quietSince: Date?
  var instances: [String] = []

  mutating func touch(_ now: Date) {
    version += 1
    updatedAt = now
  }
}

/// A deployment: immutable but for its status.
struct SimulatedDeployment {
  var id: String
  var service: Int
  var parentID: String
  var status: String
  var messages: [String] = []
  var version = 1
  var createdAt: Date
  var updatedAt: Date
  var startedAt: Date?
  var succeededAt: Date?
  var terminatedAt: Date?
  var definition: JSONValue
  var sha = ""
  var trigger: String?
  /// Whether its replicas run out of memory while they load.
  var crashes = false
  /// When it leaves its present stage.
  var stageEnds: Date?

  mutating func become(_ status: String, _ now: Date) {
    self.status = status
    version += 1
    updatedAt = now
  }

  var spec: DeploymentSpec { DeploymentSpec(definition) }

  /// Neither serving nor ended.
  var isOnItsWay: Bool {
    ["PENDING", "PROVISIONING", "SCHEDULED", "ALLOCATING", "STARTING", "CANCELING"]
      .contains(status)
  }
}

/// What of a definition the simulated platform acts on.
struct DeploymentSpec {
  var regions: [String]
  var types: [(scopes: [String], type: String)]
  var scalings: [(scopes: [String], minimum: Int, maximum: Int)]
  var targetRate: Double?
  var sleepsAfter: Double?

  init(_ definition: JSONValue) {
    func names(_ value: JSONValue?) -> [String] {
      (value?.elements ?? []).compactMap(\.text).map {
        $0.hasPrefix("region:") ? String($0.dropFirst(7)) : $0
      }
    }
    regions = (definition["regions"]?.elements ?? []).compactMap(\.text)
    types = (definition["instance_types"]?.elements ?? []).map {
      (names($0["scopes"]), $0["type"]?.text ?? "")
    }
    scalings = []
    for entry in definition["scalings"]?.elements ?? [] {
      let minimum = entry["min"]?.integer ?? 1
      scalings.append((names(entry["scopes"]), minimum, entry["max"]?.integer ?? minimum))
      for target in entry["targets"]?.elements ?? [] {
        if let rate = target["requests_per_second"]?["value"]?.integer { targetRate = Double(rate) }
        if let delay = target["sleep_idle_delay"]?["deep_sleep_value"]?.integer {
          sleepsAfter = Double(delay)
        }
      }
    }
  }

  func type(in region: String) -> String {
    (types.first { $0.scopes.contains(region) } ?? types.first { $0.scopes.isEmpty })?.type ?? ""
  }

  func bounds(in region: String) -> (minimum: Int, maximum: Int) {
    let entry =
      scalings.first { $0.scopes.contains(region) } ?? scalings.first { $0.scopes.isEmpty }
    return (entry?.minimum ?? 1, entry?.maximum ?? 1)
  }
}

/// One running or ended copy.
struct SimulatedInstance {
  var id: String
  var service: Int
  var deploymentID: String
  var region: String
  var type: String
  var index: Int
  var status: String
  var messages: [String] = []
  var createdAt: Date
  var updatedAt: Date
  var startedAt: Date?
  var terminatedAt: Date?
  /// When it leaves ALLOCATING, STARTING or STOPPING.
  var stageEnds: Date?
  /// UUIDs of its GPUs.
  var gpus: [String] = []
  var host = ""

  var isRunning: Bool {
    switch status {
    case "ALLOCATING", "STARTING", "HEALTHY", "UNHEALTHY", "STOPPING": true
    default: false
    }
  }

  mutating func become(_ status: String, _ now: Date) {
    self.status = status
    updatedAt = now
  }
}

/// An entry of the feed.
struct SimulatedActivity {
  var id: String
  var at: Date
  var verb: String
  var objectType: String
  var service: Int
  var deploymentID: String?
  var metadata: [String: JSONValue]
  var isSystem: Bool
}

extension JSONValue {
  var integer: Int? {
    switch self {
    case .number(let value): Int(value.description)
    case .string(let value): Int(value)
    case .null, .bool, .array, .object: nil
    }
  }
}
