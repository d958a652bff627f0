import Foundation
import Hummingbird
import Platform

/// The writes: scale, a new definition, redeploy, pause, resume, cancel.
struct ActionRoutes {
  let world: World

  func add(to router: Router<BasicRequestContext>) {
    router.put("/v1/services/:id/scale", use: setScale)
    router.delete("/v1/services/:id/scale", use: releaseScale)
    router.put("/v1/services/:id", use: update)
    router.post("/v1/services/:id/redeploy", use: redeploy)
    router.post("/v1/services/:id/pause", use: pause)
    router.post("/v1/services/:id/resume", use: resume)
    router.post("/v1/deployments/:id/cancel", use: cancel)
  }

  private func body(_ request: Request) async throws -> JSONValue? {
    let buffer = try await request.body.collect(upTo: 4 << 20)
    return try? JSONDecoder().decode(JSONValue.self, from: Data(buffer.readableBytesView))
  }

  private func invalid(_ field: String, _ description: String) throws -> Response {
    try Reply.error(
      .badRequest, code: "invalid_argument", "Validation error", fields: [(field, description)])
  }

  private func impossible(_ message: String, status: String) throws -> Response {
    try Reply.error(
      .badRequest, code: "failed_precondition", message, fields: [("id", "status is \(status)")])
  }

  @Sendable func setScale(_ request: Request, _ context: BasicRequestContext) async throws
    -> Response
  {
    let id = try context.parameters.require("id")
    guard let entries = try await body(request)?["scalings"]?.elements else {
      return try invalid("scalings", "must be a list")
    }
    var overrides: [(scopes: [String], instances: Int)] = []
    for entry in entries {
      guard let count = entry["instances"]?.integer, (1...20_000).contains(count) else {
        return try invalid("scalings.instances", "must be between 1 and 20000")
      }
      let scopes = (entry["scopes"]?.elements ?? []).compactMap(\.text).map {
        $0.hasPrefix("region:") ? String($0.dropFirst(7)) : $0
      }
      overrides.append((scopes, count))
    }
    let settled = overrides
    return try world.change { state in
      guard let index = state.serviceIndex[id] else { return try Reply.notFound("service") }
      state.services[index].overrides = settled
      state.services[index].touch(state.now)
      for entry in settled {
        state.record(
          "manually-scaled", "service", service: index,
          [
            "count": .number(Decimal(entry.instances)),
            "region": .string(entry.scopes.first ?? ""),
          ], isSystem: false)
      }
      state.evaluate(index)
      return try Reply.json(.object([:]))
    }
  }

  @Sendable func releaseScale(_ request: Request, _ context: BasicRequestContext) throws -> Response
  {
    let id = try context.parameters.require("id")
    return try world.change { state in
      guard let index = state.serviceIndex[id] else { return try Reply.notFound("service") }
      state.services[index].overrides = []
      state.services[index].touch(state.now)
      state.record("manual_scaling_deleted", "service", service: index, [:], isSystem: false)
      return try Reply.json(.object([:]))
    }
  }

  @Sendable func update(_ request: Request, _ context: BasicRequestContext) async throws -> Response
  {
    let id = try context.parameters.require("id")
    let query = ListQuery(request)
    guard let definition = try await body(request)?["definition"], case .object = definition else {
      return try invalid("definition", "is missing")
    }
    let spec = DeploymentSpec(definition)
    let known = Set(CatalogueData.regions.map(\.id))
    if let region = spec.regions.first(where: { !known.contains($0) }) {
      return try invalid("definition.regions", "unknown region \(region)")
    }
    if spec.regions.isEmpty { return try invalid("definition.regions", "must not be empty") }
    if let type = spec.types.first(where: { CatalogueData.type($0.type) == nil }) {
      return try invalid("definition.instance_types", "unknown instance type \(type.type)")
    }
    if let wrong = spec.scalings.first(where: { $0.minimum < 0 || $0.maximum < max(1, $0.minimum) })
    {
      return try invalid("definition.scalings", "min \(wrong.minimum) and max \(wrong.maximum)")
    }
    let isDryRun = query.value("dry_run") == "true"
    return try world.change { state in
      guard let index = state.serviceIndex[id] else { return try Reply.notFound("service") }
      if !isDryRun {
        _ = state.deploy(index, definition: definition, trigger: nil)
        state.record("updated", "service", service: index, [:], isSystem: false)
      }
      return try Reply.json(.object(["service": InventoryRoutes.detail(index, state)]))
    }
  }

  @Sendable func redeploy(_ request: Request, _ context: BasicRequestContext) throws -> Response {
    let id = try context.parameters.require("id")
    return try world.change { state in
      guard let index = state.serviceIndex[id],
        let latest = state.deployments[state.services[index].latestID]
      else { return try Reply.notFound("service") }
      let new = state.deploy(index, definition: latest.definition, trigger: nil)
      state.deployments[new]?.crashes = latest.crashes
      guard let deployment = state.deployments[new] else { return try Reply.notFound("deployment") }
      var members = KoyebJSON(state: state).deployment(deployment)
      members["skip_build"] = .bool(false)
      return try Reply.json(.object(["deployment": .object(members)]))
    }
  }

  @Sendable func pause(_ request: Request, _ context: BasicRequestContext) throws -> Response {
    let id = try context.parameters.require("id")
    return try world.change { state in
      guard let index = state.serviceIndex[id] else { return try Reply.notFound("service") }
      let status = state.services[index].status
      guard ["STARTING", "HEALTHY", "DEGRADED", "UNHEALTHY", "RESUMING"].contains(status) else {
        return try impossible("the service cannot be paused", status: status)
      }
      state.services[index].status = "PAUSING"
      state.services[index].touch(state.now)
      state.endRollouts(index, as: "STOPPED")
      for instance in state.services[index].instances { state.stop(instance) }
      state.record("paused", "service", service: index, [:], isSystem: false)
      return try Reply.json(.object([:]))
    }
  }

  @Sendable func resume(_ request: Request, _ context: BasicRequestContext) throws -> Response {
    let id = try context.parameters.require("id")
    return try world.change { state in
      guard let index = state.serviceIndex[id] else { return try Reply.notFound("service") }
      let service = state.services[index]
      // Koyeb allows it while paused; one that is on its way there is taken too.
      guard service.status == "PAUSED" || service.status == "PAUSING" else {
        return try impossible("the service cannot be resumed", status: service.status)
      }
      guard let last = state.deployments[service.activeID] ?? state.deployments[service.latestID]
      else { return try Reply.notFound("deployment") }
      state.services[index].status = "RESUMING"
      _ = state.deploy(index, definition: last.definition, trigger: "RESUME")
      state.record("resumed", "service", service: index, [:], isSystem: false)
      return try Reply.json(.object([:]))
    }
  }

  @Sendable func cancel(_ request: Request, _ context: BasicRequestContext) throws -> Response {
    let id = try context.parameters.require("id")
    return try world.change { state in
      guard let deployment = state.deployments[id] else { return try Reply.notFound("deployment") }
      guard
        ["PENDING", "PROVISIONING", "SCHEDULED", "ALLOCATING", "STARTING"].contains(
          deployment.status)
      else {
        return try impossible("the deployment cannot be canceled", status: deployment.status)
      }
      state.deployments[id]?.become("CANCELING", state.now)
      state.deployments[id]?.stageEnds = state.now.addingTimeInterval(5)
      state.services[deployment.service].touch(state.now)
      for instance in state.services[deployment.service].instances
      where state.instances[instance]?.deploymentID == id { state.stop(instance) }
      return try Reply.json(.object([:]))
    }
  }
}
