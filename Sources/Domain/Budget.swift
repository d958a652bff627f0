/// What a part of a fleet may cost in a month.
package struct Budget: Equatable, Sendable {
  /// Patterns with `*` and `?`; one that is empty leaves nothing out.
  package struct Match: Equatable, Sendable {
    package let contexts: [Glob]
    package let regions: [Glob]
    package let apps: [Glob]
    package let workloads: [Glob]
    /// Labels of a platform that has some; Koyeb has none.
    package let labels: [Glob]

    package init(
      contexts: [String] = [], regions: [String] = [], apps: [String] = [],
      workloads: [String] = [], labels: [String] = []
    ) {
      self.contexts = contexts.map(Glob.init)
      self.regions = regions.map(Glob.init)
      self.apps = apps.map(Glob.init)
      self.workloads = workloads.map(Glob.init)
      self.labels = labels.map(Glob.init)
    }

    func includes(context: String) -> Bool { Self.any(contexts, matches: context) }
    func includes(region: RegionID) -> Bool { Self.any(regions, matches: region.rawValue) }

    /// Whether it asks for apps or deployments, whose runs must then be known by name.
    var isBoundToNames: Bool { !apps.isEmpty || !workloads.isEmpty }

    func includes(app: String, workload: String) -> Bool {
      Self.any(apps, matches: app) && Self.any(workloads, matches: workload)
    }

    /// None at all leaves nothing out.
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
