package import Domain
package import FoundationEssentials

/// What is to be done to all marked deployments.
package enum BulkAction: Equatable, Sendable {
  /// So many replicas in each region of each.
  case scale(Int)
  case release, restart, pause, resume, cancelRollout, undo

  var verb: String {
    switch self {
    case .scale: "scale"
    case .release: "release"
    case .restart: "restart"
    case .pause: "pause"
    case .resume: "resume"
    case .cancelRollout: "cancel"
    case .undo: "undo"
    }
  }

  /// `restart 7 deployments`: what the typed number stands for.
  func phrase(_ count: Int) -> String {
    switch self {
    case .scale, .release, .restart, .pause, .resume: "\(verb) \(count) deployments"
    case .cancelRollout: "cancel \(count) rollouts"
    case .undo: "undo \(count) actions"
    }
  }

  private var rowAction: RowAction {
    switch self {
    case .scale: .scale
    case .release: .release
    case .restart: .restart
    case .pause: .pause
    case .resume: .resume
    case .cancelRollout: .cancelRollout
    case .undo: .undo
    }
  }

  /// What it means for one deployment.
  func wish(for row: WorkloadRow, journal: [JournalEntry]) -> BulkPlan.Target.Wish {
    if let reason = rowAction.obstacle(for: row) { return .impossible(reason) }
    switch self {
    case .scale(let count):
      let replicas = row.regions.map { ($0.region, count) }
      return .request(
        .scale(row.id, replicas: Dictionary(replicas, uniquingKeysWith: { first, _ in first })))
    case .release: return .request(.releaseOverride(row.id))
    case .restart: return .request(.restart(row.id))
    case .pause: return .request(.pause(row.id))
    case .resume: return .request(.resume(row.id))
    case .cancelRollout:
      guard let rollout = row.rollout else { return .impossible("no rollout is on its way") }
      return .request(.cancelRollout(row.id, rollout.revisionID))
    case .undo:
      let own = journal.lazy.filter { $0.workloadID == row.id }
      return UndoProposal.newest(in: own).map { .request($0.request) }
        ?? .impossible("nothing was done that could be undone")
    }
  }
}

/// How many replicas all marked deployments shall have; blank until it is typed.
package struct BulkScale: Equatable, Sendable {
  package var typed = ""

  /// Nil for what is no count.
  var count: Int? { Int(typed).flatMap { $0 > 0 ? $0 : nil } }
}

/// An action on several deployments on screen, waiting for its number or under way.
package struct BulkDialog: Equatable, Sendable {
  package enum Stage: Equatable, Sendable {
    case planning, ready, running, stopping, done
  }

  /// What came of a row since it was begun.
  package enum Outcome: Equatable, Sendable {
    case sending
    case ended(ActionOutcome)
  }

  package let action: BulkAction
  package var stage = Stage.planning
  package var targets: [BulkPlan.Target]
  package var plan: BulkPlan?
  package var onError = BulkPlan.OnError.stop
  package var outcomes: [WorkloadID: Outcome] = [:]
  package var typed = ""
  /// Since when this very plan has been on screen.
  package var shownAt: Date
  package let openedAt: Date
  package var isRecomputed = false
  package var scroll = 0

  var requests: [ActionRequest] { targets.compactMap(\.request) }
  /// How many would be sent.
  var count: Int { plan?.sendable.count ?? 0 }
  var isUnderWay: Bool { stage == .running || stage == .stopping }

  func ended(where matches: (ActionOutcome) -> Bool) -> Int {
    outcomes.values.count { outcome in
      if case .ended(let outcome) = outcome { matches(outcome) } else { false }
    }
  }
}
