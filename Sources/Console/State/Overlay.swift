package import Domain
package import FoundationEssentials

/// What lies over the screen and takes the keys first.
package enum Overlay: Equatable, Sendable {
  case help(scroll: Int)
  /// Typing a filter for a pane; the text that was there before comes back on escape.
  case filter(Pane, text: String, before: String)
  case scale(ScaleDialog)
  case rollback(RollbackDialog)
  case confirm(ConfirmDialog)
  case journal(JournalList)
  case actions(ActionMenu)
  case bulkScale(BulkScale)
  case bulk(BulkDialog)
  case prompt(PromptState)
  case timeline(TimelineList)
  case changes(ChangesList)
  case policy(PolicyOverlay)
}

/// Which policies hold for the chosen deployment.
package struct PolicyOverlay: Equatable, Sendable {
  package var id: WorkloadID?
  /// Nil while it is being worked out.
  package var report: PolicyReport?
  package var scroll = 0
}

/// Choosing replica counts or bounds.
package struct ScaleDialog: Equatable, Sendable {
  package enum Mode: Equatable, Sendable {
    case override, bounds, release
  }

  package struct Region: Equatable, Sendable {
    package var id: RegionID
    package var ready: Int
    /// What is asked for now; nil when not known.
    package var current: Int?
    package var wanted: Int
  }

  package var workload: WorkloadID
  package var name: String
  package var mode = Mode.override
  package var regions: [Region]
  package var minimum: Int
  package var maximum: Int
  package var hasOverride: Bool
  /// The field that digits and arrows change.
  package var field = 0
  /// Digits typed into the field so far.
  package var typed = ""

  var fieldCount: Int {
    switch mode {
    case .override: regions.count
    case .bounds: 2
    case .release: 1
    }
  }

  /// What would be asked for; only regions that differ.
  var request: ActionRequest {
    switch mode {
    case .override:
      let changed = regions.filter { $0.current != $0.wanted }
      return .scale(
        workload,
        replicas: Dictionary(
          (changed.isEmpty ? regions : changed).map { ($0.id, $0.wanted) },
          uniquingKeysWith: { $1 }))
    case .bounds: return .bounds(workload, minimum: minimum, maximum: maximum)
    case .release: return .releaseOverride(workload)
    }
  }
}

/// Choosing a revision to go back to.
package struct RollbackDialog: Equatable, Sendable {
  package var workload: WorkloadID
  package var name: String
  package var selected = 0
  package var detail: WorkloadDetail?
}

/// A plan on screen, waiting for a yes.
package struct ConfirmDialog: Equatable, Sendable {
  package enum Stage: Equatable, Sendable {
    case planning, ready, sending
  }

  package var request: ActionRequest
  package var name: String
  package var stage = Stage.planning
  package var plan: ActionPlan?
  /// Since when this very plan has been on screen.
  package var shownAt: Date
  package var openedAt: Date
  package var typed = ""
  /// Whether it was worked out anew because something changed or it was too old.
  package var isRecomputed = false
  /// What was done earlier and this takes back; nil when it is no undo.
  package var takesBack: String?
  package var scroll = 0
  /// The reason that is being typed, to set a freeze aside; nil while none is.
  package var reason: String?
  /// What the plan is worked out with.
  package var waiver: Waiver?

  /// A plan must have been seen for so long before a yes counts.
  static let minimumView: Double = 0.7
  /// Keys right after opening were meant for what was there before.
  static let deafness: Double = 0.3
}
