package import Domain

extension Budget.Match {
  /// Patterns as they are written.
  package init(
    contexts: [String] = [], regions: [String] = [], apps: [String] = [],
    workloads: [String] = [], labels: [String] = []
  ) {
    self.init(
      WorkloadMatch(
        contexts: contexts.map(Glob.init), apps: apps.map(Glob.init),
        workloads: workloads.map(Glob.init), labels: labels.map(WorkloadMatch.Label.init)),
      regions: regions.map(Glob.init))
  }
}
