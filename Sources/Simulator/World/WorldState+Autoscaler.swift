import Foundation
import Platform

extension WorldState {
  /// How many replicas a region should have now: the override, or what runs within the bounds.
  func wanted(_ index: Int, spec: DeploymentSpec, region: String) -> Int {
    if services[index].status == "PAUSED" || services[index].status == "PAUSING" { return 0 }
    if let count = override(index, region) { return count }
    let bounds = spec.bounds(in: region)
    let running = services[index].instances.count { id in
      instances[id].map {
        $0.region == region && $0.deploymentID == services[index].activeID && $0.isRunning
          && $0.status != "STOPPING"
      } ?? false
    }
    return min(max(running, bounds.minimum), max(bounds.minimum, bounds.maximum))
  }

  func override(_ index: Int, _ region: String) -> Int? {
    let entries = services[index].overrides
    return (entries.first { $0.scopes.contains(region) } ?? entries.first { $0.scopes.isEmpty })?
      .instances
  }

  /// The autoscaler's turn for one service: every fifteen seconds, one minute's rest after an act.
  mutating func evaluate(_ index: Int) {
    let service = services[index]
    guard service.blueprint.kind != "DATABASE", service.status != "PAUSED",
      service.status != "PAUSING", service.status != "RESUMING",
      let deployment = deployments[service.activeID]
    else { return }
    let spec = deployment.spec
    var total = 0.0
    for region in spec.regions {
      total += requests(service, region: region, at: now)
      scale(index, spec: spec, region: region)
    }
    if total > 0 {
      services[index].quietSince = nil
    } else if services[index].quietSince == nil {
      services[index].quietSince = now
    }
  }

  private mutating func scale(_ index: Int, spec: DeploymentSpec, region: String) {
    let service = services[index]
    let mine = service.instances.compactMap { instances[$0] }.filter {
      $0.region == region && $0.deploymentID == service.activeID && $0.status != "STOPPING"
    }
    let running = mine.count
    if let count = override(index, region) {
      change(index, spec: spec, region: region, from: mine, to: count)
      return
    }
    let bounds = spec.bounds(in: region)
    let rate = requests(service, region: region, at: now)
    var target = min(max(running, bounds.minimum), max(bounds.maximum, bounds.minimum))
    let isResting = service.scaledAt[region].map { now.timeIntervalSince($0) < 60 } ?? false
    if !isResting, running > 0, let limit = spec.targetRate, limit > 0,
      bounds.maximum > bounds.minimum
    {
      let ratio = rate / Double(max(1, running)) / limit
      // A tolerance of a tenth keeps it from acting on noise.
      if ratio > 1.1 || ratio < 0.7 {
        target = Int((rate / limit).rounded(.up))
        target = min(max(target, max(1, bounds.minimum)), bounds.maximum)
      }
    }
    if bounds.minimum == 0, rate == 0, let quiet = service.quietSince,
      now.timeIntervalSince(quiet) >= spec.sleepsAfter ?? 300
    {
      target = 0
    } else if running == 0, rate > 0 {
      target = max(1, bounds.minimum)
    }
    guard target != running else { return }
    change(index, spec: spec, region: region, from: mine, to: target)
    services[index].scaledAt[region] = now
    services[index].touch(now)
    record(
      "autoscaled", "deployment", service: index, deployment: service.activeID,
      [
        "count": .number(Decimal(target)), "previous_count": .number(Decimal(running)),
        "region": .string(region),
      ], isSystem: true)
  }

  private mutating func change(
    _ index: Int, spec: DeploymentSpec, region: String, from mine: [SimulatedInstance],
    to target: Int
  ) {
    let ordered = mine.sorted { $0.index < $1.index }
    if ordered.count > target {
      for instance in ordered.suffix(ordered.count - target) { stop(instance.id) }
    } else {
      var used = Set(ordered.map(\.index))
      for _ in ordered.count..<max(ordered.count, target) {
        let free = (0...).first { !used.contains($0) } ?? 0
        used.insert(free)
        addInstance(
          index, deployment: services[index].activeID, spec: spec, region: region, index: free)
      }
    }
  }

  /// The word for the service, from its deployments and replicas.
  mutating func settleStatus(_ index: Int) {
    let service = services[index]
    guard service.blueprint.kind != "DATABASE" else { return }
    let newest = history[index].first { deployments[$0]?.status != "STASHED" }
      .flatMap { deployments[$0] }
    var status = service.status
    switch status {
    case "PAUSED", "DELETED": return
    case "PAUSING": status = service.instances.isEmpty ? "PAUSED" : "PAUSING"
    case "RESUMING" where newest?.isOnItsWay == true: return
    case "RESUMING" where newest?.status == "CANCELED": status = "PAUSED"
    default:
      let isFailed = newest.map { $0.status == "ERROR" } ?? false
      if isFailed {
        status = service.activeID.isEmpty ? "UNHEALTHY" : "DEGRADED"
      } else if service.activeID.isEmpty {
        status = "STARTING"
      } else {
        status = "HEALTHY"
        if isOut(service) { status = "UNHEALTHY" }
      }
    }
    if status != service.status {
      services[index].status = status
      services[index].touch(now)
    }
  }

  /// The outage scenario: every replica in the region it hits is unhealthy.
  private mutating func isOut(_ service: SimulatedService) -> Bool {
    guard scenario == .regionOutage, now.timeIntervalSince(start) >= 20 else { return false }
    var isHit = false
    for id in service.instances where instances[id]?.region == "fra" {
      isHit = true
      if instances[id]?.status == "HEALTHY" {
        instances[id]?.become("UNHEALTHY", now)
        instances[id]?.messages = ["health check failed: no route to the region"]
      }
    }
    let elsewhere = service.instances.contains {
      instances[$0].map { $0.region != "fra" && $0.status == "HEALTHY" } ?? false
    }
    return isHit && !elsewhere
  }
}
