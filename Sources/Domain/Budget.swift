/// What a part of a fleet may cost in a month.
package struct Budget: Equatable, Sendable {
  /// Workloads by their names and labels, and of their costs those in some regions.
  package struct Match: Equatable, Sendable {
    package let workloads: WorkloadMatch
    /// None at all leaves no region out.
    package let regions: [Glob]

    package init(_ workloads: WorkloadMatch, regions: [Glob] = []) {
      self.workloads = workloads
      self.regions = regions
    }

    func includes(context: String) -> Bool { Self.any(workloads.contexts, matches: context) }
    func includes(region: RegionID) -> Bool { Self.any(regions, matches: region.rawValue) }

    /// Whether it asks for what only a workload that is known has: a run that was metered has just
    /// an identifier.
    var isBoundToNames: Bool {
      !workloads.apps.isEmpty || !workloads.workloads.isEmpty || asksForLabels
    }

    var asksForLabels: Bool { !workloads.labels.isEmpty }

    private static func any(_ patterns: [Glob], matches text: String) -> Bool {
      patterns.isEmpty || patterns.contains { $0.matches(text) }
    }
  }

  package let name: String
  package let match: Match
  package let monthly: Money

  package init(name: String, match: Match, monthly: Money) {
    self.name = name
    self.match = match
    self.monthly = monthly
  }
}
