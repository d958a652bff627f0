import Domain
import FoundationEssentials
import Synchronization

/// Runs effects as tasks that it owns, and sends what they give as messages.
final class EffectRunner {
  private let services: ConsoleServices
  private let mailbox: Mailbox
  private var fleet: Task<Void, Never>?
  private var duty: Task<Void, Never>?
  private var workload: (id: WorkloadID, task: Task<Void, Never>)?
  private var look: Task<Void, Never>?
  private var lookedAt: Date?
  private var others: [Task<Void, Never>] = []
  /// Pulled to begin no further row of what runs.
  private var stop = StopLatch()

  init(services: ConsoleServices, mailbox: Mailbox) {
    self.services = services
    self.mailbox = mailbox
  }

  func begin() {
    let mailbox = mailbox
    let stream = services.watchFleet
    fleet = Task { for await snapshot in stream() { mailbox.send(.fleet(snapshot)) } }
    let duties = services.watchDuty
    duty = Task { for await place in duties() { mailbox.send(.duty(place)) } }
  }

  /// Runs what is not the loop's own to do.
  func run(_ effect: Effect) {
    let mailbox = mailbox
    let services = services
    switch effect {
    case .watchWorkload(let id):
      guard workload?.id != id else { return }
      workload?.task.cancel()
      workload = (
        id,
        Task { for await detail in services.watchWorkload(id) { mailbox.send(.detail(detail)) } }
      )
    case .stopWatching:
      workload?.task.cancel()
      workload = nil
    case .look(let instant, let id): startLook(instant, id)
    case .stopLooking:
      look?.cancel()
      look = nil
      lookedAt = nil
      keep(Task { await services.history.prepare(nil) })
    case .readTimeline(let span):
      // The picture first: a line of marks can wait for it.
      let look = look
      keep(
        Task {
          await look?.value
          do throws(HistoryProblem) {
            mailbox.send(.timeline(try await services.history.timeline(span)))
          } catch { mailbox.send(.told(error.message, .warning)) }
        })
    case .compare(let from, let to, let id):
      let look = look
      keep(
        Task {
          await look?.value
          do throws(HistoryProblem) {
            let changes = try await services.history.changes(from, to, id)
            mailbox.send(.changes(from: from, to: to, .success(changes)))
          } catch { mailbox.send(.changes(from: from, to: to, .failure(error))) }
        })
    case .incident(let command):
      keep(
        Task {
          let answer = await services.history.incident(command)
          mailbox.send(.told(answer.text, answer.isGood ? .healthy : .warning))
        })
    case .plan(let request, let waiver):
      keep(Task { mailbox.send(.planned(await services.plan(request, waiver))) })
    case .readPolicy(let id):
      keep(Task { mailbox.send(.policy(await services.policy(id))) })
    case .perform(let plan, let confirmation):
      keep(
        Task {
          let outcome = await services.perform(plan, confirmation)
          mailbox.send(.performed(plan.request.workloadID, outcome))
        })
    case .planAll(let requests):
      keep(Task { mailbox.send(.plannedAll(await services.bulk.plan(requests))) })
    case .performAll(let plans, let confirmation, let onError):
      let stop = StopLatch()
      self.stop = stop
      keep(
        Task {
          await services.bulk.perform(plans, confirmation, onError, { !stop.isPulled }) {
            mailbox.send(.progressed($0))
          }
        })
    case .stopAll: stop.pull()
    case .refresh: keep(Task { await services.refresh() })
    case .focus(let ids): keep(Task { await services.focus(ids) })
    case .repaint, .quit: break
    }
  }

  /// Of steps that come faster than pictures only the last counts, and none runs beside another:
  /// the next begins from where the one before ended.
  private func startLook(_ instant: Date, _ id: WorkloadID?) {
    let mailbox = mailbox
    let history = services.history
    let before = look
    before?.cancel()
    let likely = Self.likely(after: instant, from: lookedAt)
    lookedAt = instant
    look = Task(priority: .userInitiated) {
      await before?.value
      guard !Task.isCancelled else { return }
      mailbox.send(.past(await history.look(instant, id)))
      for next in likely where !Task.isCancelled { await history.prepare(next) }
    }
  }

  /// Where one more step would lead: on in the same direction, or either way after a jump.
  private static func likely(after instant: Date, from before: Date?) -> [Date] {
    let step = before.map { instant.timeIntervalSince($0) } ?? .infinity
    switch abs(step) {
    case PastState.step, PastState.stride: return [instant.addingTimeInterval(step)]
    case let distance where distance > PastState.stride:
      return [
        instant.addingTimeInterval(-PastState.step), instant.addingTimeInterval(PastState.step),
      ]
    default: return []
    }
  }

  private func keep(_ task: Task<Void, Never>) {
    others.removeAll(where: \.isCancelled)
    if others.count > 64 { others.removeFirst(32) }
    others.append(task)
  }

  /// Ends everything but a write that is on its way: its outcome must still reach the journal.
  func end() {
    fleet?.cancel()
    duty?.cancel()
    workload?.task.cancel()
    look?.cancel()
    stop.pull()
  }
}

/// Says to what runs elsewhere that it shall begin nothing more; what has begun goes on.
private final class StopLatch: Sendable {
  private let pulled = Mutex(false)

  var isPulled: Bool { pulled.withLock { $0 } }

  func pull() { pulled.withLock { $0 = true } }
}
