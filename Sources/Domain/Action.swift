package import FoundationEssentials

/// What a person asks to be done to one workload.
package enum ActionRequest: Hashable, Sendable, Codable {
  /// Replica counts by manual override, per region; takes effect at once, no new revision.
  case scale(WorkloadID, replicas: [RegionID: Int])
  /// The autoscaler's bounds in the definition; makes a new revision.
  case bounds(WorkloadID, minimum: Int, maximum: Int)
  /// Back to the definition's own bounds.
  case releaseOverride(WorkloadID)
  /// The whole list of manual counts as it shall be; takes effect at once, no new revision.
  case setOverrides(WorkloadID, [ScalingOverride])
  /// What the autoscaler aims at, all of it but sleeping; makes a new revision.
  case targets(WorkloadID, [Definition.Scaling.Target])
  /// The definition of an earlier revision again; makes a new revision.
  case rollBack(WorkloadID, to: RevisionID)
  /// The latest definition again; makes a new revision.
  case restart(WorkloadID)
  /// Stops every replica, until it is resumed.
  case pause(WorkloadID)
  /// Ends a pause; makes a new revision.
  case resume(WorkloadID)
  /// Ends a rollout that does not serve yet.
  case cancelRollout(WorkloadID, RevisionID)

  package var workloadID: WorkloadID {
    switch self {
    case .scale(let id, _), .bounds(let id, _, _), .releaseOverride(let id), .rollBack(let id, _),
      .setOverrides(let id, _), .targets(let id, _), .restart(let id), .pause(let id),
      .resume(let id), .cancelRollout(let id, _):
      id
    }
  }

  /// The verb in the journal and on screen.
  package var verb: String {
    switch self {
    case .scale: "scale"
    case .bounds: "bounds"
    case .releaseOverride: "release"
    case .setOverrides: "override"
    case .targets: "targets"
    case .rollBack: "rollback"
    case .restart: "restart"
    case .pause: "pause"
    case .resume: "resume"
    case .cancelRollout: "cancel"
    }
  }
}

/// How sure a person must be before an action is sent.
package enum ConfirmationTier: Int, Sendable, Codable, Comparable {
  /// One key, any other cancels.
  case reversible = 1
  /// `y` after the preview has been seen for a moment.
  case costly = 2
  /// The workload's name, typed.
  case dangerous = 3

  package static func < (left: Self, right: Self) -> Bool { left.rawValue < right.rawValue }
}

/// One request that an action would send, as it would be sent; bodies carry no secret.
package struct ActionCall: Hashable, Sendable, Codable {
  package let method: String
  package let path: String
  package let summary: String

  package init(method: String, path: String, summary: String) {
    self.method = method
    self.path = path
    self.summary = summary
  }

  package var text: String { "\(method) \(path)" + (summary.isEmpty ? "" : " \(summary)") }
}

/// What an action will do, cost and collide with, computed before anything is sent.
package struct ActionPlan: Equatable, Sendable {
  /// What must still hold when the write is sent.
  package struct Precondition: Hashable, Sendable, Codable {
    package let version: UInt64?
    /// Nil in what was written down before this was.
    package let status: Workload.Status?
    package let activeRevisionID: RevisionID?
    package let latestRevisionID: RevisionID?
    package let overrides: [ScalingOverride]

    package init(
      version: UInt64?, status: Workload.Status? = nil, activeRevisionID: RevisionID?,
      latestRevisionID: RevisionID?, overrides: [ScalingOverride]
    ) {
      self.version = version
      self.status = status
      self.activeRevisionID = activeRevisionID
      self.latestRevisionID = latestRevisionID
      self.overrides = overrides
    }
  }

  /// Replicas of one region.
  package struct RegionChange: Hashable, Sendable, Codable {
    package let region: RegionID
    package let ready: Int
    /// Asked for now; a range where the autoscaler decides.
    package let from: ClosedRange<Int>?
    package let to: ClosedRange<Int>

    package init(region: RegionID, ready: Int, from: ClosedRange<Int>?, to: ClosedRange<Int>) {
      self.region = region
      self.ready = ready
      self.from = from
      self.to = to
    }
  }

  /// List price of the workload at a replica count; low and high differ where a range holds.
  package struct CostRange: Hashable, Sendable, Codable {
    package struct Span: Hashable, Sendable, Codable {
      package let low: Money
      package let high: Money

      package init(low: Money, high: Money) {
        self.low = low
        self.high = high
      }
    }

    package let low: Money
    package let high: Money
    package let regions: [RegionID: Span]

    package init(low: Money, high: Money, regions: [RegionID: Span] = [:]) {
      self.low = low
      self.high = high
      self.regions = regions
    }

    /// Whether it costs the same, wherever it runs.
    package func isSame(as other: CostRange) -> Bool { low == other.low && high == other.high }
  }

  /// A labelled line of the preview: `who else`, `manual scaling is set: …`.
  package struct Remark: Hashable, Sendable, Codable {
    package enum Weight: String, Sendable, Codable {
      case plain, good, warning, alarm
    }

    package let label: String
    package let text: String
    package let weight: Weight

    package init(label: String, text: String, weight: Weight = .plain) {
      self.label = label
      self.text = text
      self.weight = weight
    }
  }

  /// One difference between the definition that serves and the one to come; never a secret.
  package struct DefinitionChange: Hashable, Sendable, Codable {
    package let field: String
    /// Nil: not there.
    package let old: String?
    package let new: String?

    package init(field: String, old: String?, new: String?) {
      self.field = field
      self.old = old
      self.new = new
    }
  }

  package var request: ActionRequest
  package var workloadName: String
  package var appName: String
  package var contextName: String
  package var regions: [RegionChange]
  package var costBefore: CostRange?
  package var costAfter: CostRange?
  /// When the list prices were read from the catalogue; nil when they never were.
  package var pricesReadAt: Date?
  /// What the prices were converted by; nil when they are as the catalogue has them.
  package var fixedRate: FixedRate?
  package var remarks: [Remark]
  package var definitionChanges: [DefinitionChange]
  package var calls: [ActionCall]
  package var precondition: Precondition
  package var tier: ConfirmationTier
  /// Why it cannot be done; nothing is sent while this is set.
  package var refusal: String?
  /// The policy that refuses it, when it is one that does.
  package var refusedBy: String?
  /// Whether a reason sets the refusal aside.
  package var isWaivable = false
  /// A rule set aside on purpose, and why; goes into the journal.
  package var waiver: Waiver?
  /// Whether a policy asks for the name, whoever asks and however many at once.
  package var isProtected = false
  package var computedAt: Date
  /// When the data under it was observed; nil when it never was.
  package var dataObservedAt: Date?

  package init(
    request: ActionRequest, workloadName: String, appName: String, contextName: String,
    regions: [RegionChange], costBefore: CostRange?, costAfter: CostRange?, remarks: [Remark],
    definitionChanges: [DefinitionChange], calls: [ActionCall], precondition: Precondition,
    tier: ConfirmationTier, refusal: String?, computedAt: Date, dataObservedAt: Date?
  ) {
    self.request = request
    self.workloadName = workloadName
    self.appName = appName
    self.contextName = contextName
    self.regions = regions
    self.costBefore = costBefore
    self.costAfter = costAfter
    self.remarks = remarks
    self.definitionChanges = definitionChanges
    self.calls = calls
    self.precondition = precondition
    self.tier = tier
    self.refusal = refusal
    self.computedAt = computedAt
    self.dataObservedAt = dataObservedAt
  }

  /// A plan is good for a minute.
  package static let lifetime: Duration = .seconds(60)

  /// A month in the hours by which prices are told.
  package static let hoursOfMonth: Decimal = 730

  /// What an hour costs more, at most; nil when a price is missing.
  package var costChange: Money? {
    guard let before = costBefore, let after = costAfter else { return nil }
    return after.high.subtracting(before.high)
  }

  /// What an hour may come to where the autoscaler decides; nil for a fixed count.
  package var costAtMost: Money? {
    guard let after = costAfter, after.low != after.high else { return nil }
    return after.high
  }

  package func isExpired(at now: Date) -> Bool {
    now.timeIntervalSince(computedAt) > Double(Self.lifetime.components.seconds)
  }
}

/// Why a rule that may be set aside is set aside for one action.
package struct Waiver: Hashable, Sendable, Codable {
  package let reason: String
  /// The rule that was set aside; nil in what asks for it.
  package let policy: String?

  package init(reason: String, policy: String? = nil) {
    self.reason = reason
    self.policy = policy
  }

  package static let longestReason = 200

  /// What a person wrote as a reason; nil when there is nothing in it.
  package init?(given text: String) {
    let words = text.split(whereSeparator: \.isWhitespace).joined(separator: " ")
    guard !words.isEmpty, words.count <= Self.longestReason else { return nil }
    self.init(reason: words)
  }

  /// `policy 'weekend' set aside: the page of 03:12`.
  package var words: String {
    (policy.map { "policy '\($0)' " } ?? "a rule ") + "set aside: \(reason)"
  }
}

/// How an action ended, or how far it is known to have come.
package enum ActionOutcome: Hashable, Sendable, Codable {
  /// Accepted by the platform; not yet seen to be true. The revision it made, if it made one.
  case accepted(RevisionID?)
  /// Seen to have taken effect.
  case done
  /// Seen to have failed afterwards, or refused by the platform.
  case failed(String)
  /// Never sent.
  case refused(String)
  /// Never sent: the workload changed under the plan.
  case stale(String)
  /// Sent, but whether it took effect is not known.
  case unknown(String)
}

/// What was asked, by whom, what was sent, and what came of it.
package struct JournalEntry: Equatable, Sendable, Codable {
  package var id: Int64
  package var at: Date
  package var actor: String
  package var contextName: String
  package var workloadID: WorkloadID
  package var workloadName: String
  package var request: ActionRequest
  /// `fra 4>8`, `to dep-9f31`.
  package var summary: String
  package var calls: [ActionCall]
  /// How the workload stood before; what takes it back is worked out from it.
  ///
  /// Nil in entries of versions that did not write it down.
  package var before: ActionPlan.Precondition?
  /// Set when a rule was set aside for it, and why.
  package var waiver: Waiver?
  /// Nil: written down, but no outcome was; unknown after a crash.
  package var outcome: ActionOutcome?
  package var settledAt: Date?

  package init(
    id: Int64, at: Date, actor: String, contextName: String, workloadID: WorkloadID,
    workloadName: String, request: ActionRequest, summary: String, calls: [ActionCall],
    before: ActionPlan.Precondition? = nil, waiver: Waiver? = nil,
    outcome: ActionOutcome? = nil, settledAt: Date? = nil
  ) {
    self.id = id
    self.at = at
    self.actor = actor
    self.contextName = contextName
    self.workloadID = workloadID
    self.workloadName = workloadName
    self.request = request
    self.summary = summary
    self.calls = calls
    self.before = before
    self.waiver = waiver
    self.outcome = outcome
    self.settledAt = settledAt
  }
}
