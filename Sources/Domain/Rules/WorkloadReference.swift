/// A workload as a person names it: `chat`, `assistants/chat`, its identifier, or its beginning.
package enum WorkloadReference {
  /// One that may be meant.
  package struct Candidate: Equatable, Sendable {
    package let id: WorkloadID
    package let name: String
    package let appName: String

    package init(id: WorkloadID, name: String, appName: String) {
      self.id = id
      self.name = name
      self.appName = appName
    }

    /// `assistants/chat`.
    package var path: String { appName.isEmpty ? name : "\(appName)/\(name)" }
  }

  package enum Resolution: Equatable, Sendable {
    case found(WorkloadID)
    /// Several fit.
    case ambiguous([Candidate])
    /// None fits; these are near.
    case unknown([Candidate])
  }

  /// The beginning of an identifier must be at least so long.
  package static let shortestPrefix = 8

  /// A name wins over the beginning of an identifier; only the exact identifier wins over a name.
  package static func resolve(_ text: String, among all: [Candidate]) -> Resolution {
    if let exact = all.first(where: { $0.id.rawValue == text }) { return .found(exact.id) }
    let named = all.filter { $0.name == text || $0.path == text }
    if let resolution = decided(named) { return resolution }
    if text.count >= shortestPrefix,
      let resolution = decided(all.filter { $0.id.rawValue.hasPrefix(text) })
    {
      return resolution
    }
    return .unknown(near(text, all))
  }

  /// One sentence for what was not found; nil when it was.
  package static func problem(_ text: String, _ resolution: Resolution) -> String? {
    switch resolution {
    case .found: return nil
    case .ambiguous(let candidates):
      return "'\(text)' may be any of "
        + list(candidates) { "\($0.path) (\($0.id.short))" }
    case .unknown(let candidates):
      let known = candidates.isEmpty ? "none is known" : "there are " + list(candidates, \.path)
      return "no deployment is named '\(text)'; \(known)"
    }
  }

  private static func decided(_ fitting: [Candidate]) -> Resolution? {
    guard let first = fitting.first else { return nil }
    return fitting.count == 1 ? .found(first.id) : .ambiguous(fitting.sorted { $0.path < $1.path })
  }

  /// Those that share something with what was written, else all.
  private static func near(_ text: String, _ all: [Candidate]) -> [Candidate] {
    let start = String(text.prefix(3)).lowercased()
    let similar = all.filter { candidate in
      let path = candidate.path.lowercased()
      return !start.isEmpty && (candidate.name.lowercased().hasPrefix(start) || path.contains(text))
    }
    return (similar.isEmpty ? all : similar).sorted { $0.path < $1.path }
  }

  private static func list(
    _ candidates: [Candidate], _ text: (Candidate) -> String
  ) -> String {
    let shown = candidates.prefix(8).map(text).joined(separator: ", ")
    let rest = candidates.count - 8
    return shown + (rest > 0 ? " and \(rest) more" : "")
  }
}

extension FleetSnapshot {
  /// Finds a workload by what a person wrote.
  package func resolve(_ text: String) -> WorkloadReference.Resolution {
    WorkloadReference.resolve(
      text,
      among: workloads.map {
        WorkloadReference.Candidate(id: $0.id, name: $0.name, appName: $0.appName)
      })
  }
}
