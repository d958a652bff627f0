import Foundation
import Hummingbird
import Platform

extension ReferenceRoutes {
  @Sendable func metrics(_ request: Request, _ context: BasicRequestContext) throws -> Response {
    let query = ListQuery(request)
    return try world.read { state in
      var index = query.value("service_id").flatMap { state.serviceIndex[$0] }
      let instance = query.value("instance_id").flatMap { state.instances[$0] }
      if let instance { index = instance.service }
      guard let index, let name = query.value("name") else {
        return try Reply.error(
          .badRequest, code: "invalid_argument", "invalid query",
          fields: [("service_id", "must name a service or an instance")])
      }
      let step = 60.0
      let end = query.date("end") ?? state.now
      let start = max(
        query.date("start") ?? end.addingTimeInterval(-3600), end.addingTimeInterval(-86_400))
      let first = (start.timeIntervalSince1970 / step).rounded(.up) * step
      let times = stride(from: first, through: end.timeIntervalSince1970, by: step).map {
        Date(timeIntervalSince1970: $0)
      }
      let series = Self.series(name, index, instance, times, state)
      return try Reply.json(.object(["metrics": .array(series)]))
    }
  }

  private static func series(
    _ name: String, _ index: Int, _ instance: SimulatedInstance?, _ times: [Date],
    _ state: WorldState
  ) -> [JSONValue] {
    let service = state.services[index]
    let regions = service.blueprint.regions
    func make(_ labels: [String: String], _ value: (Date) -> Double?) -> JSONValue {
      .object([
        "labels": .object(labels.mapValues { .string($0) }),
        "samples": .array(
          times.map { time in
            .object([
              "timestamp": .string(KoyebJSON.text(time)),
              "value": value(time).map { .number(Decimal(($0 * 100).rounded()) / 100) } ?? .null,
            ])
          }),
      ])
    }
    func total(_ time: Date) -> Double {
      regions.reduce(0) { $0 + state.requests(service, region: $1, at: time) }
    }
    func load(_ time: Date) -> Double {
      regions.map { state.load(service, region: $0, at: time) }.max() ?? 0
    }
    switch name {
    case "HTTP_THROUGHPUT":
      return [make(["service_id": service.id, "code": "2xx"], total)]
    case "HTTP_RESPONSE_TIME_50P", "HTTP_RESPONSE_TIME_90P", "HTTP_RESPONSE_TIME_99P",
      "HTTP_RESPONSE_TIME_MAX":
      let factor = ["50P": 1.0, "90P": 1.9, "99P": 3.1, "MAX": 5.2]
      let own = factor.first { name.hasSuffix($0.key) }?.value ?? 1
      return [
        make(["service_id": service.id]) { time in
          // Near saturation requests wait; with nobody asking there is no sample.
          let now = load(time)
          guard total(time) > 0 else { return nil }
          return service.blueprint.latency * own * (1 + max(0, now - 0.8) * 2.4)
        }
      ]
    case "CPU_TOTAL_PERCENT", "MEM_RSS":
      let all = instance.map { [$0] } ?? service.instances.compactMap { state.instances[$0] }
      return all.map { one in
        make(["instance_id": one.id]) { time in
          let busy = state.load(service, region: one.region, at: time)
          return name == "MEM_RSS" ? 4e8 + busy * 2e8 : min(1.2, 0.12 + 0.6 * busy) * 100
        }
      }
    default: return []
    }
  }

  @Sendable func logs(_ request: Request, _ context: BasicRequestContext) throws -> Response {
    let query = ListQuery(request)
    return try world.read { state in
      let index = query.value("service_id").flatMap { state.serviceIndex[$0] }
      guard let index else {
        return try Reply.error(
          .badRequest, code: "invalid_argument", "invalid query",
          fields: [("service_id", "is needed here")])
      }
      let service = state.services[index]
      let now = state.now
      let limit = min(Int(query.value("limit") ?? "") ?? 100, 1000)
      var lines: [JSONValue] = []
      for number in 0..<limit {
        let at = now.addingTimeInterval(-Double(number) * 3)
        let id =
          service.instances.isEmpty ? "" : service.instances[number % service.instances.count]
        let instance = state.instances[id]
        let text =
          instance?.messages.first.map { "ERROR \($0)" }
          ?? "INFO served request in \(Int(service.blueprint.latency))ms"
        lines.append(
          .object([
            "msg": .string(text), "created_at": .string(KoyebJSON.text(at)),
            "labels": .object([
              "type": .string("runtime"), "stream": .string("stdout"),
              "service_id": .string(service.id), "app_id": .string(service.appID),
              "instance_id": .string(id), "organization_id": .string(state.organizationID),
            ]),
          ]))
      }
      return try Reply.json(
        .object([
          "data": .array(lines),
          "pagination": .object([
            "has_more": .bool(false), "next_start": .null, "next_end": .null,
          ]),
        ]))
    }
  }
}
