import Domain

extension WorkloadMatch {
  /// Reads `context`, `app`, `workload` and `label`; whoever asks for more keys finishes the table.
  init(_ table: TOMLReader) throws(ConfigurationError) {
    self.init(
      contexts: try table.patterns("context"), apps: try table.patterns("app"),
      workloads: try table.patterns("workload"),
      labels: try table.patterns("label").map { Label($0.text) })
  }
}

extension TOMLReader {
  /// One pattern or several; none when the key is not there.
  func patterns(_ key: String) throws(ConfigurationError) -> [Glob] {
    guard let texts = try list(key) else { return [] }
    guard !texts.isEmpty, !texts.contains("") else {
      throw wrong(key, expected: "a pattern, or a list of some")
    }
    return texts.map { Glob($0) }
  }
}
