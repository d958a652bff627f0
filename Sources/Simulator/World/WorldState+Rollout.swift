import Foundation
import Platform

extension WorldState {
  /// Begins a new deployment and returns its identifier.
  mutating func deploy(
    _ index: Int, definition: JSONValue, trigger: String?, isStashed: Bool = false
  ) -> String {
    if !isStashed { endRollouts(index, as: "STOPPED") }
    let id = generator.identifier()
    var deployment = SimulatedDeployment(
      id: id, service: index, parentID: history[index].first ?? "",
      status: isStashed ? "STASHED" : "PENDING", createdAt: now, updatedAt: now,
      definition: definition)
    deployment.trigger = trigger
    if let sha = definition["git"]?["sha"]?.text, !sha.isEmpty { deployment.sha = sha }
    deployment.stageEnds = now.addingTimeInterval(5)
    deployments[id] = deployment
    history[index].insert(id, at: 0)
    services[index].latestID = id
    services[index].touch(now)
    return id
  }

  /// What is on its way and does not serve ends here: paused, or replaced by a newer one.
  mutating func endRollouts(_ index: Int, as status: String) {
    for id in history[index] {
      guard let deployment = deployments[id], deployment.isOnItsWay else { continue }
      endRollout(id, as: deployment.status == "CANCELING" ? "CANCELED" : status)
    }
  }

  private mutating func endRollout(_ id: String, as status: String) {
    guard let deployment = deployments[id] else { return }
    deployments[id]?.become(status, now)
    deployments[id]?.terminatedAt = now
    deployments[id]?.stageEnds = nil
    for instance in services[deployment.service].instances
    where instances[instance]?.deploymentID == id { stop(instance) }
  }

  mutating func stepDeployments() {
    for index in services.indices {
      guard let id = history[index].first(where: { deployments[$0]?.status != "STASHED" }),
        let deployment = deployments[id]
      else { continue }
      guard deployment.isOnItsWay, let ends = deployment.stageEnds, now >= ends else { continue }
      if deployment.status == "CANCELING" {
        endRollout(id, as: "CANCELED")
        services[index].touch(now)
      } else {
        advance(id, deployment, index)
      }
    }
  }

  private mutating func advance(_ id: String, _ deployment: SimulatedDeployment, _ index: Int) {
    func wait(_ seconds: Double) { deployments[id]?.stageEnds = now.addingTimeInterval(seconds) }
    let isGit = deployment.definition["git"] != nil && deployment.definition["git"] != .null
    switch deployment.status {
    case "PENDING":
      deployments[id]?.become("PROVISIONING", now)
      wait(isGit ? 40 : 5)
    case "PROVISIONING":
      if isGit, deployment.sha.isEmpty { deployments[id]?.sha = Self.sha(&generator) }
      deployments[id]?.become("SCHEDULED", now)
      wait(5)
    case "SCHEDULED":
      deployments[id]?.become("ALLOCATING", now)
      wait(5)
    case "ALLOCATING":
      deployments[id]?.become("STARTING", now)
      deployments[id]?.startedAt = now
      let spec = deployment.spec
      for region in spec.regions {
        let count = wanted(index, spec: spec, region: region)
        for replica in 0..<max(0, count) {
          addInstance(index, deployment: id, spec: spec, region: region, index: replica)
        }
      }
      wait(deployment.crashes ? 30 : 10)
    case "STARTING": finishStart(id, deployment, index)
    default: break
    }
  }

  private mutating func finishStart(
    _ id: String, _ deployment: SimulatedDeployment, _ index: Int
  ) {
    let own = services[index].instances.filter { instances[$0]?.deploymentID == id }
    if deployment.crashes {
      let message = "OOM on load: CUDA out of memory"
      for instance in own { end(instance, status: "ERROR", message: message) }
      deployments[id]?.become("ERROR", now)
      deployments[id]?.messages = ["Provisioning has failed.", message]
      deployments[id]?.terminatedAt = now
      record(
        "failed", "deployment", service: index, deployment: id,
        ["messages": .array([.string(message)])], isSystem: true)
      services[index].messages = [message]
      services[index].touch(now)
      return
    }
    let isReady = own.allSatisfy { instances[$0]?.status == "HEALTHY" }
    guard isReady else { return }
    activate(id, index)
  }

  /// The new one serves from now; the old one's replicas stop.
  mutating func activate(_ id: String, _ index: Int) {
    let old = services[index].activeID
    deployments[id]?.become("HEALTHY", now)
    deployments[id]?.succeededAt = now
    deployments[id]?.stageEnds = nil
    services[index].activeID = id
    services[index].messages = []
    services[index].touch(now)
    record("succeeded", "deployment", service: index, deployment: id, [:], isSystem: true)
    guard !old.isEmpty, old != id else { return }
    deployments[old]?.become("STOPPED", now)
    deployments[old]?.terminatedAt = now
    for instance in services[index].instances where instances[instance]?.deploymentID != id {
      stop(instance)
    }
  }

  static func sha(_ generator: inout SeededGenerator) -> String {
    (0..<5).map { _ in
      let text = String(UInt32(truncatingIfNeeded: generator.next()), radix: 16)
      return String(repeating: "0", count: 8 - text.count) + text
    }.joined()
  }

  // MARK: - Instances

  mutating func addInstance(
    _ index: Int, deployment: String, spec: DeploymentSpec, region: String, index replica: Int,
    bornAt: Date? = nil
  ) {
    let id = generator.identifier()
    let type = spec.type(in: region)
    let entry = CatalogueData.type(type)
    var instance = SimulatedInstance(
      id: id, service: index, deploymentID: deployment, region: region, type: type,
      index: replica, status: "ALLOCATING", createdAt: bornAt ?? now, updatedAt: now)
    instance.stageEnds = now.addingTimeInterval(5)
    if let entry, entry.isGPU {
      instance.gpus = (0..<entry.gpus).map { _ in "GPU-" + generator.identifier() }
      instance.host =
        "gpu-\(region)-\(Int.random(in: 1...(entry.gpus > 1 ? 4 : 12), using: &generator))"
    }
    if let bornAt {
      instance.status = "HEALTHY"
      instance.startedAt = bornAt
      instance.stageEnds = nil
    }
    instances[id] = instance
    services[index].instances.append(id)
  }

  /// A run that is over: only the meter and the list of ended instances tell of it.
  mutating func addEnded(
    _ index: Int, spec: DeploymentSpec, region: String, index replica: Int, from: Date, until: Date
  ) {
    let id = generator.identifier()
    var instance = SimulatedInstance(
      id: id, service: index, deploymentID: services[index].activeID, region: region,
      type: spec.type(in: region), index: replica, status: "STOPPED", createdAt: from,
      updatedAt: until)
    instance.startedAt = from
    instance.terminatedAt = until
    instances[id] = instance
    ended.append(id)
  }

  mutating func stepInstances() {
    for service in services.indices {
      for id in services[service].instances {
        guard let instance = instances[id], let ends = instance.stageEnds, now >= ends else {
          continue
        }
        switch instance.status {
        case "ALLOCATING":
          instances[id]?.become("STARTING", now)
          // A model is loaded into memory before a GPU replica is ready.
          let isGPU = !instance.gpus.isEmpty
          instances[id]?.stageEnds = now.addingTimeInterval(isGPU ? 25 : 10)
        case "STARTING":
          let crashes = deployments[instance.deploymentID]?.crashes == true
          if crashes {
            instances[id]?.become("UNHEALTHY", now)
            instances[id]?.messages = ["OOM on load: CUDA out of memory"]
            instances[id]?.stageEnds = nil
          } else {
            instances[id]?.become("HEALTHY", now)
            instances[id]?.startedAt = now
            instances[id]?.stageEnds = nil
          }
        case "STOPPING": end(id, status: "STOPPED", message: nil)
        default: instances[id]?.stageEnds = nil
        }
      }
    }
  }

  mutating func stop(_ id: String) {
    guard instances[id]?.isRunning == true, instances[id]?.status != "STOPPING" else { return }
    instances[id]?.become("STOPPING", now)
    instances[id]?.stageEnds = now.addingTimeInterval(5)
  }

  mutating func end(_ id: String, status: String, message: String?) {
    guard let instance = instances[id] else { return }
    instances[id]?.become(status, now)
    instances[id]?.terminatedAt = now
    instances[id]?.stageEnds = nil
    if let message { instances[id]?.messages = [message] }
    services[instance.service].instances.removeAll { $0 == id }
    ended.append(id)
    // What ended long ago is metered and gone.
    if ended.count > 5000 { instances[ended.removeFirst()] = nil }
  }
}
