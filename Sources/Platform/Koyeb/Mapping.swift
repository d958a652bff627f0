package import Domain
import FoundationEssentials

/// An entry of the platform's feed.
package enum FeedItem: Equatable, Sendable {
  case scaling(ScalingEvent)
  case other(Activity)

  package var id: String {
    switch self {
    case .scaling(let event): event.id
    case .other(let activity): activity.id
    }
  }
}

/// From what Koyeb sends to vigie's words; nothing secret passes.
struct Mapping {
  let fingerprint: Fingerprint

  func app(_ item: Wire.AppItem) -> App {
    App(id: AppID(item.id), name: item.name ?? "", status: item.status ?? "")
  }

  func workload(_ item: Wire.ServiceItem) -> Workload {
    let text = item.status ?? ""
    return Workload(
      id: WorkloadID(item.id), appID: AppID(item.app_id ?? ""), name: item.name ?? "",
      kind: kind(item.type), status: Workload.Status(rawValue: text.lowercased()) ?? .unknown,
      statusText: text, messages: clip(item.messages), version: item.version?.value,
      createdAt: WireTime.date(item.created_at), updatedAt: WireTime.date(item.updated_at),
      activeRevisionID: present(item.active_deployment_id).map { RevisionID($0) },
      latestRevisionID: present(item.latest_deployment_id).map { RevisionID($0) })
  }

  func revision(_ item: Wire.DeploymentItem) -> Revision? {
    guard let created = WireTime.date(item.created_at) else { return nil }
    let text = item.status ?? ""
    let trigger = item.metadata?.trigger
    return Revision(
      id: RevisionID(item.id), workloadID: WorkloadID(item.service_id ?? ""),
      status: Revision.Status(rawValue: text.lowercased()) ?? .unknown, statusText: text,
      messages: clip(item.messages), trigger: self.trigger(item),
      author: present(trigger?.git?.sender_username),
      commit: commit(item.provisioning_info?.sha) ?? commit(trigger?.git?.sha)
        ?? commit(item.definition?.git?.sha),
      createdAt: created, startedAt: WireTime.date(item.started_at),
      succeededAt: WireTime.date(item.succeeded_at),
      terminatedAt: WireTime.date(item.terminated_at), version: item.version?.value,
      definition: item.definition.map(definition) ?? Definition())
  }

  func replica(_ item: Wire.InstanceItem) -> Replica {
    let text = item.status ?? ""
    return Replica(
      id: ReplicaID(item.id), workloadID: WorkloadID(item.service_id ?? ""),
      revisionID: present(item.xyz_deployment_id).map { RevisionID($0) },
      region: RegionID(item.region ?? ""), type: InstanceTypeID(item.type ?? ""),
      index: item.replica_index?.value,
      status: Replica.Status(rawValue: text.lowercased()) ?? .unknown, statusText: text,
      messages: clip(item.messages), datacenter: present(item.datacenter),
      createdAt: WireTime.date(item.created_at), updatedAt: WireTime.date(item.updated_at))
  }

  func override(_ item: Wire.Override) -> ScalingOverride? {
    item.instances?.value.map {
      ScalingOverride(regions: regions(item.scopes), replicas: $0)
    }
  }

  func usage(_ item: Wire.UsageItem) -> UsageRecord? {
    guard let started = WireTime.date(item.started_at) else { return nil }
    return UsageRecord(
      replicaID: ReplicaID(item.instance_id), workloadID: WorkloadID(item.service_id ?? ""),
      workloadName: item.service_name ?? "", region: RegionID(item.region ?? ""),
      type: InstanceTypeID(item.instance_type ?? ""), startedAt: started,
      terminatedAt: WireTime.date(item.terminated_at),
      duration: .seconds(item.duration_seconds?.value ?? 0))
  }

  func feedItem(_ item: Wire.ActivityItem) -> FeedItem? {
    guard let at = WireTime.date(item.created_at), let verb = item.verb else { return nil }
    let object = item.object
    let isService = object?.type == "service"
    let workload = object?.metadata?.service_id ?? (isService ? object?.id : nil)
    let name = object?.metadata?.service_name ?? object?.name ?? ""
    let region = present(item.metadata?.region).map { RegionID($0) }
    func event(_ kind: ScalingEvent.Kind, _ actor: ScalingEvent.Actor, _ from: Int?, _ to: Int?)
      -> FeedItem
    {
      .scaling(
        ScalingEvent(
          id: item.id, at: at, workloadID: workload.map { WorkloadID($0) }, workloadName: name,
          region: region, from: from, to: to, kind: kind, actor: actor, inferredReason: nil))
    }
    let count = item.metadata?.count?.value
    switch verb {
    case "autoscaled":
      let before = item.metadata?.previous_count?.value
      let kind: ScalingEvent.Kind =
        count == 0 ? .slept : before == 0 ? .woke : (count ?? 0) >= (before ?? 0) ? .up : .down
      return event(kind, .autoscaler, before, count)
    case "manually-scaled": return event(.overrideSet, .manual, nil, count)
    case "manual_scaling_deleted": return event(.overrideReleased, .manual, nil, nil)
    default:
      return .other(
        Activity(
          id: item.id, at: at, verb: verb, objectType: object?.type ?? "",
          objectName: object?.name ?? "", workloadID: workload.map { WorkloadID($0) },
          workloadName: object?.metadata?.service_name ?? (isService ? object?.name : nil),
          actor: item.actor?.name, messages: clip(item.metadata?.messages)))
    }
  }

  func definition(_ item: Wire.DefinitionItem) -> Definition {
    Definition(
      source: source(item), regions: (item.regions ?? []).map { RegionID($0) },
      scalings: (item.scalings ?? []).map(scaling),
      types: (item.instance_types ?? []).compactMap { choice in
        present(choice.type).map {
          Definition.TypeChoice(regions: regions(choice.scopes), type: InstanceTypeID($0))
        }
      },
      variables: (item.env ?? []).map { variable in
        let secret = present(variable.secret)
        return Definition.Variable(
          name: variable.key ?? "", secretName: secret,
          fingerprint: secret == nil ? fingerprint.of(variable.value ?? "") : nil)
      },
      ports: (item.ports ?? []).map { "\($0.port?.value ?? 0)/\($0.protocol ?? "http")" },
      routes: (item.routes ?? []).map { "\($0.path ?? "/") -> \($0.port?.value ?? 0)" },
      configFiles: (item.config_files ?? []).map {
        "\($0.path ?? "") \(fingerprint.of($0.content ?? "").prefix(8))"
      },
      hasVolumes: !(item.volumes ?? []).isEmpty,
      strategy: strategy(item.strategy?.type))
  }

  /// The regions that a scope list names; empty for all.
  func regions(_ scopes: [String]?) -> [RegionID] {
    (scopes ?? []).compactMap { scope in
      scope.hasPrefix("region:") ? RegionID(String(scope.dropFirst(7))) : nil
    }
  }

  private func scaling(_ item: Wire.DefinitionItem.Scaling) -> Definition.Scaling {
    let minimum = item.min?.value ?? 0
    return Definition.Scaling(
      regions: regions(item.scopes), minimum: minimum, maximum: item.max?.value ?? minimum,
      targets: (item.targets ?? []).compactMap(target))
  }

  private func target(_ item: Wire.DefinitionItem.Scaling.Target) -> Definition.Scaling.Target? {
    if let value = item.average_cpu?.value?.value { return .processor(percent: value) }
    if let value = item.average_mem?.value?.value { return .memory(percent: value) }
    if let value = item.requests_per_second?.value?.value { return .requestsPerSecond(value) }
    if let value = item.concurrent_requests?.value?.value { return .concurrentRequests(value) }
    if let time = item.requests_response_time, let value = time.value?.value {
      return .responseTime(milliseconds: value, quantile: time.quantile?.value ?? 95)
    }
    guard let sleep = item.sleep_idle_delay else { return nil }
    func positive(_ number: Lenient<Int>?) -> Int? { number?.value.flatMap { $0 > 0 ? $0 : nil } }
    return .idle(
      deepSeconds: positive(sleep.deep_sleep_value) ?? positive(sleep.value),
      lightSeconds: positive(sleep.light_sleep_value))
  }

  private func source(_ item: Wire.DefinitionItem) -> Definition.Source {
    if let image = present(item.docker?.image) { return .image(image) }
    if let git = item.git, let repository = present(git.repository) {
      return .git(
        repository: repository, branch: present(git.branch) ?? present(git.tag),
        commit: commit(git.sha))
    }
    if let id = present(item.archive?.id) { return .archive(id) }
    return item.database == nil ? .unknown : .database
  }

  private func strategy(_ text: String?) -> String? {
    let prefix = "DEPLOYMENT_STRATEGY_TYPE_"
    guard let text = present(text) else { return nil }
    let name = text.hasPrefix(prefix) ? String(text.dropFirst(prefix.count)) : text
    return name == "INVALID" || name == "DEFAULT" ? nil : name
  }

  private func kind(_ text: String?) -> Workload.Kind {
    Workload.Kind(rawValue: (text ?? "").lowercased()) ?? .unknown
  }

  private func trigger(_ item: Wire.DeploymentItem) -> Revision.Trigger {
    switch item.metadata?.trigger?.type {
    case "GIT": .git
    case "RESUME": .resume
    case nil, "UNKNOWN_TYPE": present(item.parent_id) == nil ? .initial : .redeploy
    default: .unknown
    }
  }

  /// Forty zeros mean that the commit is not known.
  private func commit(_ text: String?) -> String? {
    present(text).flatMap { $0.allSatisfy { $0 == "0" } ? nil : $0 }
  }

  /// The platform writes "" for none.
  private func present(_ text: String?) -> String? {
    text.flatMap { $0.isEmpty ? nil : $0 }
  }

  private func clip(_ messages: [String]?) -> [String] {
    (messages ?? []).prefix(8).map { String($0.prefix(500)) }
  }
}
