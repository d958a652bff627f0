/// What takes a journalled action back.
package enum UndoChoice: Equatable, Sendable {
  case request(ActionRequest)
  /// Why there is no such action, as a sentence.
  case impossible(String)

  package static func inverse(of entry: JournalEntry) -> UndoChoice {
    switch entry.outcome {
    case .refused, .stale: return .impossible("it was never sent, so there is nothing to undo")
    case .failed where entry.makesNoRevision:
      return .impossible("it failed, so there is nothing to undo")
    case nil, .accepted, .done, .failed, .unknown: break
    }
    guard let before = entry.before else {
      return .impossible("how the deployment stood before it was not written down")
    }
    let id = entry.workloadID
    switch entry.request {
    case .scale, .setOverrides, .releaseOverride:
      return .request(
        before.overrides.isEmpty ? .releaseOverride(id) : .setOverrides(id, before.overrides))
    case .bounds, .targets, .rollBack:
      guard let revision = before.activeRevisionID else {
        return .impossible("nothing served before it")
      }
      return .request(.rollBack(id, to: revision))
    case .pause: return .request(.resume(id))
    case .resume: return .request(.pause(id))
    case .cancelRollout(_, let revision): return .request(.rollBack(id, to: revision))
    case .restart:
      guard let revision = before.activeRevisionID, revision != before.latestRevisionID else {
        return .impossible("a restart changes nothing that could be taken back")
      }
      return .request(.rollBack(id, to: revision))
    }
  }
}

extension JournalEntry {
  /// Whether a failure of it leaves the deployment as it was.
  fileprivate var makesNoRevision: Bool {
    switch request {
    case .scale, .setOverrides, .releaseOverride, .pause, .cancelRollout: true
    case .bounds, .targets, .rollBack, .restart, .resume: false
    }
  }
}

/// An action that takes an earlier one back.
package struct UndoProposal: Equatable, Sendable {
  package let entry: JournalEntry
  package let request: ActionRequest

  package init(entry: JournalEntry, request: ActionRequest) {
    self.entry = entry
    self.request = request
  }

  /// The newest of the entries that can be taken back; they are given newest first.
  package static func newest(in entries: some Sequence<JournalEntry>) -> UndoProposal? {
    for entry in entries {
      if case .request(let request) = UndoChoice.inverse(of: entry) {
        return UndoProposal(entry: entry, request: request)
      }
    }
    return nil
  }
}
