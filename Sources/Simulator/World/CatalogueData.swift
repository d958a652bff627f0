/// Koyeb's regions, types and prices as its public pages had them in 2026; for simulation alone.
enum CatalogueData {
  struct TypeEntry {
    var id: String
    var processors: Double
    var memory: String
    /// Decimal text, US dollars.
    var perSecond: String
    var gpus: Int
    var gpuName: String
    var gpuMemory: Int
    var regions: [String]

    var isGPU: Bool { gpus > 0 }
  }

  static let regions: [(id: String, name: String, scope: String)] = [
    ("na", "North America", "continental"), ("eu", "Europe", "continental"),
    ("ap", "Asia Pacific", "continental"), ("fra", "Frankfurt", "metropolitan"),
    ("par", "Paris", "metropolitan"), ("was", "Washington, D.C", "metropolitan"),
    ("sin", "Singapore", "metropolitan"), ("tyo", "Tokyo", "metropolitan"),
  ]

  private static let everywhere = ["na", "eu", "ap", "fra", "par", "was", "sin", "tyo"]

  static let types: [TypeEntry] = [
    cpu("nano", 0.25, "256MB", "0.000001"), cpu("micro", 0.5, "512MB", "0.000002"),
    cpu("small", 1, "1GB", "0.000004"), cpu("medium", 2, "2GB", "0.000008"),
    cpu("large", 4, "4GB", "0.000016"), cpu("xlarge", 8, "8GB", "0.000032"),
    cpu("2xlarge", 16, "16GB", "0.000064"),
    gpu(
      "gpu-nvidia-rtx-4000-sff-ada", 6, "44GB", "0.00014", 1, "RTX-4000-SFF-ADA", 20, ["eu", "fra"]),
    gpu("gpu-nvidia-l4", 15, "44GB", "0.000194", 1, "L4", 24, ["eu", "par"]),
    gpu("gpu-nvidia-l40s", 30, "92GB", "0.00043", 1, "L40S", 48, ["na"]),
    gpu("gpu-nvidia-a100", 15, "180GB", "0.000555", 1, "A100", 80, ["na"]),
    gpu("2-gpu-nvidia-a100", 30, "360GB", "0.00111", 2, "A100", 80, ["na"]),
    gpu("gpu-nvidia-h100", 15, "180GB", "0.000916", 1, "H100", 80, ["na"]),
    gpu("8-gpu-nvidia-h100", 120, "1440GB", "0.007328", 8, "H100", 80, ["na"]),
  ]

  static func type(_ id: String) -> TypeEntry? { byID[id] }

  private static let byID = Dictionary(uniqueKeysWithValues: types.map { ($0.id, $0) })

  private static func cpu(
    _ id: String, _ processors: Double, _ memory: String, _ price: String
  ) -> TypeEntry {
    TypeEntry(
      id: id, processors: processors, memory: memory, perSecond: price, gpus: 0, gpuName: "",
      gpuMemory: 0, regions: everywhere)
  }

  private static func gpu(
    _ id: String, _ processors: Double, _ memory: String, _ price: String, _ count: Int,
    _ name: String, _ gigabytes: Int, _ regions: [String]
  ) -> TypeEntry {
    TypeEntry(
      id: id, processors: processors, memory: memory, perSecond: price, gpus: count,
      gpuName: name, gpuMemory: gigabytes, regions: regions)
  }
}
