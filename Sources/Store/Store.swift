package import Domain
import Foundation
import GRDB
import Synchronization

/// The cache of one context: what the platform said, when it was so, and what was done.
///
/// One process writes; others read beside it (see `follow`). What is current is also held in
/// memory, so that a page that changes nothing costs no database work, and facts are made without
/// reading ten thousand rows.
package final class Store: Sendable {
  let journalDatabase: any DatabaseWriter
  let model: Mutex<FleetModel>
  /// Nil for a cache in memory and for a recording.
  let files: CacheFiles?
  let access: Mutex<CacheAccess>
  /// Held while this process looks at what another wrote, or takes over from it.
  let turning = Mutex(())
  /// Why what another process wrote cannot be read; nil while it can.
  let obstacle = Mutex<StoreError?>(nil)
  /// SQLite's number of the last commit to the journal that was looked at.
  let journalVersion = Mutex<Int?>(nil)
  private let bell = ChangeBell()
  private let contentCount = Atomic(0)
  /// What changed since it was last asked for.
  private let touched = Mutex(Touched.all)
  /// Texts and lists that many objects of this fleet share.
  let pools = Mutex(PackedPools())
  /// What held at the instant that was looked at last, for the next look.
  let past = Mutex(PastShelf())
  /// Rows that are known in memory and wait for the next transaction.
  let pending = Mutex<[PendingRow]>([])

  /// Opens or makes the cache below `folder`: for writing, unless another process writes it.
  ///
  /// A damaged cache file is put aside and a new one is begun; the journal is never touched.
  package init(folder: String, contextName: String) throws(StoreError) {
    try DatabaseFile.folder(folder)
    let files = CacheFiles(folder: folder)
    let access = try CacheAccess.opening(files)
    journalDatabase = try DatabaseFile.journal(files)
    self.files = files
    self.access = Mutex(access)
    model = Mutex(FleetModel(contextName: contextName))
    publish()
  }

  init(still queue: DatabaseQueue, contextName: String) {
    files = nil
    access = Mutex(CacheAccess(database: queue, role: .still))
    journalDatabase = queue
    model = Mutex(FleetModel(contextName: contextName))
  }

  /// A cache in memory, for tests.
  package init(inMemoryFor contextName: String) throws(StoreError) {
    do {
      let database = try DatabaseQueue()
      journalDatabase = try DatabaseQueue()
      try Migrations.cache.migrate(database)
      try Migrations.journal.migrate(journalDatabase)
      access = Mutex(CacheAccess(database: database, role: .writer(nil)))
    } catch { throw DatabaseFile.translate(error) }
    files = nil
    model = Mutex(FleetModel(contextName: contextName))
  }

  deinit {
    access.withLock { access in
      guard let lock = access.lock else { return }
      // The last connection moves what is in the log to its place: only then may another write.
      try? access.database.close()
      lock.release()
    }
  }

  var database: any DatabaseWriter { access.withLock { $0.database } }

  /// The version of the SQLite in use; before 3.51.3 it has the WAL-reset bug, which one writing
  /// connection cannot meet.
  package static var libraryVersion: String {
    (try? DatabaseQueue().read { try String.fetchOne($0, sql: "SELECT sqlite_version()") })
      ?? "not known"
  }

  /// Rings after each commit, many commits as one; begins with one ring.
  package func changes() -> AsyncStream<Void> { bell.subscribe() }

  /// Rings; what is only about the sync itself leaves the content's number as it is.
  func ring(isContent: Bool = true, touching: Touched = .all) {
    if isContent {
      touched.withLock { $0.add(touching) }
      contentCount.add(1, ordering: .relaxed)
    }
    bell.ring()
  }

  /// What changed since the last call; for the one who makes pictures.
  package func takeTouched() -> Touched {
    touched.withLock { touched in
      defer { touched = Touched() }
      return touched
    }
  }

  /// Goes up with every change of what is known of the fleet.
  package var contentNumber: Int { contentCount.load(ordering: .relaxed) }

  /// Takes back what was asked for and not judged.
  package func giveBack(_ unjudged: Touched) {
    touched.withLock { $0.add(unjudged) }
  }

  /// Runs one transaction; nothing of it stays when it throws.
  ///
  /// `note` says how far back it reaches: without it others would not see the rows.
  func write<Value>(
    _ note: ChangeNote = ChangeNote(), _ body: (Database) throws -> Value
  ) throws(StoreError) -> Value {
    guard isWriter else { throw heldElsewhere }
    let rows = pending.withLock { pending in
      defer { pending = [] }
      return pending
    }
    do {
      return try database.write { database in
        let before = database.totalChangesCount
        try PendingRow.write(rows, to: database)
        let value = try body(database)
        var note = note
        note.add(ChangeNote(states: rows.map(\.at).min()))
        if database.totalChangesCount > before { try ChangeLog.append(note, to: database) }
        return value
      }
    } catch {
      pending.withLock { $0 = rows + $0 }
      throw DatabaseFile.translate(error)
    }
  }

  /// Writes the rows that wait.
  package func flush() throws(StoreError) {
    guard pending.withLock({ !$0.isEmpty }) else { return }
    try write { _ in }
  }

  /// Writes all that is only in memory; at the end.
  package func finish() throws(StoreError) {
    guard isWriter else { return }
    try flush()
    try writeCoverage()
  }

  /// Reads what is on disk, with all that was known before the call.
  func read<Value>(_ body: (Database) throws -> Value) throws(StoreError) -> Value {
    try flush()
    do { return try database.read(body) } catch { throw DatabaseFile.translate(error) }
  }

  /// Whether SQLite finds the file whole; slow for a large one.
  package func isWhole() throws(StoreError) -> Bool {
    try read { try String.fetchOne($0, sql: "PRAGMA quick_check") == "ok" }
  }
}

/// Tells any number of listeners that something changed; what they miss counts as one.
private final class ChangeBell: Sendable {
  private let listeners = Mutex<[UUID: AsyncStream<Void>.Continuation]>([:])

  func subscribe() -> AsyncStream<Void> {
    let (stream, continuation) = AsyncStream<Void>.makeStream(bufferingPolicy: .bufferingNewest(1))
    let id = UUID()
    continuation.onTermination = { [weak self] _ in
      _ = self?.listeners.withLock { $0.removeValue(forKey: id) }
    }
    listeners.withLock { $0[id] = continuation }
    continuation.yield()
    return stream
  }

  func ring() {
    for listener in listeners.withLock({ Array($0.values) }) { listener.yield() }
  }
}
