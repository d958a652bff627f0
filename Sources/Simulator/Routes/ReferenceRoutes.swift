import Foundation
import Hummingbird
import Platform

/// Catalogue, quotas, feed, usage, metrics and logs.
struct ReferenceRoutes {
  let world: World

  func add(to router: Router<BasicRequestContext>) {
    router.get("/v1/catalog/regions", use: regions)
    router.get("/v1/catalog/instances", use: types)
    router.get("/v1/catalog/instances/:id", use: type)
    router.get("/v1/catalog/usage", use: capacity)
    router.get("/v1/account/organization", use: organization)
    router.get("/v1/account/profile") { _, _ in
      try Reply.error(
        .forbidden, code: "authorization_error", "an organization token has no profile")
    }
    router.get("/v1/organizations/:id", use: organization)
    router.get("/v1/organizations/:id/quotas", use: quotas)
    router.get("/v1/activities", use: activities)
    router.get("/v1/usages", use: usages)
    router.get("/v1/usages/details", use: usageDetails)
    router.get("/v1/streams/metrics", use: metrics)
    router.get("/v1/streams/logs/query", use: logs)
    for name in ["service_events", "deployment_events", "instance_events", "app_events"] {
      router.get("/v1/\(name)") { request, _ in
        try Reply.page("events", total: 0, query: ListQuery(request), ending: .next) { _ in .null }
      }
    }
  }

  @Sendable func regions(_ request: Request, _ context: BasicRequestContext) throws -> Response {
    let all = CatalogueData.regions
    return try world.read { state in
      let json = KoyebJSON(state: state)
      return try Reply.page(
        "regions", total: all.count, query: ListQuery(request), ending: .count
      ) { json.region(all[$0]) }
    }
  }

  @Sendable func types(_ request: Request, _ context: BasicRequestContext) throws -> Response {
    let all = CatalogueData.types
    return try world.read { state in
      let json = KoyebJSON(state: state)
      return try Reply.page(
        "instances", total: all.count, query: ListQuery(request), ending: .count
      ) { json.type(all[$0]) }
    }
  }

  @Sendable func type(_ request: Request, _ context: BasicRequestContext) throws -> Response {
    guard let entry = CatalogueData.type(try context.parameters.require("id")) else {
      return try Reply.notFound("instance type")
    }
    return try world.read { state in
      try Reply.json(.object(["instance": KoyebJSON(state: state).type(entry)]))
    }
  }

  @Sendable func capacity(_ request: Request, _ context: BasicRequestContext) throws -> Response {
    var entries: [String: JSONValue] = [:]
    for type in CatalogueData.types {
      let level = type.gpus >= 8 || type.gpuName == "H100" ? "LOW" : type.isGPU ? "MEDIUM" : "HIGH"
      var places: [String: JSONValue] = [:]
      for region in type.regions { places[region] = .object(["availability": .string(level)]) }
      entries[type.id] = .object(["availability": .string(level), "regions": .object(places)])
    }
    return try Reply.json(.object(["usage": .object(["instances": .object(entries)])]))
  }

  @Sendable func organization(
    _ request: Request, _ context: BasicRequestContext
  ) throws -> Response {
    try world.read { state in
      if let id = context.parameters.get("id"), id != state.organizationID {
        return try Reply.notFound("organization")
      }
      return try Reply.json(
        .object([
          "organization": .object([
            "id": .string(state.organizationID), "name": .string("simulated"),
            "plan": .string("scale"), "status": .string("ACTIVE"),
          ])
        ]))
    }
  }

  @Sendable func quotas(_ request: Request, _ context: BasicRequestContext) throws -> Response {
    try world.read { state in
      guard context.parameters.get("id") == state.organizationID else {
        return try Reply.notFound("organization")
      }
      let isLarge = state.services.count > 500
      var limits: [String: JSONValue] = [:]
      for type in CatalogueData.types {
        limits[type.id] = .string(isLarge ? "50000" : type.isGPU ? "16" : "200")
      }
      return try Reply.json(
        .object(["quotas": .object(["max_instances_by_type": .object(limits)])]))
    }
  }

  @Sendable func activities(_ request: Request, _ context: BasicRequestContext) throws -> Response {
    let query = ListQuery(request)
    let types = query.values("types")
    return try world.read { state in
      let json = KoyebJSON(state: state)
      let all = state.activities.reversed().filter {
        types.isEmpty || types.contains($0.objectType)
      }
      return try Reply.page("activities", total: all.count, query: query, ending: .next) {
        json.activity(all[$0])
      }
    }
  }

  private func runs(_ state: WorldState) -> [SimulatedInstance] {
    state.ended.compactMap { state.instances[$0] } + world.lists(state).running
  }

  @Sendable func usageDetails(
    _ request: Request, _ context: BasicRequestContext
  ) throws -> Response {
    let query = ListQuery(request)
    return try world.read { state in
      let json = KoyebJSON(state: state)
      let from = query.date("starting_time") ?? state.now.addingTimeInterval(-30 * 86_400)
      let to = query.date("ending_time") ?? state.now
      let rows = runs(state).filter {
        min($0.terminatedAt ?? state.now, to) > max($0.createdAt, from)
      }
      var reply = try Reply.page("usage_details", total: rows.count, query: query, ending: .count) {
        json.usage(rows[$0], from: from, to: to) ?? .null
      }
      reply.headers[.cacheControl] = "no-store"
      return reply
    }
  }

  @Sendable func usages(_ request: Request, _ context: BasicRequestContext) throws -> Response {
    let query = ListQuery(request)
    return try world.read { state in
      let json = KoyebJSON(state: state)
      let from = query.date("starting_time") ?? state.now.addingTimeInterval(-30 * 86_400)
      let to = query.date("ending_time") ?? state.now
      var seconds: [Int: [String: [String: Int]]] = [:]
      for run in runs(state) {
        let length = min(run.terminatedAt ?? state.now, to).timeIntervalSince(
          max(run.createdAt, from))
        guard length > 0 else { continue }
        seconds[run.service, default: [:]][run.region, default: [:]][run.type, default: 0] += Int(
          length)
      }
      var byApp: [String: [JSONValue]] = [:]
      for (index, regions) in seconds {
        let service = state.services[index]
        let places = regions.mapValues { types -> JSONValue in
          .object([
            "instances": .object(
              types.mapValues { .object(["duration_seconds": .number(Decimal($0))]) })
          ])
        }
        byApp[service.appID, default: []].append(
          .object([
            "service_id": .string(service.id), "service_name": .string(service.blueprint.name),
            "regions": .object(places),
          ]))
      }
      let apps = byApp.map { id, services -> JSONValue in
        .object([
          "app_id": .string(id), "app_name": .string(state.apps.first { $0.id == id }?.name ?? ""),
          "services": .array(services), "databases": .array([]),
        ])
      }
      return try Reply.json(
        .object([
          "usage": .object([
            "organization_id": .string(state.organizationID),
            "periods": .object([
              "0": .object([
                "starting_time": json.time(from), "ending_time": json.time(to),
                "apps": .array(apps),
              ])
            ]),
          ])
        ]))
    }
  }
}
