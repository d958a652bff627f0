package import Domain

/// A filter of the timeline as it is typed.
///
/// Every word must be found, and of `kind:`, `workload:` and `region:` one of those given: two
/// kinds are both listed. A kind may be cut short; a column without a value asks for nothing yet.
package struct TimelineFilter: Equatable, Sendable {
  /// What is asked of one column of an entry.
  package enum Column: Equatable, Sendable {
    case kind, workload, region

    fileprivate init?(_ name: some StringProtocol) {
      switch name {
      case "kind": self = .kind
      case "workload", "deployment", "name": self = .workload
      case "region", "reg": self = .region
      default: return nil
      }
    }
  }

  private var words: [String] = []
  private var kinds: [TimelineEntry.Kind] = []
  private var workloads: [String] = []
  private var regions: [String] = []
  /// A kind that there is none of, as it was typed.
  private var unknownKind: String?

  package init(_ text: String) {
    for word in text.split(separator: " ") {
      let parts = word.split(separator: ":", maxSplits: 1, omittingEmptySubsequences: false)
      if parts.count == 2, let column = Column(parts[0].lowercased()) {
        add(column, String(parts[1]))
      } else {
        words.append(word.lowercased())
      }
    }
  }

  /// Asks for one more value of a column.
  package mutating func add(_ column: Column, _ value: String) {
    let value = value.lowercased()
    guard !value.isEmpty else { return }
    switch column {
    case .workload: workloads.append(value)
    case .region: regions.append(value)
    case .kind:
      let found = TimelineEntry.Kind.allCases.filter { $0.rawValue.hasPrefix(value) }
      if found.isEmpty { unknownKind = unknownKind ?? value }
      kinds += found.filter { !kinds.contains($0) }
    }
  }

  /// Why nothing can be found, in a sentence; nil for a filter that makes sense.
  ///
  /// What was typed stands last: where there is no room, the kinds that there are stay.
  package var problem: String? {
    unknownKind.map { word in
      let known = TimelineEntry.Kind.allCases.map(\.rawValue)
      return "kinds are \(known.dropLast().joined(separator: ", ")) and "
        + "\(known.last ?? ""), not '\(word)'"
    }
  }

  package func matches(_ entry: TimelineEntry) -> Bool {
    guard unknownKind == nil, kinds.isEmpty || kinds.contains(entry.kind) else { return false }
    if !regions.isEmpty {
      guard let region = entry.region?.rawValue.lowercased(), regions.contains(region) else {
        return false
      }
    }
    guard !workloads.isEmpty || !words.isEmpty else { return true }
    let name = entry.workloadName.lowercased()
    guard workloads.isEmpty || workloads.contains(where: { name.contains($0) }) else {
      return false
    }
    guard !words.isEmpty else { return true }
    let rest = [name, entry.text.lowercased(), entry.actor?.lowercased() ?? ""]
    return words.allSatisfy { word in
      entry.kind.rawValue == word || entry.region?.rawValue.lowercased() == word
        || rest.contains { $0.contains(word) }
    }
  }

  /// The text of a filter with one kind in place of those it asks for; nil is all kinds.
  package static func text(_ text: String, of kind: TimelineEntry.Kind?) -> String {
    let rest = text.split(separator: " ").filter { !$0.lowercased().hasPrefix("kind:") }
    return ((kind.map { ["kind:\($0.rawValue)"] } ?? []) + rest.map(String.init))
      .joined(separator: " ")
  }

  /// The only kind asked for; nil when there are several or none.
  package var onlyKind: TimelineEntry.Kind? { kinds.count == 1 ? kinds[0] : nil }
}
