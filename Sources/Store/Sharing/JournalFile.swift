import Foundation
import GRDB

extension DatabaseFile {
  /// Opens or makes the journal.
  ///
  /// Several processes append to it. With a write-ahead log SQLite before 3.51.3 can lose commits
  /// of processes that write at the same time; a rollback journal never could. Each append is one
  /// transaction that begins with the lock, so that the chain has one end.
  static func journal(_ files: CacheFiles) throws(StoreError) -> DatabaseQueue {
    // Two that turn it from one form into the other would wait for each other without end.
    guard let lock = try FileLock.waiting(for: files.journalLock, milliseconds: 5000) else {
      throw .unusable("the journal is being opened by another vigie, which does not end")
    }
    defer { lock.release() }
    try prepare(files.journal)
    do {
      let queue = try DatabaseQueue(
        path: files.journal, configuration: configuration(isDurable: true, isReadOnly: false))
      let mode = try queue.writeWithoutTransaction {
        try String.fetchOne($0, sql: "PRAGMA journal_mode = DELETE")
      }
      guard mode == "delete" else { throw heldByOlder }
      try Migrations.journal.migrate(queue)
      return queue
    } catch let error as StoreError {
      throw error
    } catch let error as DatabaseError where error.resultCode == .SQLITE_BUSY {
      throw heldByOlder
    } catch { throw translate(error) }
  }

  private static var heldByOlder: StoreError {
    .unusable("an older vigie has the journal open; end that one first")
  }
}
