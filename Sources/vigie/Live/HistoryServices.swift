import Console
import Domain
import Engine
import Foundation
import Store

/// The past of one context, as the console asks for it.
struct HistoryServices: Sendable {
  let store: Store
  let rules: @Sendable () -> Rulebook
  /// Where reports are written.
  let folder: String
  let contextName: String
  let now: @Sendable () -> Date

  var services: ConsoleServices.History {
    let feed = PastFeed(store: store, rules: rules)
    return ConsoleServices.History(
      look: { instant, id in
        do throws(StoreError) {
          return PastPicture(
            instant: instant, snapshot: try feed.snapshot(at: instant),
            detail: try id.flatMap { id throws(StoreError) in
              try feed.detail(of: id, at: instant)
            })
        } catch {
          return PastPicture(instant: instant, snapshot: nil, problem: error.message)
        }
      },
      timeline: { span throws(HistoryProblem) in
        do throws(StoreError) { return try feed.timeline(in: span) } catch {
          throw HistoryProblem(message: error.message)
        }
      },
      changes: { from, to, id throws(HistoryProblem) in
        let changes: [FleetChange]?
        do throws(StoreError) { changes = try feed.changes(from: from, to: to, of: id) } catch {
          throw HistoryProblem(message: error.message)
        }
        guard let changes else {
          throw HistoryProblem(message: "one of the two instants is not recorded")
        }
        return changes
      },
      incident: { command in self.perform(command) }, prepare: { feed.prepare($0) })
  }

  private func perform(_ command: IncidentCommand) -> (text: String, isGood: Bool) {
    do {
      let open = try store.incidents().first { $0.endedAt == nil }
      switch command {
      case .start(let title):
        if let open { return ("'\(open.title)' is still open: end it first", false) }
        let id = try store.startIncident(title, at: now())
        return ("incident \(id) started: m notes, :incident end ends it", true)
      case .mark(let text):
        guard let open else { return ("no incident is open: :incident start TITLE", false) }
        try store.mark(open.id, text, at: now())
        return ("noted", true)
      case .end:
        guard let open else { return ("no incident is open", false) }
        try store.endIncident(open.id, at: now())
        return ("incident \(open.id) ended: X writes its report", true)
      case .export:
        guard let newest = try store.incidents().first else {
          return ("there is no incident yet: :incident start TITLE", false)
        }
        let path = try IncidentExport(
          store: store, rules: rules, contextName: contextName, now: now()
        )
        .write(newest, format: .markdown, folder: folder)
        return ("written: \(path)", true)
      }
    } catch let error as StoreError {
      return (error.message, false)
    } catch {
      return ("\(folder): \(error.localizedDescription)", false)
    }
  }
}
