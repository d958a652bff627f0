package import Foundation
import Synchronization

/// The simulated platform and its clock; safe to ask from any task.
package final class World: Sendable {
  private let state: Mutex<WorldState>
  private let speed: Double
  private let startedAt: ContinuousClock.Instant
  private let lists = Mutex<Lists?>(nil)

  /// Lists that are read page by page, made once for each step of the world.
  struct Lists {
    var at: Date
    var deploymentCount: Int
    var instanceCount: Int
    /// Running ones, service by service.
    var running: [SimulatedInstance]
    /// Newest first.
    var deploymentIDs: [String]
  }

  package init(options: SimulatorOptions) {
    state = Mutex(WorldState(options: options))
    speed = options.speed
    startedAt = ContinuousClock.now
  }

  /// The simulated instant.
  package var now: Date {
    state.withLock { state in
      catchUp(&state)
      return speed > 0 ? target(state) : state.now
    }
  }

  /// Lets simulated time pass; for a clock that stands still.
  package func advance(seconds: Double) {
    state.withLock { $0.advance(to: $0.now.addingTimeInterval(seconds)) }
  }

  func lists(_ state: borrowing WorldState) -> Lists {
    lists.withLock { known in
      let count = state.instances.count
      if let known, known.at == state.now, known.deploymentCount == state.deployments.count,
        known.instanceCount == count
      {
        return known
      }
      var running: [SimulatedInstance] = []
      running.reserveCapacity(count)
      for service in state.services {
        for id in service.instances {
          if let instance = state.instances[id] { running.append(instance) }
        }
      }
      let sorted = state.deployments.values.sorted {
        $0.createdAt != $1.createdAt ? $0.createdAt > $1.createdAt : $0.id < $1.id
      }
      let made = Lists(
        at: state.now, deploymentCount: state.deployments.count, instanceCount: count,
        running: running, deploymentIDs: sorted.map(\.id))
      known = made
      return made
    }
  }

  func read<Value: Sendable>(_ body: (borrowing WorldState) throws -> Value) rethrows -> Value {
    try state.withLock { state in
      catchUp(&state)
      return try body(state)
    }
  }

  func change<Value: Sendable>(_ body: (inout WorldState) throws -> Value) rethrows -> Value {
    try state.withLock { state in
      catchUp(&state)
      return try body(&state)
    }
  }

  private func catchUp(_ state: inout WorldState) {
    guard speed > 0 else { return }
    state.advance(to: target(state))
  }

  private func target(_ state: WorldState) -> Date {
    let passed = startedAt.duration(to: ContinuousClock.now) / .seconds(1)
    return state.start.addingTimeInterval(passed * speed)
  }
}
