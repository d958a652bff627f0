import Domain

/// What a person wants, whichever key said it.
package enum Intent: Equatable, Sendable {
  case focus(Pane), nextPane, previousPane, zoom, back, quit
  case move(Int), page(Int), first, last
  case open, filter, clearFilter, sort, reverseSort, sortBy(DeploymentSort)
  case findings, nextFinding, refresh, help, journal
  case scale, rollback, restart, undo, actions
  case toggleMark, markRange, clearMarks
  case timeMode, stepTime(Double), stepEvent(isForward: Bool), timeline, nextKind(isForward: Bool),
    changes
  case mark, compareMarks, prompt, exportIncident
  case harmless
}
