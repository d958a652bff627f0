import Domain
import Foundation
import Simulator
import Testing

@testable import Engine

struct SyncMachineTests {
  private let start = Date(timeIntervalSince1970: 1_795_500_000)

  @Test func `waits grow to thirty seconds and never past them`() {
    var generator = SeededGenerator(seed: 3)
    var backoff = Backoff()
    var bound = 0.8
    for _ in 0..<20 {
      let wait = backoff.next(using: &generator).seconds
      #expect(wait > 0 && wait <= bound + 0.001)
      bound = min(30, bound * 2)
    }
    backoff.succeed()
    #expect(backoff.next(using: &generator) <= .milliseconds(800))
  }

  @Test func `ten minutes of failures are few requests`() {
    for seed in 0..<20 {
      var generator = SeededGenerator(seed: UInt64(seed))
      var machine = SyncMachine(schedule: .init(fleetSize: 10), resources: [.workloads], now: start)
      var now = start
      var requests = 0
      while now.timeIntervalSince(start) < 600 {
        for resource in machine.start(at: now) {
          requests += 1
          machine.finish(resource, .failed, at: now, using: &generator)
        }
        now = max(machine.nextInstant() ?? now, now.addingTimeInterval(0.05))
      }
      // Half of the bound on average: about forty in ten minutes; a retry loop would be thousands.
      #expect(requests < 90, "seed \(seed): \(requests)")
    }
  }

  @Test func `a limit silences everything until it ends`() {
    var generator = SeededGenerator(seed: 1)
    var machine = SyncMachine(
      schedule: .init(fleetSize: 10), resources: [.workloads, .apps], now: start)
    #expect(machine.start(at: start) == [.workloads, .apps])
    machine.finish(.workloads, .limited(.seconds(40)), at: start, using: &generator)
    machine.finish(.apps, .failed, at: start, using: &generator)
    #expect(machine.start(at: start.addingTimeInterval(39)) == [])
    #expect(Set(machine.start(at: start.addingTimeInterval(41))) == [.workloads, .apps])
  }

  @Test func `random events keep one reading of each under way and lose none`() {
    let seed = UInt64.random(in: .min ... .max)
    var generator = SeededGenerator(seed: seed)
    var machine = SyncMachine(
      schedule: .init(fleetSize: 10), resources: Set(SyncResource.allCases), now: start)
    var now = start
    var running: Set<SyncResource> = []
    var finished: Set<SyncResource> = []
    for _ in 0..<4000 {
      now = now.addingTimeInterval(Double.random(in: 0...20, using: &generator))
      for resource in machine.start(at: now) {
        #expect(running.insert(resource).inserted, "seed \(seed)")
      }
      if let resource = running.sorted(by: { $0.rawValue < $1.rawValue }).randomElement(
        using: &generator)
      {
        let outcomes: [SyncMachine.Outcome] = [
          .succeeded, .succeeded, .failed, .forbidden, .limited(.seconds(2)),
        ]
        machine.finish(
          resource, outcomes.randomElement(using: &generator) ?? .failed, at: now, using: &generator
        )
        running.remove(resource)
        finished.insert(resource)
      }
    }
    #expect(finished == Set(SyncResource.allCases), "seed \(seed)")
  }

  @Test func `a large fleet at rest is asked about once a second`() {
    for size in [501, 2_000, 10_000, 50_000] {
      let schedule = SyncMachine.Schedule(fleetSize: size)
      // Pages of each list, with three replicas and four metered runs to a workload.
      let pages = Double(size) / 100
      let lists: [(SyncResource, Double)] = [
        (.workloads, pages), (.apps, pages), (.replicas, pages * 3.5), (.usages, pages * 4),
        (.activities, 1), (.catalogue, 3),
      ]
      let rate = lists.reduce(0) { $0 + $1.1 / schedule.interval($1.0).seconds }
      #expect(rate <= (size > 5_000 ? 1.1 : 1.5), "\(size): \(rate) requests a second")
    }
  }
}
