import GRDB
import Glibc

/// How this process has the cache open.
///
/// One process at a time holds the lock of a cache, and it alone writes and checkpoints it.
struct CacheAccess: Sendable {
  var database: any DatabaseWriter
  var role: Role
  /// The file that was opened: another one may come to stand in its place.
  var file: UInt64?
  /// SQLite's number of the last commit that was looked at; only this connection can compare it.
  var version: Int?
  /// What the writer said last beside the database, and the bytes that it was read from.
  var pulse: Pulse?
  var pulseBytes: [UInt8] = []

  enum Role: Sendable {
    /// Nobody else can write it; with the lock, unless it is no file.
    case writer(FileLock?)
    /// Another process writes.
    case reader
    /// Nobody writes: a recording.
    case still
  }

  var isWriter: Bool {
    switch role {
    case .writer: true
    case .reader, .still: false
    }
  }

  var lock: FileLock? {
    switch role {
    case .writer(let lock): lock
    case .reader, .still: nil
    }
  }

  /// Which file stands at a path; nil when none does, or a link.
  static func file(at path: String) -> UInt64? {
    var status = stat()
    guard lstat(path, &status) == 0, status.st_mode & S_IFMT == S_IFREG else { return nil }
    return UInt64(status.st_ino)
  }
}

/// Where the files of one context are.
struct CacheFiles: Sendable {
  let folder: String

  var cache: String { folder + "/cache.sqlite" }
  var journal: String { folder + "/journal.sqlite" }
  /// Held by the process that writes the cache.
  var lock: String { folder + "/writer.lock" }
  /// Held while the journal is opened: only one may turn it into another form.
  var journalLock: String { folder + "/journal.lock" }
}
