import Domain
import Engine
import Foundation
import Logging
import Store

/// Follows the process that writes the cache; takes its place when it is gone, and then reads the
/// platform for all.
struct DutyLoop: Sendable {
  let store: Store
  let engine: SyncEngine
  let runner: ActionRunner
  let attention: Attention
  let log: Logger

  /// How often one that follows looks; a takeover takes no longer than that and an opening.
  static let followPause: Duration = .milliseconds(400)
  /// How often the one that reads looks at what the others ask.
  static let heedPause: Duration = .milliseconds(500)

  /// Returns when this process writes, or when it is cancelled.
  func follow() async {
    guard !store.isWriter else { return }
    attention.ask(through: store.makeWish())
    await withTaskGroup(of: Void.self) { group in
      group.addTask { await runner.follow(.own) }
      var told: String?
      var looks = 0
      while !Task.isCancelled {
        looks += 1
        if looks.isMultiple(of: 300) { store.forgetPast() }
        do throws(StoreError) {
          if try store.claim() { break }
          if try store.journalHasNews() { store.journalWasRead() }
          try store.follow()
          told = nil
        } catch {
          if told != error.message { report(error) }
          told = error.message
        }
        do { try await Task.sleep(for: Self.followPause) } catch { break }
      }
      group.cancelAll()
    }
    attention.ask(through: nil)
  }

  /// Does what other consoles ask, until it is cancelled.
  func heed() async {
    var refreshes: [String: Int] = [:]
    while !Task.isCancelled {
      let wishes = store.wishes()
      let hasActed = hasJournalNews()
      await attend(to: Array(wishes.values))
      let isAsked = wishes.contains { $0.value.refreshes > refreshes[$0.key] ?? 0 }
      if hasActed || isAsked { await engine.refresh() }
      refreshes = wishes.mapValues(\.refreshes)
      do { try await Task.sleep(for: Self.heedPause) } catch { return }
    }
  }

  /// Has the engine read more of what is looked at, here or at another console.
  func attend(to wishes: [Wish]) async {
    let (focus, opened) = attention.all(with: wishes, acting: runner.followed())
    await engine.focus(on: focus, opened: opened)
  }

  private func hasJournalNews() -> Bool {
    do throws(StoreError) {
      guard try store.journalHasNews() else { return false }
      store.journalWasRead()
      return true
    } catch {
      report(error)
      return false
    }
  }

  private func report(_ error: StoreError) {
    log.error("the cache failed", metadata: ["reason": "\(error.message)"])
  }
}
