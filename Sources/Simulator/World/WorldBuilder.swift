import Foundation
import Platform

/// Makes the world as it is found at the start, with a past.
enum WorldBuilder {
  static func fill(_ state: inout WorldState, options: SimulatorOptions) {
    var blueprints = Blueprint.fleet(
      services: options.services, gpus: options.gpus, using: &state.generator)
    if options.services == nil, options.gpus == nil { blueprints = Blueprint.believable }
    var apps: [String: String] = [:]
    let isLarge = blueprints.count > 500
    for blueprint in blueprints {
      let appID: String
      if let known = apps[blueprint.app] {
        appID = known
      } else {
        appID = state.generator.identifier()
        apps[blueprint.app] = appID
        state.apps.append((appID, blueprint.app, state.start.addingTimeInterval(-90 * 86_400)))
      }
      add(blueprint, appID: appID, isLarge: isLarge, to: &state)
    }
    state.activities.sort { $0.at < $1.at }
  }

  private static func add(
    _ blueprint: Blueprint, appID: String, isLarge: Bool, to state: inout WorldState
  ) {
    let index = state.services.count
    let created = state.start.addingTimeInterval(
      -Double(Int.random(in: 20...80, using: &state.generator)) * 86_400)
    var service = SimulatedService(
      id: state.generator.identifier(), appID: appID, appName: blueprint.app,
      blueprint: blueprint, noiseSeed: state.generator.next(), createdAt: created,
      updatedAt: state.start.addingTimeInterval(-3600))
    service.version = Int.random(in: 20...400, using: &state.generator)
    state.serviceIndex[service.id] = index
    state.services.append(service)
    state.history.append([])
    guard blueprint.kind != "DATABASE" else { return addDatabase(index, &state) }
    let past = isLarge ? 1 : Int.random(in: 3...4, using: &state.generator)
    var parent = ""
    for number in 0..<past {
      let isLast = number == past - 1
      let age = isLast ? 9.0 : 30 * Double(past - number)
      let at = state.start.addingTimeInterval(
        -(age + Double.random(in: 0...6, using: &state.generator)) * 3600)
      parent = addDeployment(index, number: number, parent: parent, at: at, isLast: isLast, &state)
    }
    if blueprint.isStashed, !isLarge {
      let draft = definition(blueprint, number: past, &state.generator)
      let id = state.deploy(index, definition: draft, trigger: nil, isStashed: true)
      state.services[index].latestID = id
    }
    addInstances(index, &state)
    if !isLarge {
      addPast(index, &state)
      addMeteredPast(index, &state)
    }
  }

  /// Runs of the last week that have ended, as many in each hour as its traffic asked for: what the
  /// platform's meter tells of before this world began.
  private static func addMeteredPast(_ index: Int, _ state: inout WorldState) {
    let service = state.services[index]
    guard let deployment = state.deployments[service.activeID] else { return }
    let spec = deployment.spec
    for region in spec.regions {
      let bounds = spec.bounds(in: region)
      let living = service.instances.compactMap { state.instances[$0] }
        .filter { $0.region == region }
      for replica in 0..<bounds.maximum {
        let birth = living.first { $0.index == replica }?.createdAt
        var began: Date?
        for hour in stride(from: 7 * 24, through: 0, by: -1) {
          let at = state.start.addingTimeInterval(-Double(hour) * 3600)
          guard at < birth ?? state.start else { break }
          let rate = state.requests(service, region: region, at: at)
          let needed = Int((rate / max(service.blueprint.perReplica, 1)).rounded(.up))
          if min(max(needed, bounds.minimum), bounds.maximum) > replica {
            began = began ?? at
          } else if let from = began {
            state.addEnded(index, spec: spec, region: region, index: replica, from: from, until: at)
            began = nil
          }
        }
        guard let from = began else { continue }
        let until = birth ?? state.start.addingTimeInterval(-1800)
        guard until > from else { continue }
        state.addEnded(index, spec: spec, region: region, index: replica, from: from, until: until)
      }
    }
  }

  private static func addDatabase(_ index: Int, _ state: inout WorldState) {
    let id = state.generator.identifier()
    var deployment = SimulatedDeployment(
      id: id, service: index, parentID: "", status: "HEALTHY",
      createdAt: state.services[index].createdAt, updatedAt: state.start,
      definition: .object([
        "name": .string("accounts"), "type": .string("DATABASE"),
        "regions": .array([.string("fra")]),
        "database": .object([
          "neon_postgres": .object(["pg_version": .number(16), "region": .string("fra")])
        ]),
      ]))
    deployment.succeededAt = state.services[index].createdAt
    state.deployments[id] = deployment
    state.history[index] = [id]
    state.services[index].activeID = id
    state.services[index].latestID = id
  }

  private static func addDeployment(
    _ index: Int, number: Int, parent: String, at: Date, isLast: Bool, _ state: inout WorldState
  ) -> String {
    let id = state.generator.identifier()
    let blueprint = state.services[index].blueprint
    var deployment = SimulatedDeployment(
      id: id, service: index, parentID: parent, status: isLast ? "HEALTHY" : "STOPPED",
      createdAt: at, updatedAt: at.addingTimeInterval(60),
      definition: definition(blueprint, number: number, &state.generator))
    deployment.startedAt = at.addingTimeInterval(20)
    deployment.succeededAt = at.addingTimeInterval(60)
    deployment.sha = blueprint.isGit ? WorldState.sha(&state.generator) : ""
    deployment.trigger = blueprint.isGit ? "GIT" : nil
    state.deployments[id] = deployment
    state.history[index].insert(id, at: 0)
    if !parent.isEmpty {
      state.deployments[parent]?.terminatedAt = at.addingTimeInterval(60)
    }
    if isLast {
      state.services[index].activeID = id
      state.services[index].latestID = id
    }
    return id
  }

  private static func addInstances(_ index: Int, _ state: inout WorldState) {
    let service = state.services[index]
    guard let deployment = state.deployments[service.activeID], !service.blueprint.sleeps else {
      state.deployments[service.activeID]?.status = "SLEEPING"
      return
    }
    let spec = deployment.spec
    for region in spec.regions {
      let bounds = spec.bounds(in: region)
      let rate = state.requests(service, region: region, at: state.start)
      let needed = Int((rate / max(service.blueprint.perReplica, 1)).rounded(.up))
      let count = min(max(needed, bounds.minimum), bounds.maximum)
      for replica in 0..<count {
        let age = Double.random(in: 0.5...8.5, using: &state.generator) * 3600
        state.addInstance(
          index, deployment: deployment.id, spec: spec, region: region, index: replica,
          bornAt: state.start.addingTimeInterval(-age))
      }
    }
  }

  /// What the autoscaler did in the last hours.
  private static func addPast(_ index: Int, _ state: inout WorldState) {
    let service = state.services[index]
    guard service.blueprint.maximum > service.blueprint.minimum else { return }
    if service.blueprint.sleeps {
      state.record(
        "autoscaled", "deployment", service: index, deployment: service.activeID,
        [
          "count": .number(0), "previous_count": .number(1),
          "region": .string(service.blueprint.regions[0]),
        ],
        isSystem: true, at: state.start.addingTimeInterval(-6 * 3600))
      return
    }
    let region = service.blueprint.regions[0]
    let now = max(service.blueprint.minimum, state.healthy(service, in: region))
    var count = now
    for number in 0..<2 {
      let before = number == 0 ? max(1, count - 1) : count + 1
      guard before != count else { continue }
      let minutes = Double.random(in: 24...160, using: &state.generator) + Double(number) * 170
      state.record(
        "autoscaled", "deployment", service: index, deployment: service.activeID,
        [
          "count": .number(Decimal(count)), "previous_count": .number(Decimal(before)),
          "region": .string(region),
        ], isSystem: true, at: state.start.addingTimeInterval(-minutes * 60))
      count = before
    }
  }

  static func definition(
    _ blueprint: Blueprint, number: Int, _ generator: inout SeededGenerator
  ) -> JSONValue {
    var targets: [JSONValue] = []
    if blueprint.maximum > blueprint.minimum {
      targets.append(
        .object([
          "requests_per_second": .object(["value": .number(Decimal(Int(blueprint.perReplica)))])
        ]))
    }
    if blueprint.sleeps {
      targets.append(
        .object([
          "sleep_idle_delay": .object([
            "value": .number(0), "deep_sleep_value": .number(300), "light_sleep_value": .number(0),
          ])
        ]))
    }
    var members: [String: JSONValue] = [
      "name": .string(blueprint.name), "type": .string(blueprint.kind),
      "regions": .array(blueprint.regions.map { .string($0) }),
      "instance_types": .array([.object(["type": .string(blueprint.type), "scopes": .array([])])]),
      "scalings": .array([
        .object([
          "scopes": .array([]), "min": .number(Decimal(blueprint.minimum)),
          "max": .number(Decimal(blueprint.maximum)), "targets": .array(targets),
        ])
      ]),
      "env": .array([
        variable("MODEL", blueprint.name),
        variable("LOG_LEVEL", number % 2 == 0 ? "info" : "debug"),
        variable("API_KEY", "CANARY-SECRET-env-\(blueprint.name)"),
        .object([
          "key": .string("HF_TOKEN"), "value": .string(""), "secret": .string("hf-token"),
          "scopes": .array([]),
        ]),
      ]),
      "ports": .array([.object(["port": .number(8000), "protocol": .string("http")])]),
      "routes": .array([
        .object([
          "port": .number(8000), "path": .string("/"),
          "security_policies": .object([
            "basic_auths": .array([
              .object([
                "username": .string("ops"), "password": .string("CANARY-SECRET-basic"),
              ])
            ]), "api_keys": .array([.string("CANARY-SECRET-key")]),
          ]),
        ])
      ]),
      "config_files": .array([
        .object([
          "path": .string("/etc/app.conf"), "permissions": .string("0644"),
          "content": .string("password=CANARY-SECRET-file"),
        ])
      ]),
    ]
    if blueprint.isGit {
      members["git"] = .object([
        "repository": .string("github.com/example/\(blueprint.name)"), "branch": .string("main"),
        "sha": .string(""),
      ])
    } else {
      members["docker"] = .object([
        "image": .string("registry.example.com/\(blueprint.name):2.\(number + 1).0")
      ])
    }
    return .object(members)
  }

  private static func variable(_ key: String, _ value: String) -> JSONValue {
    .object([
      "key": .string(key), "value": .string(value), "secret": .string(""), "scopes": .array([]),
    ])
  }
}
