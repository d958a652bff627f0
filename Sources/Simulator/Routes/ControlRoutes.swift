import Foundation
import Hummingbird
import Platform
import Synchronization

/// Beside the platform's API: what a test sets and asks.
struct ControlRoutes {
  let world: World
  let conduct: Conduct

  func add(to router: Router<BasicRequestContext>) {
    router.get("/_simulator/writes") { _, _ in
      try Reply.json(.array(conduct.contents.withLock { $0.writes }.map { .string($0) }))
    }
    router.get("/_simulator/requests") { _, _ in
      let routes = conduct.contents.withLock { $0.routes }
      return try Reply.json(.object(routes.mapValues { .number(Decimal($0)) }))
    }
    router.get("/_simulator/state") { _, _ in
      try world.read { state in
        try Reply.json(
          .object([
            "now": .string(KoyebJSON.text(state.now)),
            "services": .number(Decimal(state.services.count)),
            "instances": .number(
              Decimal(state.services.reduce(0) { $0 + $1.instances.count })),
            "requests": .number(Decimal(conduct.contents.withLock { $0.requests })),
            "writes": .number(Decimal(conduct.contents.withLock { $0.writes.count })),
          ]))
      }
    }
    router.get("/_simulator/faults") { _, _ in
      let data = try JSONEncoder().encode(conduct.contents.withLock { $0.plan })
      return try Reply.json(try JSONDecoder().decode(JSONValue.self, from: data))
    }
    router.put("/_simulator/faults") { request, _ in
      let text = String(buffer: try await request.body.collect(upTo: 65_536))
      do {
        let plan = try FaultPlan(parsing: text)
        conduct.contents.withLock { $0.plan = plan }
        return try Reply.json(.object([:]))
      } catch {
        return try Reply.error(.badRequest, code: "invalid_argument", "\(error)")
      }
    }
    router.get("/**") { request, _ in
      // As the real host does: an address outside the API gets the dashboard's page.
      guard !request.uri.path.hasPrefix("/v1") else { return try Reply.notFound("route") }
      return Response(
        status: .ok, headers: [.contentType: "text/html"],
        body: ResponseBody(byteBuffer: ByteBuffer(string: "<!doctype html>")))
    }
  }
}
