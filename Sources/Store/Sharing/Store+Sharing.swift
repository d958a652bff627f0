import Domain
import Foundation
import GRDB
import Synchronization

/// Several processes, one cache: the one that holds its lock writes, the others follow.
extension Store {
  /// Whether this process writes the cache.
  package var isWriter: Bool { access.withLock { $0.isWriter } }

  /// Why what another process wrote cannot be read just now; nil while it can.
  package var followingFailed: StoreError? { obstacle.withLock { $0 } }

  /// Who writes instead, for a person to read.
  package var heldElsewhere: StoreError {
    .heldElsewhere(process: files.flatMap { Pulse(path: $0.lock) }?.process)
  }

  /// Becomes the one that writes, if nobody is; whether it is now.
  ///
  /// What is in memory stays: only what was written last is read.
  package func claim() throws(StoreError) -> Bool {
    guard !isWriter else { return true }
    guard let files, isReader else { return false }
    return try turning.withLock { _ throws(StoreError) in
      guard let lock = try FileLock(taking: files.lock, in: files.folder) else { return false }
      let writing = try CacheAccess.writing(files, lock, open: access.withLock { $0.file })
      let isSameFile = access.withLock { access in
        defer { access = writing }
        return access.file == writing.file
      }
      do {
        if isSameFile { try catchUp() } else { forget() }
      } catch {
        // It is read anew by whoever asks next.
        forget()
      }
      obstacle.withLock { $0 = nil }
      publish()
      ring()
      return true
    }
  }

  /// Takes what another process has written since the last call; whether there was any.
  ///
  /// To be called every half second or so by one that does not write; cheap when nothing happened.
  @discardableResult
  package func follow() throws(StoreError) -> Bool {
    guard let files, isReader else { return false }
    do {
      let isNew = try turning.withLock { _ throws(StoreError) in
        guard isReader else { return false }
        return try look(files)
      }
      if obstacle.withLock({ obstacle in
        defer { obstacle = nil }
        return obstacle != nil
      }) {
        ring()
      }
      return isNew
    } catch {
      // An old picture must not pass for a new one.
      obstacle.withLock { $0 = error }
      ring(isContent: false)
      throw error
    }
  }

  /// Lets go of the past that was looked at, if nobody looked since this was called last.
  package func forgetPast() { past.withLock { $0.clear() } }

  /// Tells the others how reading stands; cheap, and never waits for a disk.
  func publish() {
    guard let lock = access.withLock({ $0.lock }) else { return }
    let pulse = model.withLock { model in
      Pulse(
        process: getpid(), sync: SyncResource.allCases.compactMap { model.sync[$0] },
        metricsAt: model.metricsSource.answeredAt)
    }
    lock.write(pulse.bytes)
  }

  private var isReader: Bool {
    access.withLock { access in
      switch access.role {
      case .reader: true
      case .writer, .still: false
      }
    }
  }

  private func look(_ files: CacheFiles) throws(StoreError) -> Bool {
    let file = CacheAccess.file(at: files.cache)
    if access.withLock({ $0.file != file }) {
      // The file was put aside, or deleted and made anew.
      let reading = try CacheAccess.reading(files)
      access.withLock { $0 = reading }
      forget()
      ring()
      return true
    }
    let isPulsing = heedPulse(files)
    guard try hasCommit() else { return isPulsing }
    try catchUp()
    return true
  }

  /// Takes what the writer says beside the database; whether that is new.
  private func heedPulse(_ files: CacheFiles) -> Bool {
    guard let bytes = FileLock.contents(of: files.lock),
      access.withLock({ $0.pulseBytes != bytes }), let pulse = Pulse(bytes: bytes)
    else { return false }
    access.withLock { access in
      access.pulse = pulse
      access.pulseBytes = bytes
    }
    guard model.withLock({ $0.isLoaded && $0.take(pulse) }) else { return false }
    ring(isContent: false)
    return true
  }

  /// Whether another connection committed since this was asked for last.
  private func hasCommit() throws(StoreError) -> Bool {
    let version: Int?
    do {
      version = try database.writeWithoutTransaction {
        try Int.fetchOne($0, sql: "PRAGMA data_version")
      }
    } catch { throw DatabaseFile.translate(error) }
    return access.withLock { access in
      defer { access.version = version }
      return access.version != version
    }
  }

  /// Brings what is in memory up to what is on disk.
  private func catchUp() throws(StoreError) {
    guard model.withLock({ $0.isLoaded }) else {
      // Whoever asks first reads all; this commit may be too late for one who is reading now.
      access.withLock { $0.version = nil }
      return ring()
    }
    let news: ModelNews?
    do {
      let known = model.withLock { model in
        model.known { id in self.model.withLock { $0.workloads[id] != nil } }
      }
      news = try database.read { try ModelNews(StateReader($0), known: known) }
    } catch {
      access.withLock { $0.version = nil }
      throw DatabaseFile.translate(error)
    }
    guard let news else {
      forget()
      return ring()
    }
    let touched = model.withLock { $0.take(news) }
    try foldUsages()
    ring(isContent: touched != Touched(), touching: touched)
  }

  /// Folds the metered runs anew when the writer has read them again.
  private func foldUsages() throws(StoreError) {
    let (read, folded) = model.withLock {
      ($0.sync[.usages]?.completedAt, $0.usagesCoveredUntil)
    }
    guard let read, read != folded else { return }
    model.withLock { $0.usageNumber += 1 }
    try foldUsages(coveredUntil: read)
  }

  /// Lets go of what is in memory: it is read anew when it is asked for.
  private func forget() {
    past.withLock { $0 = PastShelf() }
    model.withLock { $0 = FleetModel(contextName: $0.contextName) }
  }
}
