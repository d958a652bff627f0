/// What a revision asks the platform to run, with every secret already removed.
///
/// Values of environment variables, contents of config files, basic-auth passwords and API keys
/// never enter this type: only names, and a salted fingerprint so that a change is seen.
package struct Definition: Hashable, Sendable, Codable {
  package enum Source: Hashable, Sendable, Codable {
    case image(String)
    case git(repository: String, branch: String?, commit: String?)
    case archive(String)
    case database
    case unknown

    package var text: String {
      switch self {
      case .image(let name): name
      case .git(let repository, let branch, let commit):
        repository + (branch.map { " " + $0 } ?? "") + (commit.map { "@" + $0.prefix(8) } ?? "")
      case .archive(let id): "archive " + id.prefix(8)
      case .database: "database"
      case .unknown: "-"
      }
    }

    /// Without where it is kept: `chat:2.5.0`, `billing main@1a2b3c4d`.
    package var brief: String {
      switch self {
      case .image(let name): Self.last(name)
      case .git(let repository, let branch, let commit):
        Source.git(repository: Self.last(repository), branch: branch, commit: commit).text
      case .archive, .database, .unknown: text
      }
    }

    private static func last(_ path: String) -> String {
      path.split(separator: "/").last.map(String.init) ?? path
    }
  }

  /// Bounds and targets of the autoscaler, per region.
  package struct Scaling: Hashable, Sendable, Codable {
    package enum Target: Hashable, Sendable, Codable {
      /// Percent of one virtual CPU's share, averaged over replicas.
      case processor(percent: Int)
      case memory(percent: Int)
      case requestsPerSecond(Int)
      case concurrentRequests(Int)
      case responseTime(milliseconds: Int, quantile: Int)
      /// Asleep after so many seconds without a request.
      case idle(deepSeconds: Int?, lightSeconds: Int?)
    }

    /// Empty: every region of the definition.
    package let regions: [RegionID]
    package let minimum: Int
    package let maximum: Int
    package let targets: [Target]

    package init(regions: [RegionID], minimum: Int, maximum: Int, targets: [Target]) {
      self.regions = regions
      self.minimum = minimum
      self.maximum = maximum
      self.targets = targets
    }
  }

  /// A machine type and the regions it is for.
  package struct TypeChoice: Hashable, Sendable, Codable {
    /// Empty: every region of the definition.
    package let regions: [RegionID]
    package let type: InstanceTypeID

    package init(regions: [RegionID], type: InstanceTypeID) {
      self.regions = regions
      self.type = type
    }
  }

  /// An environment variable without its value.
  package struct Variable: Hashable, Sendable, Codable {
    package let name: String
    /// The name of the platform secret it refers to; not a secret itself.
    package let secretName: String?
    /// Equal fingerprints mean equal values; salted per installation.
    ///
    /// Nil for a reference.
    package let fingerprint: String?

    package init(name: String, secretName: String?, fingerprint: String?) {
      self.name = name
      self.secretName = secretName
      self.fingerprint = fingerprint
    }
  }

  package var source: Source
  package var regions: [RegionID]
  package var scalings: [Scaling]
  package var types: [TypeChoice]
  package var variables: [Variable]
  /// `8000/http`, one per port.
  package var ports: [String]
  /// `/ -> 8000`, one per route.
  package var routes: [String]
  /// Paths only.
  package var configFiles: [String]
  package var hasVolumes: Bool
  /// `ROLLING`, `BLUE_GREEN`, …; nil for the platform's default.
  package var strategy: String?

  package init(
    source: Source = .unknown, regions: [RegionID] = [], scalings: [Scaling] = [],
    types: [TypeChoice] = [], variables: [Variable] = [], ports: [String] = [],
    routes: [String] = [], configFiles: [String] = [], hasVolumes: Bool = false,
    strategy: String? = nil
  ) {
    self.source = source
    self.regions = regions
    self.scalings = scalings
    self.types = types
    self.variables = variables
    self.ports = ports
    self.routes = routes
    self.configFiles = configFiles
    self.hasVolumes = hasVolumes
    self.strategy = strategy
  }

  /// The scaling that holds in a region: a scoped entry beats a global one.
  package func scaling(in region: RegionID) -> Scaling? {
    scalings.first { $0.regions.contains(region) } ?? scalings.first { $0.regions.isEmpty }
  }

  /// The machine type used in a region: a scoped entry beats a global one.
  package func type(in region: RegionID) -> InstanceTypeID? {
    (types.first { $0.regions.contains(region) } ?? types.first { $0.regions.isEmpty })?.type
  }
}
