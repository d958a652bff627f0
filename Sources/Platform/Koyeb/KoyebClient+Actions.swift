package import Domain
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
    _ = try await write(.PUT, "/v1/services/\(try segment(id))/scale", body: body)
  }

  package func releaseOverrides(of id: WorkloadID) async throws(PlatformError) {
    try await remove("/v1/services/\(try segment(id))/scale")
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
    _ = try await write(
      .POST, "/v1/services/\(try segment(id))/pause", body: [String: String]())
  }

  package func resume(_ id: WorkloadID) async throws(PlatformError) {
    _ = try await write(
      .POST, "/v1/services/\(try segment(id))/resume", body: [String: String]())
  }

  package func cancel(_ id: RevisionID) async throws(PlatformError) {
    _ = try await write(
      .POST, "/v1/deployments/\(try segment(id))/cancel", body: [String: String]())
  }
}
