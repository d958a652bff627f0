import Domain

/// What can be done to a deployment, or be seen of it: the rows of the actions menu.
package enum RowAction: Equatable, Sendable, CaseIterable {
  case scale, bounds, release, rollback, restart, pause, resume, cancelRollout, undo
  case open, timeline, changes, clearMarks

  var title: String {
    switch self {
    case .scale: "scale: a manual count, at once"
    case .bounds: "bounds of the autoscaler, as a new revision"
    case .release: "release the manual count"
    case .rollback: "roll back to an earlier revision"
    case .restart: "restart: the latest definition again"
    case .pause: "pause: stop every replica"
    case .resume: "resume after a pause"
    case .cancelRollout: "cancel the rollout"
    case .undo: "undo what was done last"
    case .open: "open its page"
    case .timeline: "its timeline"
    case .changes: "what changed in 15 minutes"
    case .clearMarks: "clear the marks"
    }
  }

  /// The key, or the command, that does it without the menu.
  var key: String {
    switch self {
    case .scale: "s"
    case .bounds: "s tab"
    case .release: ":release"
    case .rollback: "ctrl-l"
    case .restart: "r"
    case .pause: ":pause"
    case .resume: ":resume"
    case .cancelRollout: ":cancel"
    case .undo: "U"
    case .open: "enter"
    case .timeline: ":timeline"
    case .changes: "d"
    case .clearMarks: "ctrl-\\"
    }
  }

  /// Whether it would change something on the platform.
  var acts: Bool {
    switch self {
    case .scale, .bounds, .release, .rollback, .restart, .pause, .resume, .cancelRollout, .undo:
      true
    case .open, .timeline, .changes, .clearMarks: false
    }
  }

  /// Whether it can be asked for several deployments at once.
  var isForMany: Bool {
    switch self {
    case .scale, .release, .restart, .pause, .resume, .cancelRollout, .undo, .clearMarks: true
    case .bounds, .rollback, .open, .timeline, .changes: false
    }
  }

  /// Why it makes no sense for a deployment as it stands; nil when it does.
  func obstacle(for row: WorkloadRow) -> String? {
    if acts, self != .undo, row.kind == .database { return "a database is not changed here" }
    switch self {
    case .scale, .bounds: return row.regions.isEmpty ? "its regions are not known yet" : nil
    case .release:
      return row.regions.contains { $0.override != nil } ? nil : "no manual count is set"
    case .restart: return row.condition == .paused ? "it is paused: resume it" : nil
    case .pause: return row.condition == .paused ? "it is paused already" : nil
    case .resume: return row.condition == .paused ? nil : "it is not paused"
    case .cancelRollout: return row.rollout == nil ? "no rollout is on its way" : nil
    case .rollback, .undo, .open, .timeline, .changes, .clearMarks: return nil
    }
  }
}
