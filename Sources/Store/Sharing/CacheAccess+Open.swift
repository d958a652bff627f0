import Foundation
import GRDB

extension CacheAccess {
  /// How long another process may take to make a cache that is not there yet, in milliseconds.
  private static let patience = 5000

  /// Opens the cache: for writing when the lock is free, else for reading.
  static func opening(_ files: CacheFiles) throws(StoreError) -> CacheAccess {
    var left = patience
    while true {
      if let lock = try FileLock(taking: files.lock, in: files.folder) {
        return try writing(files, lock)
      }
      do {
        return try reading(files)
      } catch .tooNew {
        throw .tooNew
      } catch {
        // Whoever holds the lock may be just about to make the file.
        guard left > 0 else { throw error }
      }
      usleep(50_000)
      left -= 50
    }
  }

  /// Opens for writing what nobody else writes; `open` is the file that this process reads already.
  static func writing(
    _ files: CacheFiles, _ lock: FileLock, open: UInt64? = nil
  ) throws(StoreError) -> CacheAccess {
    let path = files.cache
    // To open and close a file of SQLite's would let go of the locks that SQLite has on it.
    if open == nil || open != file(at: path) { try DatabaseFile.prepare(path) }
    let database: any DatabaseWriter
    do {
      database = try pool(path)
    } catch .damaged {
      try putAside(path)
      try DatabaseFile.prepare(path)
      database = try pool(path)
    }
    return CacheAccess(database: database, role: .writer(lock), file: file(at: path))
  }

  /// Opens beside the process that writes; such a connection cannot write or checkpoint.
  static func reading(_ files: CacheFiles) throws(StoreError) -> CacheAccess {
    let path = files.cache
    guard let number = file(at: path) else { throw .unusable("\(path) is not there") }
    do {
      let pool = try DatabasePool(
        path: path, configuration: DatabaseFile.configuration(isDurable: false, isReadOnly: true))
      let (isKnown, isWhole) = try pool.read {
        (try knowsAll($0), try Migrations.cache.hasCompletedMigrations($0))
      }
      guard isKnown else { throw StoreError.tooNew }
      guard isWhole else {
        throw StoreError.unusable("an older vigie writes the cache; end that one first")
      }
      return CacheAccess(
        database: pool, role: .reader, file: number, pulse: Pulse(path: files.lock))
    } catch let error as StoreError {
      throw error
    } catch { throw DatabaseFile.translate(error) }
  }

  private static func pool(_ path: String) throws(StoreError) -> any DatabaseWriter {
    do {
      let pool = try DatabasePool(
        path: path, configuration: DatabaseFile.configuration(isDurable: false, isReadOnly: false))
      let (isKnown, isNew) = try pool.read { database in
        (try knowsAll(database), try !database.tableExists("grdb_migrations"))
      }
      guard isKnown else { throw StoreError.tooNew }
      if isNew {
        try pool.writeWithoutTransaction { try $0.execute(sql: "PRAGMA auto_vacuum = INCREMENTAL") }
      }
      try Migrations.cache.migrate(pool)
      return pool
    } catch let error as StoreError {
      throw error
    } catch { throw DatabaseFile.translate(error) }
  }

  /// Whether everything that was done to the tables is known here.
  private static func knowsAll(_ database: Database) throws -> Bool {
    guard try database.tableExists("grdb_migrations") else { return true }
    return try String.fetchAll(database, sql: "SELECT identifier FROM grdb_migrations")
      .allSatisfy(Set(Migrations.cache.migrations).contains)
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
}
