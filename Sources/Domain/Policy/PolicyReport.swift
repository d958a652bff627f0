package import FoundationEssentials

/// Which policies hold for a workload, why or why not, and where its regions are.
package struct PolicyReport: Equatable, Sendable {
  package struct Rule: Equatable, Sendable {
    package var name: String
    /// What it is about, in words.
    package var match: String
    /// Nil without a workload.
    package var holds: Bool?
    /// Why it does not hold; nil when it does.
    package var obstacle: String?
    /// What it asks for, in words.
    package var effects: [String]
    /// Nil without a freeze.
    package var freeze: FreezeCalendar.State?
  }

  package struct Place: Equatable, Sendable {
    package var region: RegionID
    /// Nil: in none that is known.
    package var jurisdiction: String?
    /// Whether a policy forbids replicas of the workload there.
    package var isOutside: Bool
  }

  /// Nil: of the whole.
  package var subject: WorkloadSubject?
  package var rules: [Rule]
  package var places: [Place]
  package var residency: Residency?
  package var defect: String?
  package var at: Date

  /// `regions` are those of the workload, or of the fleet.
  package init(
    book: PolicyBook, subject: WorkloadSubject?, regions: [RegionID], own: [RegionID] = [],
    at now: Date
  ) {
    self.subject = subject
    at = now
    defect = book.defectSentence
    residency = subject.flatMap { book.residency(of: $0, in: own) }
    rules = book.policies.map { policy in
      let obstacle = subject.flatMap { policy.match.obstacle(for: $0) }
      return Rule(
        name: policy.name, match: policy.match.text, holds: subject.map { _ in obstacle == nil },
        obstacle: obstacle, effects: Self.effects(policy),
        freeze: policy.freezes.isEmpty ? nil : policy.freezes.state(at: now))
    }
    let holding = subject.map(book.policies(for:)) ?? []
    places = regions.map { region in
      Place(
        region: region, jurisdiction: book.jurisdictions.of(region),
        isOutside: holding.contains { !book.allows($0, region) })
    }
  }

  private static func effects(_ policy: Policy) -> [String] {
    var effects: [String] = []
    if policy.isReadOnly { effects.append("nothing may be done") }
    if policy.isProtected { effects.append("every action asks for the name") }
    if !policy.residency.isEmpty {
      effects.append("must stay in \(policy.residency.joined(separator: " or "))")
    }
    if let limit = policy.maximumHourlyIncrease {
      effects.append("at most \(limit.formatted()) \(limit.currency.code)/h more by one action")
    }
    effects += policy.freezes.frozen.map { "frozen \($0.text)" }
    effects += policy.freezes.allowed.map { "allowed only \($0.text)" }
    return effects
  }
}

extension FreezeCalendar.State {
  /// `open now`, or until when it is frozen.
  package var words: String {
    switch self {
    case .open: "open now"
    case .frozen(let until, _): until.map { "FROZEN until \($0)" } ?? "FROZEN, no end is known"
    }
  }
}
