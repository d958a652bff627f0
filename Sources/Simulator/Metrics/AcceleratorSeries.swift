import Foundation

extension WorldState {
  /// What a DCGM exporter would say of every GPU at an instant: a function of the traffic there.
  func acceleratorSeries(at time: Date) -> [MetricSeries] {
    var result: [MetricSeries] = []
    for service in services {
      guard CatalogueData.type(service.blueprint.type)?.isGPU == true else { continue }
      var loads: [String: Double] = [:]
      for id in service.instances {
        guard let instance = instances[id], !instance.gpus.isEmpty, instance.isRunning else {
          continue
        }
        let load: Double
        if let known = loads[instance.region] {
          load = known
        } else {
          load = self.load(service, region: instance.region, at: time)
          loads[instance.region] = load
        }
        append(instance, service, load: load, at: time, to: &result)
      }
    }
    return result
  }

  private func append(
    _ instance: SimulatedInstance, _ service: SimulatedService, load: Double, at time: Date,
    to result: inout [MetricSeries]
  ) {
    guard let type = CatalogueData.type(instance.type) else { return }
    let isReady = instance.status == "HEALTHY"
    let crashes = instance.status == "UNHEALTHY"
    let total = Double(type.gpuMemory) * 953.67
    for (number, uuid) in instance.gpus.enumerated() {
      let noise = SeededGenerator.noise(
        service.noiseSeed ^ UInt64(number + instance.index * 31),
        Int64(time.timeIntervalSince1970 / 15))
      let busy = isReady ? min(1, max(0, load * 0.86 + (load > 0 ? (noise - 0.5) * 0.08 : 0))) : 0
      let used =
        isReady ? total * (0.72 + 0.14 * min(1, load)) : crashes ? total * 0.14 : total * 0.02
      let labels = [
        "UUID": uuid, "gpu": String(number), "device": "nvidia\(number)",
        "modelName": "NVIDIA \(type.gpuName)", "Hostname": instance.host,
        "DCGM_FI_DRIVER_VERSION": "570.86.15", "instance_id": instance.id,
        "service_id": service.id, "service_name": service.blueprint.name,
        "app_name": service.appName, "region": instance.region,
      ]
      func add(_ name: String, _ value: Double) {
        result.append(MetricSeries(name: name, labels: labels, value: value))
      }
      add("DCGM_FI_PROF_GR_ENGINE_ACTIVE", (busy * 1000).rounded() / 1000)
      add("DCGM_FI_PROF_SM_ACTIVE", (busy * 930).rounded() / 1000)
      add("DCGM_FI_PROF_PIPE_TENSOR_ACTIVE", (busy * 610).rounded() / 1000)
      add("DCGM_FI_DEV_GPU_UTIL", (min(1, busy * 1.05) * 100).rounded())
      add("DCGM_FI_DEV_FB_USED", used.rounded())
      add("DCGM_FI_DEV_FB_FREE", (total - used).rounded())
      add("DCGM_FI_DEV_FB_RESERVED", 512)
      let limit = type.gpuName == "H100" ? 700.0 : type.gpuName == "A100" ? 400 : 160
      add("DCGM_FI_DEV_POWER_USAGE", (limit * (0.16 + 0.8 * busy) * 10).rounded() / 10)
      add("DCGM_FI_DEV_GPU_TEMP", (34 + 42 * busy).rounded())
      add("DCGM_FI_DEV_XID_ERRORS", crashes ? 31 : 0)
    }
  }
}
