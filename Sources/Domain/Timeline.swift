package import FoundationEssentials

/// Whether an instant was watched.
package enum Recording: Hashable, Sendable, Codable {
  /// It is now.
  case live
  case recorded
  /// Nothing was read between these; nil is never before, or not since.
  case gap(from: Date?, until: Date?)

  package var isGap: Bool {
    if case .gap = self { true } else { false }
  }
}

/// One thing that happened, on the one line that merges everything.
package struct TimelineEntry: Equatable, Sendable, Codable {
  package enum Kind: String, Sendable, Codable, CaseIterable {
    /// A revision came, or its status changed.
    case deploy
    /// A workload's or a replica's status changed.
    case status
    case scaling
    case finding
    /// What was done from here.
    case action
    /// Nothing was read.
    case gap
    /// Written by a person.
    case note
  }

  /// Stable: the same thing has the same one at every reading.
  package let id: String
  package let at: Date
  package let kind: Kind
  package let severity: Finding.Severity
  package let workloadID: WorkloadID?
  package let workloadName: String
  /// Set where it concerns this region and no other.
  package var region: RegionID?
  package let actor: String?
  /// What happened, without the workload's name.
  package let text: String
  /// Exact calls of an action.
  package let calls: [String]

  package init(
    id: String, at: Date, kind: Kind, severity: Finding.Severity = .information,
    workloadID: WorkloadID? = nil, workloadName: String = "", region: RegionID? = nil,
    actor: String? = nil, text: String, calls: [String] = []
  ) {
    self.id = id
    self.at = at
    self.kind = kind
    self.severity = severity
    self.workloadID = workloadID
    self.workloadName = workloadName
    self.region = region
    self.actor = actor
    self.text = text
    self.calls = calls
  }

  /// Its letter on the scrub line.
  package var mark: Character {
    switch kind {
    case .deploy: "d"
    case .status: severity == .information ? "." : "x"
    case .scaling: "s"
    case .finding: "!"
    case .action: "y"
    case .gap: "?"
    case .note: "m"
    }
  }

  /// Which of two at one place is shown.
  package var weight: Int {
    switch kind {
    case .action: 6
    case .note: 5
    case .deploy: 4
    case .finding: 3
    case .gap: 2
    case .scaling: 1
    case .status: 0
    }
  }
}

/// What happened in a span, oldest first, and when nothing was read.
package struct Timeline: Equatable, Sendable {
  package var span: ClosedRange<Date>
  package var entries: [TimelineEntry]
  package var gaps: [ClosedRange<Date>]
  /// Whether there was more than could be listed.
  package var isCut: Bool

  package init(
    span: ClosedRange<Date>, entries: [TimelineEntry] = [], gaps: [ClosedRange<Date>] = [],
    isCut: Bool = false
  ) {
    self.span = span
    self.entries = entries
    self.gaps = gaps
    self.isCut = isCut
  }
}
