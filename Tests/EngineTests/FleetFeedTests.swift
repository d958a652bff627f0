import Domain
import Foundation
import Store
import Synchronization
import Testing

@testable import Engine

/// What comes to the console when the cache does not do what it should.
struct FleetFeedTests {
  private let start = Date(timeIntervalSince1970: 1_795_500_000)

  private func workload(version: UInt64, name: String) -> Workload {
    Workload(
      id: WorkloadID("w"), appID: AppID("app"), name: name, kind: .web, status: .healthy,
      statusText: "HEALTHY", messages: [], version: version, createdAt: start, updatedAt: start,
      activeRevisionID: nil, latestRevisionID: nil)
  }

  /// Whether the picture says that something is the matter with the cache.
  private func isTroubled(_ snapshot: FleetSnapshot?) -> Bool {
    snapshot?.findings.contains { $0.id == "stale_source/cache" } ?? false
  }

  @Test func `a cache that cannot be followed is a finding until it can`() async throws {
    let folder = FileManager.default.temporaryDirectory.path + "/vigie-feed-\(UUID().uuidString)"
    defer { try? FileManager.default.removeItem(atPath: folder) }
    let writer = try Store(folder: folder, contextName: "t")
    let reader = try Store(folder: folder, contextName: "t")
    try writer.apply(.workloads([workload(version: 1, name: "chat")]), observedAt: start)
    let clock = Mutex(start)
    let feed = FleetFeed(store: reader, now: { clock.withLock { $0 } }) { _ in await Task.yield() }
    var pictures = feed.snapshots().makeAsyncIterator()
    var picture = await pictures.next()
    #expect(picture?.workloads.map(\.name) == ["chat"])
    #expect(!isTroubled(picture))

    let aside = folder + "/aside.sqlite"
    #expect(rename(folder + "/cache.sqlite", aside) == 0)
    clock.withLock { $0 = start.addingTimeInterval(12) }
    #expect(throws: StoreError.self) { try reader.follow() }
    repeat { picture = await pictures.next() } while picture != nil && !isTroubled(picture)
    #expect(picture?.workloads.map(\.name) == ["chat"], "the last that is known stays")
    #expect(picture?.findings.first { $0.subject == "cache" }?.severity == .warning)

    #expect(rename(aside, folder + "/cache.sqlite") == 0)
    try writer.apply(.workloads([workload(version: 2, name: "talk")]), observedAt: start)
    try reader.follow()
    repeat { picture = await pictures.next() } while picture != nil && isTroubled(picture)
    #expect(picture?.workloads.map(\.name) == ["talk"])
  }

  @Test func `a picture in trouble is not told as current`() {
    var snapshot = FleetSnapshot(contextName: "t", platformName: "koyeb", asOf: start)
    snapshot.sync = [SyncState(resource: .workloads, completedAt: start, interval: .seconds(5))]
    let told = FleetAssembler().troubled(
      snapshot, by: "the disk is full", since: start, now: start.addingTimeInterval(90))
    #expect(told.sync.first?.failure == "the disk is full")
    #expect(told.findings.map(\.summary) == ["for 1m: the disk is full"])
    #expect(told.findings.first?.kind == .staleSource)
  }
}
