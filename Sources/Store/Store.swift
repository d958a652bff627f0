package import Domain
import Foundation
import GRDB
import Synchronization

/// The cache of one context: what the platform said, when it was so, and what was done.
///
/// One process writes. What is current is also held in memory, so that a page that changes nothing
/// costs no database work, and facts are made without reading ten thousand rows.
package final class Store: Sendable {
  let database: any DatabaseWriter
  let journalDatabase: any DatabaseWriter
  let model: Mutex<FleetModel>
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

  /// Opens or makes the cache below `folder`.
  ///
  /// A damaged cache file is put aside and a new one is begun; the journal is never touched.
  package init(folder: String, contextName: String) throws(StoreError) {
    try DatabaseFile.folder(folder)
    let cachePath = folder + "/cache.sqlite"
    let journalPath = folder + "/journal.sqlite"
    try DatabaseFile.prepare(cachePath)
    try DatabaseFile.prepare(journalPath)
    do {
      database = try Self.openCache(cachePath)
    } catch .damaged {
      try Self.putAside(cachePath)
      try DatabaseFile.prepare(cachePath)
      database = try Self.openCache(cachePath)
    }
    do {
      journalDatabase = try DatabasePool(
        path: journalPath,
        configuration: DatabaseFile.configuration(isDurable: true, isReadOnly: false))
      try Migrations.journal.migrate(journalDatabase)
    } catch { throw DatabaseFile.translate(error) }
    model = Mutex(FleetModel(contextName: contextName))
  }

  init(
    database: any DatabaseWriter, journalDatabase: any DatabaseWriter, contextName: String
  ) {
    self.database = database
    self.journalDatabase = journalDatabase
    model = Mutex(FleetModel(contextName: contextName))
  }

  /// A cache in memory, for tests.
  package init(inMemoryFor contextName: String) throws(StoreError) {
    do {
      database = try DatabaseQueue()
      journalDatabase = try DatabaseQueue()
      try Migrations.cache.migrate(database)
      try Migrations.journal.migrate(journalDatabase)
    } catch { throw DatabaseFile.translate(error) }
    model = Mutex(FleetModel(contextName: contextName))
  }

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

  private static func openCache(_ path: String) throws(StoreError) -> any DatabaseWriter {
    do {
      let pool = try DatabasePool(
        path: path, configuration: DatabaseFile.configuration(isDurable: false, isReadOnly: false))
      let known = Set(Migrations.cache.migrations)
      let applied = try pool.read { database in
        try database.tableExists("grdb_migrations")
          ? String.fetchAll(database, sql: "SELECT identifier FROM grdb_migrations") : []
      }
      guard applied.allSatisfy(known.contains) else { throw StoreError.tooNew }
      if applied.isEmpty {
        try pool.writeWithoutTransaction { try $0.execute(sql: "PRAGMA auto_vacuum = INCREMENTAL") }
      }
      try Migrations.cache.migrate(pool)
      return pool
    } catch let error as StoreError {
      throw error
    } catch { throw DatabaseFile.translate(error) }
  }

  /// Keeps the damaged file, and at most one older one, for whoever wants to look.
  private static func putAside(_ path: String) throws(StoreError) {
    let older = path + ".corrupt-2"
    let newer = path + ".corrupt-1"
    unlink(older)
    rename(newer, older)
    guard rename(path, newer) == 0 else { throw .damaged("it cannot be put aside") }
    unlink(path + "-wal")
    unlink(path + "-shm")
  }

  /// Runs one transaction; nothing of it stays when it throws.
  func write<Value>(
    _ body: (Database) throws -> Value
  ) throws(StoreError) -> Value {
    let rows = pending.withLock { pending in
      defer { pending = [] }
      return pending
    }
    do {
      return try database.write { database in
        try PendingRow.write(rows, to: database)
        return try body(database)
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
