import Domain
import Foundation
import Logging
import Platform
import Simulator
import Store
import Testing

@testable import Engine

/// A large fleet is followed by its feed: sweeps are rare, and what changed is read by itself.
struct LargeFleetTests {
  @Test func `what the feed names is read without a sweep`() async throws {
    var log = Logger(label: "test") { _ in SwiftLogNoOpLogHandler() }
    log.logLevel = .critical
    let start = Date(timeIntervalSince1970: 1_795_500_000)
    let options = SimulatorOptions(seed: 5, speed: 0, services: 520, gpus: 40, start: start)
    let simulator = try await SimulatorServer(options: options, log: log).start()
    let store = try Store(inMemoryFor: "large")
    let transport = HTTPTransport(limits: HTTPTransport.Limits(), log: log)
    let token = Secret(simulator.token)
    let client = KoyebClient(
      endpoint: try PlatformEndpoint.parse(simulator.apiURL), transport: transport,
      fingerprint: Fingerprint(key: (1, 2)), token: { () throws(PlatformError) in token })
    let engine = SyncEngine(
      tools: SyncEngine.Tools(
        client: client, metrics: nil, store: store, log: log, now: { simulator.world.now },
        sleep: { _ in await Task.yield() }))
    #expect(await engine.syncOnce().isWhole)
    let first = try store.syncStates().first { $0.resource == .workloads }
    #expect(first?.interval == .seconds(30), "the first list is not old before the next is due")
    let chosen = try #require(
      try store.currentWorkloads().first { workload in
        try store.replicaIDs(of: workload.id).count == 2
      })
    try await client.setOverrides([ScalingOverride(regions: [], replicas: 5)], for: chosen.id)
    simulator.advance(seconds: 90)
    // The feed tells of it; the lists themselves are not read again.
    #expect(await engine.attempt(.activities) == nil)
    #expect(await engine.attempt(.revisions) == nil)
    let found = try store.replicaIDs(of: chosen.id).count
    let there = try await client.replicas(of: chosen.id, offset: 0).page?.items.count
    #expect(found == there && found == 5, "found \(found) of \(there ?? -1)")
    try await client.setOverrides([ScalingOverride(regions: [], replicas: 1)], for: chosen.id)
    simulator.advance(seconds: 90)
    #expect(await engine.attempt(.activities) == nil)
    #expect(await engine.attempt(.revisions) == nil)
    #expect(try store.replicaIDs(of: chosen.id).count == 1)
    await transport.shutdown()
    await simulator.stop()
  }
}
