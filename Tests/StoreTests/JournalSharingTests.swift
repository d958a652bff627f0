import Domain
import Foundation
import GRDB
import Testing

@testable import Store

/// The journal, written by several at once.
struct JournalSharingTests {
  private let start = Date(timeIntervalSince1970: 1_795_500_000)

  private func folder() -> String {
    FileManager.default.temporaryDirectory.path + "/vigie-journal-\(UUID().uuidString)"
  }

  private func entry(_ summary: String) -> JournalEntry {
    JournalEntry(
      id: 0, at: start, actor: "me", contextName: "t", workloadID: WorkloadID("w"),
      workloadName: "chat", request: .releaseOverride(WorkloadID("w")), summary: summary, calls: [])
  }

  @Test func `several that write at once make one chain`() async throws {
    let folder = folder()
    defer { try? FileManager.default.removeItem(atPath: folder) }
    let start = start
    let stores = try (0..<4).map { _ in try Store(folder: folder, contextName: "t") }
    try await withThrowingTaskGroup(of: Void.self) { group in
      for (number, store) in stores.enumerated() {
        group.addTask {
          for step in 0..<25 {
            let id = try store.appendIntent(self.entry("\(number)/\(step)"))
            try store.settle(id, outcome: .accepted(nil), at: start)
            if step.isMultiple(of: 5) {
              _ = try store.startIncident("\(number)/\(step)", at: start)
            }
          }
        }
      }
      try await group.waitForAll()
    }
    for store in stores {
      #expect(try store.journalIsIntact())
      #expect(try store.journal(limit: 500).count == 100)
      #expect(try store.incidents().count == 20)
    }
    let mode = try await stores[0].journalDatabase.read {
      try String.fetchOne($0, sql: "PRAGMA journal_mode")
    }
    #expect(mode == "delete")
  }

  @Test func `what one writes another is told of`() throws {
    let folder = folder()
    defer { try? FileManager.default.removeItem(atPath: folder) }
    let one = try Store(folder: folder, contextName: "t")
    let other = try Store(folder: folder, contextName: "t")
    #expect(try !one.journalHasNews() && !other.journalHasNews())
    let id = try other.appendIntent(entry("s"))
    #expect(try one.journalHasNews())
    #expect(try !one.journalHasNews())
    #expect(try !other.journalHasNews(), "its own are no news")
    #expect(try one.journalEntry(id)?.outcome == nil)
  }

  @Test func `an end is written down once, whoever sees it first`() throws {
    let folder = folder()
    defer { try? FileManager.default.removeItem(atPath: folder) }
    let one = try Store(folder: folder, contextName: "t")
    let other = try Store(folder: folder, contextName: "t")
    let id = try one.appendIntent(entry("s"))
    try one.settle(id, outcome: .accepted(nil), at: start)
    #expect(try other.conclude(id, outcome: .done, at: start))
    #expect(try !one.conclude(id, outcome: .unknown("late"), at: start))
    #expect(try one.journalEntry(id)?.outcome == .done)
    #expect(try one.journalIsIntact())
  }

  @Test func `a journal of before is turned into one that many can write`() async throws {
    let folder = folder()
    defer { try? FileManager.default.removeItem(atPath: folder) }
    try DatabaseFile.folder(folder)
    do {
      let old = try DatabasePool(path: folder + "/journal.sqlite")
      try Migrations.journal.migrate(old)
    }
    let many = try await withThrowingTaskGroup(of: Store.self) { group in
      for _ in 0..<4 { group.addTask { try Store(folder: folder, contextName: "t") } }
      return try await group.reduce(into: []) { $0.append($1) }
    }
    for store in many { _ = try store.appendIntent(entry("s")) }
    #expect(try many[0].journal(limit: 9).count == 4)
    #expect(try many[0].journalIsIntact())
    #expect(!FileManager.default.fileExists(atPath: folder + "/journal.sqlite-wal"))
  }

  @Test func `a journal that an older vigie has open is left alone`() throws {
    let folder = folder()
    defer { try? FileManager.default.removeItem(atPath: folder) }
    try DatabaseFile.folder(folder)
    let old = try DatabasePool(path: folder + "/journal.sqlite")
    try Migrations.journal.migrate(old)
    #expect(throws: StoreError.self) { try Store(folder: folder, contextName: "t") }
    try old.read { _ in }
  }
}
