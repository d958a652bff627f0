import Foundation
import Hummingbird
import Platform

/// Apps, services, deployments and instances, to be read.
struct InventoryRoutes {
  let world: World

  func add(to router: Router<BasicRequestContext>) {
    router.get("/v1/apps", use: apps)
    router.get("/v1/apps/:id", use: app)
    router.get("/v1/services", use: services)
    router.get("/v1/services/:id", use: service)
    router.get("/v1/services/:id/scale", use: scale)
    router.get("/v1/deployments", use: deployments)
    router.get("/v1/deployments/:id", use: deployment)
    router.get("/v1/regional_deployments", use: regionalDeployments)
    router.get("/v1/instances", use: instances)
    router.get("/v1/instances/:id", use: instance)
  }

  @Sendable func apps(_ request: Request, _ context: BasicRequestContext) throws -> Response {
    let query = ListQuery(request)
    return try world.read { state in
      let json = KoyebJSON(state: state)
      let all = state.apps.filter { query.value("name").map($0.name.contains) ?? true }
      return try Reply.page("apps", total: all.count, query: query, ending: .countAndNext) {
        json.app(all[$0])
      }
    }
  }

  @Sendable func app(_ request: Request, _ context: BasicRequestContext) throws -> Response {
    let id = try context.parameters.require("id")
    return try world.read { state in
      guard let app = state.apps.first(where: { $0.id == id }) else {
        return try Reply.notFound("app")
      }
      return try Reply.json(.object(["app": KoyebJSON(state: state).app(app)]))
    }
  }

  @Sendable func services(_ request: Request, _ context: BasicRequestContext) throws -> Response {
    let query = ListQuery(request)
    let types = query.values("types")
    let statuses = query.values("statuses")
    return try world.read { state in
      let json = KoyebJSON(state: state)
      let isPlain =
        types.isEmpty && statuses.isEmpty && query.value("app_id") == nil
        && query.value("name") == nil
      let all =
        isPlain
        ? Array(state.services.indices)
        : state.services.indices.filter { index in
          let service = state.services[index]
          return (types.isEmpty || types.contains(service.blueprint.kind))
            && (statuses.isEmpty || statuses.contains(service.status))
            && (query.value("app_id").map { $0 == service.appID } ?? true)
            && (query.value("name").map(service.blueprint.name.contains) ?? true)
        }
      return try Reply.page("services", total: all.count, query: query, ending: .countAndNext) {
        .object(json.service(state.services[all[$0]]))
      }
    }
  }

  @Sendable func service(_ request: Request, _ context: BasicRequestContext) throws -> Response {
    let id = try context.parameters.require("id")
    return try world.read { state in
      guard let index = state.serviceIndex[id] else { return try Reply.notFound("service") }
      return try Reply.json(.object(["service": Self.detail(index, state)]))
    }
  }

  static func detail(_ index: Int, _ state: WorldState) -> JSONValue {
    let json = KoyebJSON(state: state)
    let service = state.services[index]
    var members = json.service(service)
    let active = state.deployments[service.activeID]
    members["started_at"] = json.time(active?.startedAt)
    members["succeeded_at"] = json.time(active?.succeededAt)
    members["last_provisioned_deployment_id"] = .string(service.activeID)
    return .object(members)
  }

  @Sendable func scale(_ request: Request, _ context: BasicRequestContext) throws -> Response {
    let id = try context.parameters.require("id")
    return try world.read { state in
      guard let index = state.serviceIndex[id] else { return try Reply.notFound("service") }
      let entries = state.services[index].overrides.map { entry -> JSONValue in
        .object([
          "scopes": .array(entry.scopes.map { .string("region:\($0)") }),
          "instances": .number(Decimal(entry.instances)),
        ])
      }
      return try Reply.json(.object(["scalings": .array(entries)]))
    }
  }

  @Sendable func deployments(_ request: Request, _ context: BasicRequestContext) throws -> Response
  {
    let query = ListQuery(request)
    let statuses = query.values("statuses")
    return try world.read { state in
      let json = KoyebJSON(state: state)
      var ids: [String]
      if let service = query.value("service_id") {
        ids = state.serviceIndex[service].map { state.history[$0] } ?? []
      } else {
        ids = world.lists(state).deploymentIDs
      }
      if !statuses.isEmpty {
        ids = ids.filter { state.deployments[$0].map { statuses.contains($0.status) } ?? false }
      }
      return try Reply.page("deployments", total: ids.count, query: query, ending: .countAndNext) {
        state.deployments[ids[$0]].map { .object(json.deployment($0)) } ?? .null
      }
    }
  }

  @Sendable func deployment(_ request: Request, _ context: BasicRequestContext) throws -> Response {
    let id = try context.parameters.require("id")
    return try world.read { state in
      guard let deployment = state.deployments[id] else { return try Reply.notFound("deployment") }
      var members = KoyebJSON(state: state).deployment(deployment)
      members["skip_build"] = .bool(false)
      members["role"] = .string(
        state.services[deployment.service].activeID == id ? "ACTIVE" : "INVALID")
      return try Reply.json(.object(["deployment": .object(members)]))
    }
  }

  @Sendable func regionalDeployments(
    _ request: Request, _ context: BasicRequestContext
  ) throws -> Response {
    let query = ListQuery(request)
    return try world.read { state in
      let json = KoyebJSON(state: state)
      let deployment = query.value("deployment_id").flatMap { state.deployments[$0] }
      let regions = deployment?.spec.regions ?? []
      return try Reply.page(
        "regional_deployments", total: regions.count, query: query, ending: .countAndNext
      ) { index in
        deployment.map { json.regionalDeployment($0, regions[index]) } ?? .null
      }
    }
  }

  @Sendable func instances(_ request: Request, _ context: BasicRequestContext) throws -> Response {
    let query = ListQuery(request)
    let statuses = Set(query.values("statuses"))
    return try world.read { state in
      let json = KoyebJSON(state: state)
      var found: [SimulatedInstance] = []
      if let service = query.value("service_id") {
        let index = state.serviceIndex[service]
        found = index.map { state.services[$0].instances.compactMap { state.instances[$0] } } ?? []
      } else {
        found = world.lists(state).running
      }
      if statuses.isEmpty || statuses.contains("STOPPED") || statuses.contains("ERROR") {
        found += state.ended.compactMap { state.instances[$0] }.filter { instance in
          query.value("service_id").map { state.services[instance.service].id == $0 } ?? true
        }
      }
      let deployment = query.value("deployment_id")
      let places = found.indices.filter { place in
        (statuses.isEmpty || statuses.contains(found[place].status))
          && (deployment == nil || found[place].deploymentID == deployment)
      }
      return try Reply.page("instances", total: places.count, query: query, ending: .count) {
        json.instance(found[places[$0]], isDetail: false)
      }
    }
  }

  @Sendable func instance(_ request: Request, _ context: BasicRequestContext) throws -> Response {
    let id = try context.parameters.require("id")
    return try world.read { state in
      guard let instance = state.instances[id] else { return try Reply.notFound("instance") }
      return try Reply.json(
        .object(["instance": KoyebJSON(state: state).instance(instance, isDetail: true)]))
    }
  }
}
