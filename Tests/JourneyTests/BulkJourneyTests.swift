import Domain
import Engine
import Foundation
import Simulator
import Store
import Synchronization
import Testing

/// Several plans, one after the other, on the simulated platform.
struct BulkJourneyTests {
  private let names = ["embed", "rerank", "speech"]

  private func requests(_ rig: Rig) throws -> [ActionRequest] {
    try names.map { .restart(try rig.row($0).id) }
  }

  private func run(
    _ rig: Rig, _ plans: [ActionPlan], typed: String = "3", of count: Int = 3,
    onError: BulkPlan.OnError = .stop, rowsBeforeStop: Int = .max,
    after each: @escaping @Sendable (WorkloadID) -> Void = { _ in }
  ) async -> [BulkProgress] {
    let told = Mutex<[BulkProgress]>([])
    await rig.runner.performAll(
      plans, confirmation: .counted(typed: typed, of: count), onError: onError,
      mayGoOn: {
        told.withLock { told in
          told.count { if case .ended = $0 { true } else { false } } < rowsBeforeStop
        }
      },
      progress: { progress in
        told.withLock { $0.append(progress) }
        if case .ended(let id, _) = progress { each(id) }
      })
    return told.withLock { $0 }
  }

  private func outcomes(_ progress: [BulkProgress]) -> [ActionOutcome] {
    progress.compactMap { if case .ended(_, let outcome) = $0 { outcome } else { nil } }
  }

  @Test func `three restarts are three writes in order, each in the journal`() async throws {
    let rig = try await Rig()
    _ = await rig.engine.syncOnce()
    let plans = await rig.runner.plans(try requests(rig))
    #expect(plans.allSatisfy { $0.refusal == nil })
    let progress = await run(rig, plans)
    #expect(progress.count == 7)
    #expect(progress.last == .finished)
    #expect(outcomes(progress).allSatisfy { $0.isTaken })
    #expect(rig.simulator.writes == plans.flatMap { $0.calls.map { "\($0.method) \($0.path)" } })
    #expect(try rig.store.journal(limit: 9).count == 3)
    let again = await run(rig, plans)
    #expect(!outcomes(again).contains { $0.isTaken })
    #expect(rig.simulator.writes.count == 3, "the same plans are never sent twice")
    await rig.end()
  }

  @Test func `a number that is not theirs sends nothing`() async throws {
    let rig = try await Rig()
    _ = await rig.engine.syncOnce()
    let plans = await rig.runner.plans(try requests(rig))
    _ = await run(rig, plans, typed: "2")
    _ = await run(rig, plans, typed: "2", of: 2)
    _ = await run(rig, Array(plans.prefix(1)), typed: "1", of: 1)
    _ = await run(rig, plans + plans.prefix(1), typed: "4", of: 4)
    #expect(rig.simulator.writes == [])
    #expect(try rig.store.journal(limit: 9).isEmpty)
    await rig.end()
  }

  @Test func `what is protected is not sent among others`() async throws {
    let rig = try await Rig()
    _ = await rig.engine.syncOnce()
    var plans = await rig.runner.plans(try requests(rig))
    plans[0].isProtected = true
    let stopped = await run(rig, plans)
    #expect(outcomes(stopped) == [.refused("not confirmed: nothing was sent")])
    #expect(rig.simulator.writes == [])
    let all = await run(rig, plans, onError: .goOn)
    #expect(outcomes(all).map(\.isTaken) == [false, true, true])
    await rig.end()
  }

  @Test func `plans over a minute old are stale, row by row`() async throws {
    let rig = try await Rig()
    _ = await rig.engine.syncOnce()
    let plans = await rig.runner.plans(try requests(rig))
    let simulator = rig.simulator
    let progress = await run(rig, plans, onError: .goOn) { _ in simulator.advance(seconds: 90) }
    let outcomes = outcomes(progress)
    #expect(outcomes[0].isTaken)
    for outcome in outcomes.dropFirst() {
      #expect(outcome == .stale("the preview is over a minute old"))
    }
    #expect(rig.simulator.writes.count == 1)
    await rig.end()
  }

  @Test func `a row that changed meanwhile is stale and stops the rest`() async throws {
    let rig = try await Rig()
    _ = await rig.engine.syncOnce()
    let plans = await rig.runner.plans(try requests(rig))
    let id = plans[1].request.workloadID
    let other = await rig.runner.plan(.restart(id))
    var distinct = other
    distinct.computedAt += 0.5
    #expect(await rig.runner.perform(distinct, confirmation: .yes).isTaken)
    let progress = await run(rig, plans)
    #expect(outcomes(progress).count == 2)
    #expect(outcomes(progress)[0].isTaken)
    #expect(!outcomes(progress)[1].isTaken)
    #expect(rig.simulator.writes.count == 2)
    await rig.end()
  }

  @Test func `it stops before the next row when asked`() async throws {
    let rig = try await Rig()
    _ = await rig.engine.syncOnce()
    let plans = await rig.runner.plans(try requests(rig))
    let progress = await run(rig, plans, rowsBeforeStop: 1)
    #expect(outcomes(progress).count == 1)
    #expect(progress.last == .finished)
    #expect(rig.simulator.writes.count == 1)
    await rig.end()
  }

  @Test func `read-only sends none of them`() async throws {
    let rig = try await Rig(readOnly: true)
    _ = await rig.engine.syncOnce()
    var plans = await rig.runner.plans(try requests(rig))
    #expect(plans.allSatisfy { $0.refusal?.contains("read-only") == true })
    for index in plans.indices { plans[index].refusal = nil }
    _ = await run(rig, plans, onError: .goOn)
    #expect(rig.simulator.writes == [])
    await rig.end()
  }
}
