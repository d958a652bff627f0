package import Domain
package import FoundationEssentials
import NIOCore

extension KoyebClient {
  /// Decodes nothing when the answer is the same as the one that `hash` is of.
  package func apps(
    offset: Int, unlessHash hash: UInt64? = nil
  ) async throws(PlatformError) -> PageOrUnchanged<App> {
    try await pageUnlessSame("/v1/apps", "apps", paging(offset), offset, hash) {
      (item: Wire.AppItem) in
      mapping.app(item)
    }
  }

  /// Decodes nothing when the answer is the same as the one that `hash` is of.
  package func workloads(
    offset: Int, unlessHash hash: UInt64? = nil
  ) async throws(PlatformError) -> PageOrUnchanged<Workload> {
    try await pageUnlessSame("/v1/services", "services", paging(offset), offset, hash) {
      (item: Wire.ServiceItem) in mapping.workload(item)
    }
  }

  /// Newest first; of one workload, or of all.
  package func revisions(
    of workload: WorkloadID?, offset: Int, limit: Int = pageSize
  ) async throws(PlatformError) -> Page<Revision> {
    var query = paging(offset, limit)
    if let workload { query.append(("service_id", workload.rawValue)) }
    let body = try await fetch("/v1/deployments", query)
    return try read(body, "/v1/deployments", "deployments", offset: offset) {
      (item: Wire.DeploymentItem) in mapping.revision(item)
    }
  }

  package func revision(_ id: RevisionID) async throws(PlatformError) -> Revision {
    struct Reply: Decodable { var deployment: Wire.DeploymentItem? }
    let path = "/v1/deployments/\(try segment(id))"
    let reply = try decode(Reply.self, try await fetch(path), route: path)
    guard let revision = reply.deployment.flatMap(mapping.revision) else {
      throw .unreadable(route: path, detail: "no deployment in it")
    }
    return revision
  }

  /// Replicas that run or sleep; of one workload, or of all.
  ///
  /// History is not asked for: it has no end. Decodes nothing when the answer is the same as the
  /// one that `hash` is of.
  package func replicas(
    of workload: WorkloadID?, offset: Int, unlessHash hash: UInt64? = nil
  ) async throws(PlatformError) -> PageOrUnchanged<Replica> {
    var query = paging(offset)
    if let workload { query.append(("service_id", workload.rawValue)) }
    for status in ["ALLOCATING", "STARTING", "HEALTHY", "UNHEALTHY", "STOPPING", "SLEEPING"] {
      query.append(("statuses", status))
    }
    return try await pageUnlessSame("/v1/instances", "instances", query, offset, hash) {
      (item: Wire.InstanceItem) in mapping.replica(item)
    }
  }

  package func workload(_ id: WorkloadID) async throws(PlatformError) -> Workload {
    struct Reply: Decodable { var service: Wire.ServiceItem? }
    let path = "/v1/services/\(try segment(id))"
    let reply = try decode(Reply.self, try await fetch(path), route: path)
    guard let item = reply.service else {
      throw .unreadable(route: path, detail: "no service in it")
    }
    return mapping.workload(item)
  }

  package func overrides(of id: WorkloadID) async throws(PlatformError) -> [ScalingOverride] {
    struct Reply: Decodable { var scalings: [Wire.Override]? }
    let path = "/v1/services/\(try segment(id))/scale"
    let reply = try decode(Reply.self, try await fetch(path), route: path)
    return (reply.scalings ?? []).compactMap(mapping.override)
  }

  /// The feed of services and deployments, newest first.
  package func activities(offset: Int) async throws(PlatformError) -> Page<FeedItem> {
    let body = try await fetch(
      "/v1/activities", paging(offset) + [("types", "deployment"), ("types", "service")])
    return try read(body, "/v1/activities", "activities", offset: offset) {
      (item: Wire.ActivityItem) in mapping.feedItem(item)
    }
  }

  package func usageRecords(
    from start: Date, to end: Date, offset: Int
  ) async throws(PlatformError) -> Page<UsageRecord> {
    let times = [
      ("starting_time", WireTime.text(start)), ("ending_time", WireTime.text(end)),
    ]
    let body = try await fetch("/v1/usages/details", paging(offset) + times)
    return try read(body, "/v1/usages/details", "usage_details", offset: offset) {
      (item: Wire.UsageItem) in mapping.usage(item)
    }
  }

  // MARK: - Pages

  func paging(_ offset: Int, _ limit: Int = pageSize) -> Query {
    [("limit", String(limit)), ("offset", String(offset))]
  }

  func page<Item: Decodable, Value: Sendable>(
    _ path: String, _ key: String, offset: Int, _ map: (Item) -> Value?
  ) async throws(PlatformError) -> Page<Value> {
    try read(try await fetch(path, paging(offset)), path, key, offset: offset, map)
  }

  private func pageUnlessSame<Item: Decodable, Value: Sendable>(
    _ path: String, _ key: String, _ query: Query, _ offset: Int, _ hash: UInt64?,
    _ map: (Item) -> Value?
  ) async throws(PlatformError) -> PageOrUnchanged<Value> {
    let body = try await fetch(path, query)
    guard hash == nil || Self.hash(body) != hash else { return .unchanged }
    return .page(try read(body, path, key, offset: offset, map))
  }

  /// Each list says in its own way whether there is more: a count, a flag, or a short page.
  func read<Item: Decodable, Value>(
    _ body: ByteBuffer, _ path: String, _ key: String, offset: Int, _ map: (Item) -> Value?
  ) throws(PlatformError) -> Page<Value> {
    let reply: ListReply<Item> = try decodeList(body, path, key)
    let values = reply.items.compactMap { $0.item.flatMap(map) }
    let read = reply.items.count
    let more =
      reply.hasNext ?? reply.count.map { offset + read < $0 } ?? (read >= Self.pageSize)
    return Page(
      items: values, total: reply.count, hasMore: more && read > 0,
      contentHash: Self.hash(body), rejectedItems: read - values.count)
  }

  private func decodeList<Item: Decodable>(
    _ body: ByteBuffer, _ path: String, _ key: String
  ) throws(PlatformError) -> ListReply<Item> {
    do {
      return try JSONDecoder().decode(
        ListReply<Item>.self, from: Data(body.readableBytesView), configuration: key)
    } catch {
      throw .unreadable(route: path, detail: "the JSON is damaged or of another shape")
    }
  }

  /// FNV-1a over eight bytes at a time: fast, and only ever compared with itself.
  static func hash(_ body: ByteBuffer) -> UInt64 {
    body.withUnsafeReadableBytes { bytes in
      var hash: UInt64 = 0xcbf2_9ce4_8422_2325
      var index = 0
      while index + 8 <= bytes.count {
        let word = bytes.loadUnaligned(fromByteOffset: index, as: UInt64.self)
        hash = (hash ^ word) &* 0x0000_0100_0000_01b3
        hash ^= hash >> 29
        index += 8
      }
      while index < bytes.count {
        hash = (hash ^ UInt64(bytes[index])) &* 0x0000_0100_0000_01b3
        index += 1
      }
      return hash
    }
  }
}

/// A list's answer under whatever name its items have.
private struct ListReply<Item: Decodable>: DecodableWithConfiguration {
  var items: [Quarantined<Item>]
  var count: Int?
  var hasNext: Bool?

  private struct Key: CodingKey {
    var stringValue: String
    var intValue: Int? { nil }
    init(stringValue: String) { self.stringValue = stringValue }
    init?(intValue: Int) { nil }
  }

  init(from decoder: any Decoder, configuration name: String) throws {
    let container = try decoder.container(keyedBy: Key.self)
    items =
      try container.decodeIfPresent([Quarantined<Item>].self, forKey: Key(stringValue: name)) ?? []
    count = try container.decodeIfPresent(Lenient<Int>.self, forKey: Key(stringValue: "count"))?
      .value
    hasNext = try container.decodeIfPresent(Bool.self, forKey: Key(stringValue: "has_next"))
  }
}
