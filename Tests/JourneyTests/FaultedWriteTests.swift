import Domain
import Engine
import Foundation
import Platform
import Simulator
import Store
import Synchronization
import Testing

/// Faults around a write, drawn at random: nothing is sent twice, nothing sent is lost, and what is
/// told of it is so.
///
/// `VIGIE_FAULTS=1000` is the whole run; `VIGIE_SEED` repeats one.
struct FaultedWriteTests {
  @Test func `no fault around a write doubles it, loses it, or makes a lie of it`() async throws {
    let environment = ProcessInfo.processInfo.environment
    let count = environment["VIGIE_FAULTS"].flatMap { Int($0) } ?? 60
    let seed =
      environment["VIGIE_SEED"].flatMap { UInt64($0) } ?? UInt64.random(in: 1...999_999)
    var generator = SeededGenerator(seed: seed)
    var tally = FaultTally()
    var left = count
    while left > 0 {
      let part = min(left, 50)
      left -= part
      let rig = try await Rig(seed: generator.next() % 1000, patience: .milliseconds(700))
      var drill = FaultDrill(rig: rig, generator: generator)
      for _ in 0..<part { tally.add(try await drill.once()) }
      generator = drill.generator
      #expect(try rig.store.journalIsIntact())
      let entries = try rig.store.journal(limit: 10_000)
      #expect(entries.count == drill.entries, "every intent is there, and none without a plan")
      #expect(entries.allSatisfy { $0.outcome != nil }, "every outcome is there")
      await rig.end()
    }
    print("faults around a write, seed \(seed): \(tally.text)")
    #expect(tally.count == count)
    for problem in tally.problems { Issue.record("seed \(seed): \(problem)") }
  }
}

/// What goes wrong in one drill.
enum WriteFault: String, CaseIterable {
  case none, slow
  /// The write is not carried out, and the answer is no answer.
  case reset, error, hang, malformed, html
  /// The write is not carried out, and the answer says so.
  case limited, expired
  /// The write is carried out, and its answer is not one.
  case cut, dropped
  /// The same, and nothing can be read afterwards.
  case blind
  /// The write is carried out when nobody waits for its answer any more.
  case late
  /// Nothing can be read before it.
  case unreadable
  /// Anything, to reads and writes alike.
  case mixed
  /// Somebody else changed the deployment after the preview.
  case underneath

  /// Whether it can keep what happened from being seen.
  var hides: Bool {
    switch self {
    case .blind, .late, .mixed: true
    case .none, .slow, .reset, .error, .hang, .malformed, .html, .limited, .expired, .cut,
      .dropped, .unreadable, .underneath:
      false
    }
  }

  func plan(method: String) -> FaultPlan {
    var plan = FaultPlan()
    plan.method = method
    switch self {
    case .none, .underneath: break
    case .slow:
      plan.latency = 15
      plan.method = ""
    case .reset: plan.reset = 1
    case .error: plan.error = 1
    case .hang: plan.hang = 1
    case .malformed: plan.malformed = 1
    case .html: plan.html = 1
    case .limited: plan.limited = 1
    case .expired: plan.expired = true
    case .cut, .blind: plan.cut = 1
    case .dropped: plan.dropped = 1
    case .late: plan.latency = 900
    case .unreadable:
      plan.method = "GET"
      plan.reset = 1
    case .mixed:
      plan.method = ""
      (plan.reset, plan.error, plan.limited) = (0.05, 0.08, 0.04)
      (plan.cut, plan.dropped, plan.malformed) = (0.15, 0.1, 0.04)
    }
    return plan
  }
}

struct FaultTally {
  var count = 0
  var sent = 0
  var carriedOut = 0
  var outcomes: [String: Int] = [:]
  var kinds: [String: Int] = [:]
  var faults: [String: Int] = [:]
  var problems: [String] = []

  mutating func add(_ result: FaultDrill.Result) {
    count += 1
    sent += result.sent
    carriedOut += result.carriedOut
    outcomes[result.outcome, default: 0] += 1
    kinds[result.kind, default: 0] += 1
    faults[result.fault.rawValue, default: 0] += 1
    problems += result.problems
  }

  var text: String {
    func list(_ counts: [String: Int]) -> String {
      counts.sorted { $0.key < $1.key }.map { "\($0.key) \($0.value)" }.joined(separator: ", ")
    }
    return "\(count) drills, \(sent) writes arrived, \(carriedOut) carried out, "
      + "\(problems.count) problems; outcomes: \(list(outcomes)); kinds: \(list(kinds)); "
      + "faults: \(list(faults))"
  }
}
