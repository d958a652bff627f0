import Domain
import Engine
import Foundation
import Platform
import Simulator
import Store
import Synchronization
import Testing

/// One action under one fault after another, on one simulated platform.
struct FaultDrill {
  struct Result {
    var kind: String
    var fault: WriteFault
    var outcome: String
    var sent: Int
    var carriedOut: Int
    var problems: [String]
  }

  let rig: Rig
  var generator: SeededGenerator
  /// How many rows the journal must have by now.
  private(set) var entries = 0

  init(rig: Rig, generator: SeededGenerator) {
    self.rig = rig
    self.generator = generator
  }

  mutating func once() async throws -> Result {
    let plan = try await possiblePlan()
    let fault = WriteFault.allCases.randomElement(using: &generator) ?? .none
    if fault == .underneath { try await changeUnderneath(plan) }
    let before = (rig.simulator.writes.count, rig.simulator.accepted.count)
    let witness = Witness()
    let rig = rig
    rig.simulator.watchWrites { write in
      witness.saw(write, journal: (try? rig.store.journal(limit: 1)) ?? [])
      guard fault == .blind else { return }
      var blindness = FaultPlan()
      (blindness.method, blindness.reset) = ("GET", 1)
      rig.simulator.setFaults(blindness)
    }
    let method = plan.calls.last?.method ?? ""
    rig.simulator.setFaults(fault.plan(method: method))
    let performed = await rig.runner.performed(plan, confirmation: .typed(plan.workloadName))
    if fault == .late { try await waitForLate(since: before.0) }
    rig.simulator.setFaults(FaultPlan())
    rig.simulator.watchWrites(nil)
    if performed.entryID != nil { entries += 1 }
    var result = Result(
      kind: plan.request.verb, fault: fault, outcome: performed.outcome.word,
      sent: rig.simulator.writes.count - before.0,
      carriedOut: rig.simulator.accepted.count - before.1, problems: [])
    let found =
      problems(performed, result) + witness.problems(plan)
      + (try await untruths(performed.outcome, plan))
    result.problems = found.map {
      "\(plan.request.verb) \(plan.workloadName) under \(fault): \($0); \(performed.outcome), "
        + "\(result.sent) sent, \(result.carriedOut) carried out"
    }
    return result
  }

  /// Time passes, everything is read, and an action is found that may be done now.
  private mutating func possiblePlan() async throws -> ActionPlan {
    for _ in 0..<100 {
      rig.simulator.advance(seconds: Double(Int.random(in: 1...18, using: &generator)) * 5)
      _ = await rig.engine.syncOnce(only: Self.lists)
      let rows = try rig.feed.snapshot().workloads.filter { $0.name != "accounts" }
      guard let row = rows.randomElement(using: &generator) else { continue }
      let kind = Int.random(in: 0..<10, using: &generator)
      await makePossible(kind, row.id)
      guard let request = try request(kind, row.id) else { continue }
      let plan = await rig.runner.plan(request)
      if plan.refusal == nil { return plan }
    }
    throw Exhausted()
  }

  private static let lists: Set<SyncResource> = [
    .catalogue, .apps, .workloads, .replicas, .revisions, .overrides,
  ]

  /// Some kinds need something before them: counts to release, a pause to end, a rollout.
  private func makePossible(_ kind: Int, _ id: WorkloadID) async {
    switch kind {
    case 2:
      try? await rig.client.setOverrides([ScalingOverride(regions: [], replicas: 3)], for: id)
    case 8:
      try? await rig.client.pause(id)
      rig.simulator.advance(seconds: 15)
    case 9: _ = try? await rig.client.redeploy(id)
    default: return
    }
    await rig.engine.focus(on: [id])
    _ = await rig.engine.syncOnce(only: Self.lists)
  }

  private struct Exhausted: Error {}

  private mutating func request(_ kind: Int, _ id: WorkloadID) throws -> ActionRequest? {
    let detail = try rig.feed.detail(of: id)
    let regions = detail?.definition?.regions ?? []
    let revisions = detail?.revisions.map(\.revision) ?? []
    guard let region = regions.randomElement(using: &generator) else { return nil }
    let count = Int.random(in: 1...6, using: &generator)
    switch kind {
    case 0: return .scale(id, replicas: [region: count])
    case 1:
      return .setOverrides(
        id,
        [
          ScalingOverride(regions: [region], replicas: count),
          ScalingOverride(regions: [], replicas: 2),
        ])
    case 2: return .releaseOverride(id)
    case 3: return .bounds(id, minimum: 1, maximum: count + 1)
    case 4: return .targets(id, [.requestsPerSecond(count * 10), .processor(percent: 60 + count)])
    case 5: return revisions.randomElement(using: &generator).map { .rollBack(id, to: $0.id) }
    case 6: return .restart(id)
    case 7: return .pause(id)
    case 8: return .resume(id)
    default:
      return revisions.first { $0.status.isRollingOut }.map { .cancelRollout(id, $0.id) }
    }
  }

  private func changeUnderneath(_ plan: ActionPlan) async throws {
    let id = plan.request.workloadID
    if case .scale = plan.request {
      try await rig.client.setOverrides([ScalingOverride(regions: [], replicas: 19)], for: id)
    } else {
      _ = try await rig.client.redeploy(id)
    }
  }

  /// What was on its way when nobody waited any more has arrived, or will not.
  private func waitForLate(since count: Int) async throws {
    for _ in 0..<60 where rig.simulator.writes.count == count {
      try await Task.sleep(for: .milliseconds(20))
    }
  }

  // MARK: - What must be so

  private func problems(_ performed: ActionRunner.Performed, _ result: Result) -> [String] {
    var problems: [String] = []
    if result.sent > 1 { problems.append("it was sent more than once") }
    if result.carriedOut > 1 { problems.append("it was carried out more than once") }
    if result.sent > 0, performed.entryID == nil { problems.append("the journal lost it") }
    if let id = performed.entryID {
      let entry = try? rig.store.journalEntry(id)
      if entry?.outcome != performed.outcome { problems.append("the journal tells otherwise") }
    }
    switch performed.outcome {
    case .accepted, .done:
      if result.carriedOut != 1 { problems.append("told as accepted, and nothing was changed") }
    case .failed, .refused, .stale:
      if result.carriedOut != 0 { problems.append("told as not done, and it was carried out") }
    case .unknown:
      if result.carriedOut == 1, !result.fault.hides {
        problems.append("told as not known, and it could be seen")
      }
    }
    // On a busy machine any answer may be late; what is told must be so all the same.
    let isLate = performed.outcome.words.contains("no answer in time")
    return problems + (isLate ? [] : unexpected(result))
  }

  /// Faults of which only one outcome is right.
  private func unexpected(_ result: Result) -> [String] {
    let right: Set<String>
    switch result.fault {
    case .none, .slow, .cut, .dropped: right = ["accepted"]
    case .reset, .error, .hang, .malformed, .html, .blind: right = ["unknown"]
    case .limited, .expired, .unreadable: right = ["failed"]
    case .underneath: right = ["stale"]
    case .late, .mixed: return []
    }
    return right.contains(result.outcome) ? [] : ["expected \(right.sorted().joined())"]
  }

  /// What is told of the platform, held against the platform.
  private func untruths(_ outcome: ActionOutcome, _ plan: ActionPlan) async throws -> [String] {
    guard case .accepted(let revision) = outcome else { return [] }
    let id = plan.request.workloadID
    let workload = try await rig.client.workload(id)
    if let revision, workload.latestRevisionID != revision {
      return ["the revision \(revision.short) is not the newest one"]
    }
    switch plan.request {
    case .releaseOverride:
      return try await rig.client.overrides(of: id).isEmpty ? [] : ["it is not released"]
    case .setOverrides(_, let list):
      return try await rig.client.overrides(of: id) == list ? [] : ["the counts are others"]
    case .scale(_, let replicas):
      let found = try await rig.client.overrides(of: id)
      let holds = replicas.allSatisfy { ScalingOverride.value(for: $0.key, in: found) == $0.value }
      return holds ? [] : ["the counts are others"]
    case .pause: return workload.status == .pausing || workload.status == .paused ? [] : ["it runs"]
    case .resume: return workload.status == .resuming ? [] : ["it is not resumed"]
    case .cancelRollout(_, let id):
      let status = try await rig.client.revision(id).status
      return status == .canceling || status == .canceled ? [] : ["it goes on"]
    case .bounds, .targets, .rollBack, .restart:
      return revision == nil ? ["its revision is not told"] : []
    }
  }
}

/// Looks into the journal at the moment that a write arrives.
private final class Witness: Sendable {
  private let seen = Mutex<[(write: String, entry: JournalEntry?)]>([])

  func saw(_ write: String, journal: [JournalEntry]) {
    seen.withLock { $0.append((write, journal.first)) }
  }

  func problems(_ plan: ActionPlan) -> [String] {
    seen.withLock { $0 }.flatMap { write, entry -> [String] in
      guard let entry, entry.request == plan.request else {
        return ["\(write) arrived before the intent was written down"]
      }
      let calls = entry.calls.map { "\($0.method) \($0.path)" }
      return calls.contains(write) ? [] : ["\(write) is not among \(calls)"]
    }
  }
}

extension ActionOutcome {
  fileprivate var words: String {
    switch self {
    case .accepted, .done: ""
    case .failed(let text), .refused(let text), .stale(let text), .unknown(let text): text
    }
  }

  fileprivate var word: String {
    switch self {
    case .accepted: "accepted"
    case .done: "done"
    case .failed: "failed"
    case .refused: "refused"
    case .stale: "stale"
    case .unknown: "unknown"
    }
  }
}
