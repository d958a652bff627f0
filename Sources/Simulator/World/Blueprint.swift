/// One kind of service of the simulated company: what it serves and how it scales.
struct Blueprint {
  enum Shape {
    /// Follows the day.
    case daily
    /// The same at all hours, in batches.
    case batches
    /// Nobody asks.
    case silent
  }

  var name: String
  var app: String
  var kind = "WEB"
  var type: String
  var regions: [String]
  var minimum: Int
  var maximum: Int
  /// Requests a second that one replica takes well.
  var perReplica: Double
  /// Requests a second and region at the height of the day.
  var peak: Double
  /// Milliseconds of an unloaded request.
  var latency: Double
  var shape = Shape.daily
  var sleeps = false
  var isStashed = false
  var isGit = false

  static let believable: [Blueprint] = [
    Blueprint(
      name: "chat-large", app: "assistants", type: "gpu-nvidia-h100", regions: ["na"], minimum: 2,
      maximum: 6, perReplica: 12, peak: 46, latency: 900),
    Blueprint(
      name: "chat-small", app: "assistants", type: "gpu-nvidia-l40s", regions: ["na"], minimum: 2,
      maximum: 5, perReplica: 22, peak: 60, latency: 420),
    Blueprint(
      name: "chat-eu", app: "assistants", type: "gpu-nvidia-l4", regions: ["par", "eu"],
      minimum: 1, maximum: 4, perReplica: 10, peak: 22, latency: 640),
    Blueprint(
      name: "embed", app: "retrieval", type: "gpu-nvidia-l4", regions: ["par"], minimum: 1,
      maximum: 4, perReplica: 240, peak: 610, latency: 38),
    Blueprint(
      name: "rerank", app: "retrieval", type: "gpu-nvidia-rtx-4000-sff-ada", regions: ["fra"],
      minimum: 1, maximum: 3, perReplica: 180, peak: 330, latency: 52),
    Blueprint(
      name: "speech", app: "voice", type: "gpu-nvidia-a100", regions: ["na"], minimum: 2,
      maximum: 4, perReplica: 9, peak: 20, latency: 780),
    Blueprint(
      name: "image", app: "studio", type: "2-gpu-nvidia-a100", regions: ["na"], minimum: 1,
      maximum: 3, perReplica: 4, peak: 7, latency: 2600),
    Blueprint(
      name: "ocr-batch", app: "documents", kind: "WORKER", type: "gpu-nvidia-a100",
      regions: ["na"], minimum: 1, maximum: 1, perReplica: 6, peak: 5, latency: 1400,
      shape: .batches),
    Blueprint(
      name: "notebook", app: "research", type: "gpu-nvidia-h100", regions: ["na"], minimum: 1,
      maximum: 1, perReplica: 10, peak: 0, latency: 100, shape: .silent),
    Blueprint(
      name: "gateway", app: "edge", type: "medium", regions: ["fra", "par", "was", "sin", "tyo"],
      minimum: 2, maximum: 6, perReplica: 420, peak: 1300, latency: 12, isGit: true),
    Blueprint(
      name: "guard", app: "edge", type: "small", regions: ["fra", "was"], minimum: 1, maximum: 4,
      perReplica: 160, peak: 380, latency: 30, isGit: true),
    Blueprint(
      name: "billing", app: "backoffice", type: "micro", regions: ["fra"], minimum: 1, maximum: 1,
      perReplica: 80, peak: 14, latency: 24, isStashed: true, isGit: true),
    Blueprint(
      name: "evals", app: "research", type: "gpu-nvidia-rtx-4000-sff-ada", regions: ["fra"],
      minimum: 0, maximum: 2, perReplica: 8, peak: 0, latency: 900, shape: .silent, sleeps: true),
    Blueprint(
      name: "playground", app: "research", kind: "SANDBOX", type: "large", regions: ["fra"],
      minimum: 1, maximum: 1, perReplica: 50, peak: 3, latency: 60),
    Blueprint(
      name: "accounts", app: "backoffice", kind: "DATABASE", type: "small", regions: ["fra"],
      minimum: 1, maximum: 1, perReplica: 100, peak: 0, latency: 5, shape: .silent),
  ]

  /// So many services: the believable ones first, then variations of them.
  static func fleet(services: Int?, gpus: Int?, using generator: inout SeededGenerator)
    -> [Blueprint]
  {
    let count = services ?? believable.count
    var result = Array(believable.prefix(count))
    var left = gpus ?? Int.max
    for blueprint in result { left -= usedGPUs(blueprint) }
    while result.count < count {
      var next = believable[result.count % 12]
      next.isStashed = false
      next.name += "-\(result.count)"
      next.app += "-\(result.count / 20)"
      if usedGPUs(next) > left {
        next.type = ["micro", "small", "medium"].randomElement(using: &generator) ?? "small"
      } else if let gpus, let services, gpus > services, usedGPUs(next) > 0 {
        // Many GPUs for few services: whole hosts of them.
        let wanted = max(1, gpus / services)
        next.minimum = max(next.minimum, wanted)
        next.maximum = max(next.maximum, wanted + 2)
        next.peak = Double(next.minimum) * next.perReplica * 0.8
      }
      left -= usedGPUs(next)
      result.append(next)
    }
    return result
  }

  private static func usedGPUs(_ blueprint: Blueprint) -> Int {
    (CatalogueData.type(blueprint.type)?.gpus ?? 0) * blueprint.minimum * blueprint.regions.count
  }
}
