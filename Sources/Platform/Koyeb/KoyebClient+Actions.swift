package import Domain
import NIOCore
import NIOHTTP1

extension KoyebClient {
  /// Replaces the whole list of manual counts; the answer is empty.
  package func setOverrides(
    _ overrides: [ScalingOverride], for id: WorkloadID
  ) async throws(PlatformError) {
    struct Body: Encodable { var scalings: [Wire.Override] }
    let body = Body(
      scalings: overrides.map { entry in
        Wire.Override(
          scopes: entry.regions.map { "region:\($0.rawValue)" }, instances: Lenient(entry.replicas))
      })
    let path = "/v1/services/\(try segment(id))/scale"
    try acknowledge(try await write(.PUT, path, body: body), route: path)
  }

  package func releaseOverrides(of id: WorkloadID) async throws(PlatformError) {
    let path = "/v1/services/\(try segment(id))/scale"
    try acknowledge(try await remove(path), route: path)
  }

  /// An empty object is all that these say; what is none is no yes.
  private func acknowledge(_ body: ByteBuffer, route: String) throws(PlatformError) {
    guard body.readableBytes > 0 else { return }
    _ = try decode([String: JSONValue].self, body, route: route)
  }

  /// A revision's definition as the platform holds it, with the commit that was built.
  package func rawDefinition(
    of id: RevisionID
  ) async throws(PlatformError) -> (definition: JSONValue, commit: String?) {
    struct Reply: Decodable { var deployment: JSONValue? }
    let path = "/v1/deployments/\(try segment(id))"
    let reply = try decode(Reply.self, try await fetch(path), route: path)
    guard let deployment = reply.deployment, let definition = deployment["definition"],
      case .object = definition
    else { throw .unreadable(route: path, detail: "no definition in it") }
    let built = deployment["provisioning_info"]?["sha"]?.text
    let pushed = deployment["metadata"]?["trigger"]?["git"]?["sha"]?.text
    let commit = [built, pushed].compactMap { $0 }.first {
      !$0.isEmpty && !$0.allSatisfy { $0 == "0" }
    }
    return (definition, commit)
  }

  /// Sends a whole definition; the revision that it makes, or nil for a dry run.
  package func updateDefinition(
    of id: WorkloadID, to definition: JSONValue, dryRun: Bool
  ) async throws(PlatformError) -> RevisionID? {
    struct Reply: Decodable { var service: Wire.ServiceItem? }
    let path = "/v1/services/\(try segment(id))"
    let body = try await write(
      .PUT, path, dryRun ? [("dry_run", "true")] : [], body: ["definition": definition])
    if dryRun { return nil }
    let reply = try decode(Reply.self, body, route: path)
    return reply.service?.latest_deployment_id.flatMap { $0.isEmpty ? nil : RevisionID($0) }
  }

  /// Deploys the latest definition again, drafts included; the revision that it makes.
  package func redeploy(_ id: WorkloadID) async throws(PlatformError) -> RevisionID? {
    struct Reply: Decodable {
      struct Deployment: Decodable { var id: String? }
      var deployment: Deployment?
    }
    let path = "/v1/services/\(try segment(id))/redeploy"
    let body = try await write(.POST, path, body: [String: String]())
    let reply = try decode(Reply.self, body, route: path)
    return reply.deployment?.id.flatMap { $0.isEmpty ? nil : RevisionID($0) }
  }

  package func pause(_ id: WorkloadID) async throws(PlatformError) {
    let path = "/v1/services/\(try segment(id))/pause"
    try acknowledge(try await write(.POST, path, body: [String: String]()), route: path)
  }

  package func resume(_ id: WorkloadID) async throws(PlatformError) {
    let path = "/v1/services/\(try segment(id))/resume"
    try acknowledge(try await write(.POST, path, body: [String: String]()), route: path)
  }

  package func cancel(_ id: RevisionID) async throws(PlatformError) {
    let path = "/v1/deployments/\(try segment(id))/cancel"
    try acknowledge(try await write(.POST, path, body: [String: String]()), route: path)
  }
}
