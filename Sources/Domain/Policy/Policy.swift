/// A rule that an operator laid down: for what, and what it forbids or asks for.
package struct Policy: Equatable, Sendable {
  package var name: String
  package var match: WorkloadMatch
  /// Jurisdictions that it must stay in; empty is anywhere.
  package var residency: [String] = []
  /// Every action asks for the name.
  package var isProtected = false
  package var freezes = FreezeCalendar()
  /// How much more an hour may cost by one action; nil is any amount.
  package var maximumHourlyIncrease: Money?
  /// Nothing may be done to it from here.
  package var isReadOnly = false

  package init(name: String, match: WorkloadMatch = WorkloadMatch()) {
    self.name = name
    self.match = match
  }
}

/// All policies, and in which jurisdiction each region is.
package struct PolicyBook: Equatable, Sendable {
  package var policies: [Policy] = []
  package var jurisdictions = JurisdictionTable()
  /// Why the policies cannot be read: then nothing may be changed.
  package var defect: String?

  package init(policies: [Policy] = [], jurisdictions: JurisdictionTable = JurisdictionTable()) {
    self.policies = policies
    self.jurisdictions = jurisdictions
  }

  /// A book that could not be read; `reason` begins with the file and the line.
  package init(defect reason: String) {
    defect = reason
  }

  /// The sentence with which everything is refused; nil when the policies could be read.
  package var defectSentence: String? {
    defect.map { "policies cannot be read: \($0); nothing may be changed until it is mended" }
  }

  package var hasResidency: Bool { policies.contains { !$0.residency.isEmpty } }

  package func policies(for subject: WorkloadSubject) -> [Policy] {
    policies.filter { $0.match.holds(for: subject) }
  }

  /// Where a workload must stay, and where it is that it must not be; nil without such a policy.
  package func residency(of subject: WorkloadSubject, in regions: [RegionID]) -> Residency? {
    let holding = policies.filter { !$0.residency.isEmpty && $0.match.holds(for: subject) }
    guard !holding.isEmpty else { return nil }
    var residency = Residency(required: [], outside: [], policy: holding[0].name)
    // Several policies: it must be where all of them allow.
    residency.required = holding.dropFirst().reduce(holding[0].residency) { allowed, policy in
      allowed.filter(policy.residency.contains)
    }
    residency.outside = regions.filter { region in
      holding.contains { !allows($0, region) }
    }
    if let first = residency.outside.first,
      let breaker = holding.first(where: { !allows($0, first) })
    {
      residency.policy = breaker.name
    }
    return residency
  }

  /// Whether a policy lets replicas be in a region.
  package func allows(_ policy: Policy, _ region: RegionID) -> Bool {
    guard !policy.residency.isEmpty else { return true }
    return jurisdictions.of(region).map(policy.residency.contains) ?? false
  }
}

/// Where a workload must stay, and where it is that it must not be.
package struct Residency: Equatable, Sendable, Codable {
  /// Jurisdictions; empty when policies contradict each other.
  package var required: [String]
  package var outside: [RegionID]
  /// The policy that is broken, or that asks for it.
  package var policy: String

  package init(required: [String], outside: [RegionID], policy: String) {
    self.required = required
    self.outside = outside
    self.policy = policy
  }

  /// `EU`, or `EU or CH`.
  package var place: String {
    required.isEmpty ? "nowhere (policies contradict)" : required.joined(separator: " or ")
  }
}

/// What a picture of the fleet tells of policies.
package struct PolicySummary: Equatable, Sendable, Codable {
  package var hasResidency: Bool

  package init(hasResidency: Bool) {
    self.hasResidency = hasResidency
  }
}
