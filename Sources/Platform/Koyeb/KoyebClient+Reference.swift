package import Domain
package import FoundationEssentials

extension KoyebClient {
  /// Regions, types with prices, and how much is left.
  package func catalogue(now: Date) async throws(PlatformError) -> Catalogue {
    var catalogue = Catalogue()
    var offset = 0
    while true {
      let page = try await page("/v1/catalog/regions", "regions", offset: offset) {
        (item: Wire.RegionItem) in region(item)
      }
      for region in page.items { catalogue.regions[region.id] = region }
      offset += Self.pageSize
      guard page.hasMore, offset < 2000 else { break }
    }
    offset = 0
    while true {
      let page = try await page("/v1/catalog/instances", "instances", offset: offset) {
        (item: Wire.InstanceTypeItem) in instanceType(item)
      }
      for type in page.items { catalogue.types[type.id] = type }
      offset += Self.pageSize
      guard page.hasMore, offset < 2000 else { break }
    }
    catalogue.capacity = (try? await capacity()) ?? []
    catalogue.readAt = now
    return catalogue
  }

  private func capacity() async throws(PlatformError) -> [Catalogue.Capacity] {
    struct Level: Decodable { var availability: String? }
    struct Entry: Decodable { var regions: [String: Level]? }
    struct Usage: Decodable { var instances: [String: Entry]? }
    struct Reply: Decodable { var usage: Usage? }
    let path = "/v1/catalog/usage"
    let reply = try decode(Reply.self, try await fetch(path), route: path)
    return (reply.usage?.instances ?? [:]).flatMap { type, entry in
      (entry.regions ?? [:]).map { region, level in
        Catalogue.Capacity(
          type: InstanceTypeID(type), region: RegionID(region),
          availability: Availability(rawValue: (level.availability ?? "").lowercased()) ?? .unknown)
      }
    }
  }

  /// The organization of the token, found by what it owns; nil without any app.
  package func organization() async throws(PlatformError) -> String? {
    struct Item: Decodable { var organization_id: String? }
    let page = try await page("/v1/apps", "apps", offset: 0) { (item: Item) in item.organization_id
    }
    return page.items.first
  }

  package func quotas(of organization: String, now: Date) async throws(PlatformError) -> Quotas {
    struct Contents: Decodable { var max_instances_by_type: [String: Lenient<Int>]? }
    struct Reply: Decodable { var quotas: Contents? }
    let path = "/v1/organizations/\(try segment(Identifier<Quotas>(organization)))/quotas"
    let reply = try decode(Reply.self, try await fetch(path), route: path)
    var limits: [InstanceTypeID: Int] = [:]
    for (type, limit) in reply.quotas?.max_instances_by_type ?? [:] {
      if let value = limit.value { limits[InstanceTypeID(type)] = value }
    }
    return Quotas(maximumInstances: limits, readAt: now)
  }

  /// The last minutes of one workload's traffic: requests a second by minute, and the latest rest.
  package func traffic(
    of id: WorkloadID, from start: Date, to end: Date
  ) async throws(PlatformError) -> [TrafficSample] {
    async let throughput = series("HTTP_THROUGHPUT", id, start, end)
    async let fast = series("HTTP_RESPONSE_TIME_50P", id, start, end)
    async let slow = series("HTTP_RESPONSE_TIME_99P", id, start, end)
    async let load = series("CPU_TOTAL_PERCENT", id, start, end)
    let requests = Self.folded(try await unwrap(throughput)) { $0.reduce(0, +) }
    let median = Self.folded(try await unwrap(fast)) { $0.max() ?? 0 }
    let tail = Self.folded(try await unwrap(slow)) { $0.max() ?? 0 }
    let processor = Self.folded(try await unwrap(load)) { $0.reduce(0, +) / Double($0.count) }
    let times = Set(requests.keys).union(tail.keys).union(processor.keys).sorted()
    return times.map { time in
      TrafficSample(
        workloadID: id, sampledAt: time, requestsPerSecond: requests[time],
        latencyP50: median[time].map { Milliseconds($0) },
        latencyP99: tail[time].map { Milliseconds($0) },
        processor: processor[time].flatMap { Ratio($0 / 100) }, memory: nil)
    }
  }

  private func unwrap(
    _ result: Result<[Wire.Series], PlatformError>
  ) throws(PlatformError) -> [Wire.Series] {
    try result.get()
  }

  private func series(
    _ name: String, _ id: WorkloadID, _ start: Date, _ end: Date
  ) async -> Result<[Wire.Series], PlatformError> {
    struct Reply: Decodable { var metrics: [Wire.Series]? }
    do throws(PlatformError) {
      let body = try await fetch(
        "/v1/streams/metrics",
        [
          ("service_id", id.rawValue), ("name", name), ("start", WireTime.text(start)),
          ("end", WireTime.text(end)), ("step", "1m"),
        ])
      return .success(try decode(Reply.self, body, route: "/v1/streams/metrics").metrics ?? [])
    } catch {
      return .failure(error)
    }
  }

  /// Several series of one metric by instant; a null sample is no sample.
  private static func folded(
    _ series: [Wire.Series], _ fold: ([Double]) -> Double
  ) -> [Date: Double] {
    var values: [Date: [Double]] = [:]
    for one in series {
      for sample in one.samples ?? [] {
        guard let time = WireTime.date(sample.timestamp), let value = sample.value?.value else {
          continue
        }
        values[time, default: []].append(value)
      }
    }
    return values.mapValues(fold)
  }

  private func region(_ item: Wire.RegionItem) -> Region {
    Region(
      id: RegionID(item.id), name: item.name ?? item.id, scope: item.scope,
      isAvailable: item.status != "COMING_SOON")
  }

  private func instanceType(_ item: Wire.InstanceTypeItem) -> InstanceType {
    let gpu = item.type == "gpu" ? item.gpu : nil
    return InstanceType(
      id: InstanceTypeID(item.id), displayName: item.display_name ?? item.id,
      accelerator: gpu.map {
        InstanceType.Accelerator(
          model: Self.model(id: item.id, name: $0.name), count: max(1, $0.count?.value ?? 1),
          memory: $0.memory.flatMap(Self.bytes))
      },
      processors: item.vcpu_shares?.value, memory: item.memory.flatMap(Self.bytes),
      pricePerSecond: item.price_per_second.flatMap { Decimal(string: $0) }.map { Money($0, .usd) },
      regions: (item.regions ?? []).map { RegionID($0) })
  }

  /// The short name by which people know a card: from `2-gpu-nvidia-a100-sxm`, `A100-SXM`.
  static func model(id: String, name: String?) -> String {
    let words = id.split(separator: "-")
    guard let gpu = words.firstIndex(of: "gpu"), gpu + 2 < words.count else { return name ?? id }
    return words[(gpu + 2)...].joined(separator: "-").uppercased()
  }

  /// `44GB` is 44 · 10⁹; `GiB` is binary.
  static func bytes(_ text: String) -> Bytes? {
    let digits = text.prefix { $0.isASCII && ($0.isNumber || $0 == ".") }
    guard let value = Double(digits) else { return nil }
    switch text.dropFirst(digits.count).trimmedUnit {
    case "KB": return Bytes(Int64(value * 1e3))
    case "MB": return Bytes(Int64(value * 1e6))
    case "GB": return Bytes(Int64(value * 1e9))
    case "TB": return Bytes(Int64(value * 1e12))
    case "MiB": return Bytes(Int64(value * 1_048_576))
    case "GiB": return Bytes(Int64(value * 1_073_741_824))
    case "": return Bytes(Int64(value))
    default: return nil
    }
  }
}

extension Substring {
  fileprivate var trimmedUnit: Substring { drop { $0 == " " } }
}
