import ArgumentParser
import Domain

/// What `vigie scale` was asked for, before it is known of which regions.
enum ScaleOrder: Equatable {
  /// In these regions, or in all when none is named.
  case replicas(Int, regions: [RegionID])
  case bounds(minimum: Int, maximum: Int)
  case targets([Definition.Scaling.Target])

  init(
    replicas: Int?, minimum: Int?, maximum: Int?, regions: [String],
    targets: [Definition.Scaling.Target] = []
  ) throws {
    guard targets.isEmpty else {
      guard replicas == nil, minimum == nil, maximum == nil, regions.isEmpty else {
        throw ValidationError("--target goes alone: counts, bounds and regions are other orders")
      }
      if let twice = TargetArgument.kindGivenTwice(targets) {
        throw ValidationError("--target: \(twice) is given twice")
      }
      self = .targets(targets)
      return
    }
    let names = regions.flatMap { $0.split(separator: ",") }.map { RegionID(String($0)) }
    switch (replicas, minimum, maximum) {
    case (let count?, nil, nil): self = .replicas(count, regions: names)
    case (nil, let low?, let high?):
      guard names.isEmpty else {
        throw ValidationError("--region goes with --replicas: bounds hold in every region")
      }
      self = .bounds(minimum: low, maximum: high)
    case (nil, nil, nil):
      throw ValidationError("say --replicas N, or --min N and --max N, or --target rps=N")
    case (nil, _, _): throw ValidationError("--min and --max go together")
    case (_?, _, _): throw ValidationError("--replicas is one way, --min and --max the other")
    }
  }

  /// `known` are the regions of the deployment.
  func request(_ id: WorkloadID, known: [RegionID]) -> ActionRequest {
    switch self {
    case .bounds(let minimum, let maximum): .bounds(id, minimum: minimum, maximum: maximum)
    case .targets(let targets): .targets(id, targets)
    case .replicas(let count, let regions):
      .scale(
        id,
        replicas: Dictionary(
          (regions.isEmpty ? known : regions).map { ($0, count) }, uniquingKeysWith: { $1 }))
    }
  }
}

/// Which revision an option names.
enum RevisionReference {
  /// The revision that is meant; what is none ends the command with one sentence.
  static func id(of text: String, among revisions: [RevisionRow]) throws -> RevisionID {
    switch resolve(text, among: revisions) {
    case .found(let id): return id
    case .problem(let sentence):
      Failures.print(sentence)
      throw ExitStatus.usage
    }
  }

  enum Resolution: Equatable {
    case found(RevisionID)
    case problem(String)
  }

  /// An identifier or its beginning, among revisions that are newest first.
  static func resolve(_ text: String, among revisions: [RevisionRow]) -> Resolution {
    let ids = revisions.map(\.revision.id)
    if let exact = ids.first(where: { $0.rawValue == text }) { return .found(exact) }
    let fitting = text.count >= 8 ? ids.filter { $0.rawValue.hasPrefix(text) } : []
    if fitting.count == 1, let only = fitting.first { return .found(only) }
    if !fitting.isEmpty {
      return .problem(
        "'\(text)' may be any of \(fitting.map(\.rawValue).joined(separator: ", "))")
    }
    let known = ids.prefix(8).map(\.short).joined(separator: ", ")
    return .problem(
      "no revision is '\(text)'; " + (known.isEmpty ? "none is known" : "there are \(known)"))
  }
}
