import Foundation
import Platform

/// The simulated world's things as Koyeb's API writes them.
struct KoyebJSON {
  let state: WorldState

  func app(_ app: (id: String, name: String, createdAt: Date)) -> JSONValue {
    .object([
      "id": .string(app.id), "name": .string(app.name),
      "organization_id": .string(state.organizationID), "created_at": time(app.createdAt),
      "updated_at": time(app.createdAt), "domains": .array([]), "status": .string("HEALTHY"),
      "messages": .array([]),
    ])
  }

  func service(_ service: SimulatedService) -> [String: JSONValue] {
    [
      "id": .string(service.id), "name": .string(service.blueprint.name),
      "type": .string(service.blueprint.kind),
      "organization_id": .string(state.organizationID), "app_id": .string(service.appID),
      "updated_at": time(service.updatedAt), "created_at": time(service.createdAt),
      "status": .string(service.status), "messages": .array(service.messages.map { .string($0) }),
      "version": .string(String(service.version)),
      "active_deployment_id": .string(service.activeID),
      "latest_deployment_id": .string(service.latestID),
    ]
  }

  func deployment(_ deployment: SimulatedDeployment) -> [String: JSONValue] {
    let service = state.services[deployment.service]
    var trigger: [String: JSONValue] = ["actor": .string("USER")]
    if let kind = deployment.trigger { trigger["type"] = .string(kind) }
    if deployment.trigger == "GIT" {
      trigger["git"] = .object([
        "sha": .string(deployment.sha), "branch": .string("main"),
        "message": .string("update the server"), "sender_username": .string("ci"),
      ])
    }
    let image = deployment.definition["docker"]?["image"]?.text ?? ""
    return [
      "id": .string(deployment.id), "created_at": time(deployment.createdAt),
      "updated_at": time(deployment.updatedAt), "started_at": time(deployment.startedAt),
      "succeeded_at": time(deployment.succeededAt),
      "terminated_at": time(deployment.terminatedAt),
      "organization_id": .string(state.organizationID), "app_id": .string(service.appID),
      "service_id": .string(service.id), "parent_id": .string(deployment.parentID),
      "child_id": .string(""), "status": .string(deployment.status),
      "metadata": deployment.trigger == nil ? .object([:]) : .object(["trigger": .object(trigger)]),
      "definition": deployment.definition,
      "messages": .array(deployment.messages.map { .string($0) }),
      "provisioning_info": .object([
        "sha": .string(deployment.sha), "image": .string(image), "stages": .array([]),
      ]),
      "version": .string(String(deployment.version)),
    ]
  }

  func instance(_ instance: SimulatedInstance, isDetail: Bool) -> JSONValue {
    let service = state.services[instance.service]
    var members: [String: JSONValue] = [
      "id": .string(instance.id), "created_at": time(instance.createdAt),
      "updated_at": time(instance.updatedAt),
      "organization_id": .string(state.organizationID), "app_id": .string(service.appID),
      "service_id": .string(service.id),
      "regional_deployment_id": .string(regionalID(instance.deploymentID, instance.region)),
      "allocation_id": .string(instance.id), "type": .string(instance.type),
      "replica_index": .number(Decimal(instance.index)), "region": .string(instance.region),
      "datacenter": .string(instance.region + "1"), "status": .string(instance.status),
      "messages": .array(instance.messages.map { .string($0) }),
      "xyz_deployment_id": .string(instance.deploymentID),
    ]
    if isDetail {
      members["hypervisor"] = .string(instance.host)
      members["started_at"] = time(instance.startedAt)
      members["succeeded_at"] = time(instance.startedAt)
      members["terminated_at"] = time(instance.terminatedAt)
    }
    return .object(members)
  }

  func regionalDeployment(_ deployment: SimulatedDeployment, _ region: String) -> JSONValue {
    let status = deployment.status == "STASHED" ? "STOPPED" : deployment.status
    return .object([
      "id": .string(regionalID(deployment.id, region)), "created_at": time(deployment.createdAt),
      "updated_at": time(deployment.updatedAt), "region": .string(region),
      "status": .string(status), "messages": .array([]),
    ])
  }

  func activity(_ activity: SimulatedActivity) -> JSONValue {
    let service = state.services[activity.service]
    var object: [String: JSONValue] = [
      "app_id": .string(service.appID), "app_name": .string(service.appName),
      "service_id": .string(service.id), "service_name": .string(service.blueprint.name),
    ]
    if activity.objectType == "service" {
      object["service_type"] = .string(service.blueprint.kind.lowercased())
    }
    return .object([
      "id": .string(activity.id), "created_at": time(activity.at), "verb": .string(activity.verb),
      "metadata": .object(activity.metadata),
      "actor": .object([
        "id": .string(""), "name": .string(activity.isSystem ? "System" : "operator"),
        "type": .string(activity.isSystem ? "system_user" : "user"), "metadata": .object([:]),
        "deleted": .bool(false),
      ]),
      "object": .object([
        "id": .string(
          activity.objectType == "service" ? service.id : activity.deploymentID ?? service.activeID),
        "name": .string(service.blueprint.name), "type": .string(activity.objectType),
        "metadata": .object(object), "deleted": .bool(false),
      ]),
    ])
  }

  func usage(_ instance: SimulatedInstance, from: Date, to: Date) -> JSONValue? {
    let start = max(instance.createdAt, from)
    let end = min(instance.terminatedAt ?? state.now, to)
    guard end > start else { return nil }
    let service = state.services[instance.service]
    return .object([
      "organization_id": .string(state.organizationID), "instance_id": .string(instance.id),
      "app_id": .string(service.appID), "app_name": .string(service.appName),
      "service_id": .string(service.id), "service_name": .string(service.blueprint.name),
      "regional_deployment_id": .string(regionalID(instance.deploymentID, instance.region)),
      "region": .string(instance.region), "deployment_id": .string(instance.deploymentID),
      "instance_type": .string(instance.type),
      "duration_seconds": .number(Decimal(Int(end.timeIntervalSince(start)))),
      "started_at": time(start), "terminated_at": time(instance.terminatedAt),
    ])
  }

  func type(_ entry: CatalogueData.TypeEntry) -> JSONValue {
    let second = Decimal(string: entry.perSecond) ?? 0
    var members: [String: JSONValue] = [
      "id": .string(entry.id),
      "display_name": .string(entry.id),
      "vcpu": .number(Decimal(Int(entry.processors.rounded(.up)))),
      "vcpu_shares": .number(Decimal(entry.processors)), "memory": .string(entry.memory),
      "disk": .string("20GB"), "price_per_second": .string(entry.perSecond),
      "price_hourly": .string((second * 3600).description),
      "price_monthly": .string((second * 2_678_400).description),
      "regions": .array(entry.regions.map { .string($0) }), "status": .string("AVAILABLE"),
      "require_plan": .array([]), "aliases": .array([]),
      "type": .string(entry.isGPU ? "gpu" : "standard"),
      "service_types": .array([.string("web"), .string("worker")]),
      "volumes_enabled": .bool(false), "light_sleep_enabled": .bool(false),
    ]
    if entry.isGPU {
      members["gpu"] = .object([
        "count": .number(Decimal(entry.gpus)), "brand": .string("nvidia"),
        "memory": .string("\(entry.gpuMemory)GB"), "name": .string(entry.gpuName),
      ])
    }
    return .object(members)
  }

  func region(_ region: (id: String, name: String, scope: String)) -> JSONValue {
    .object([
      "id": .string(region.id), "name": .string(region.name), "coordinates": .array([]),
      "status": .string("AVAILABLE"),
      "instances": .array(
        CatalogueData.types.filter { $0.regions.contains(region.id) }.map { .string($0.id) }),
      "datacenters": .array([.string(region.id + "1")]), "volumes_enabled": .bool(true),
      "scope": .string(region.scope),
    ])
  }

  /// A regional deployment's identifier, made from the deployment's so that it is always the same.
  func regionalID(_ deployment: String, _ region: String) -> String {
    let number = CatalogueData.regions.firstIndex { $0.id == region } ?? 0
    return String(deployment.dropLast(2)) + "0\(number)"
  }

  func time(_ date: Date?) -> JSONValue {
    date.map { .string(Self.text($0)) } ?? .null
  }

  static func text(_ date: Date) -> String {
    let whole = Date(timeIntervalSince1970: date.timeIntervalSince1970.rounded(.down))
    return String(whole.formatted(.iso8601).dropLast()) + ".000000Z"
  }
}
