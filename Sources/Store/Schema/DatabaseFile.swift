import Foundation
import GRDB

/// Opens a database file in a private folder, and sets it up.
enum DatabaseFile {
  static func folder(_ path: String) throws(StoreError) {
    var status = stat()
    if lstat(path, &status) == 0 {
      guard status.st_mode & S_IFMT == S_IFDIR else {
        throw .unsafe("\(path) is not a folder (a symbolic link is not followed)")
      }
      guard status.st_uid == geteuid() else { throw .unsafe("\(path) belongs to another user") }
      if status.st_mode & 0o077 != 0 { chmod(path, 0o700) }
      return
    }
    do {
      try FileManager.default.createDirectory(
        atPath: path, withIntermediateDirectories: true, attributes: [.posixPermissions: 0o700])
    } catch {
      throw .unsafe("\(path) cannot be made: \(error.localizedDescription)")
    }
  }

  /// Makes the file with its mode before SQLite does, and refuses a link in its place.
  static func prepare(_ path: String) throws(StoreError) {
    let descriptor = Glibc.open(path, O_RDWR | O_CREAT | O_NOFOLLOW | O_CLOEXEC, 0o600)
    guard descriptor >= 0 else {
      throw .unsafe("\(path) cannot be opened: \(String(cString: strerror(errno)))")
    }
    fchmod(descriptor, 0o600)
    close(descriptor)
  }

  static func configuration(isDurable: Bool, isReadOnly: Bool) -> GRDB.Configuration {
    var configuration = GRDB.Configuration()
    configuration.busyMode = .timeout(5)
    configuration.readonly = isReadOnly
    configuration.maximumReaderCount = 3
    configuration.prepareDatabase { database in
      try database.execute(sql: "PRAGMA synchronous = \(isDurable ? "EXTRA" : "NORMAL")")
      // A reader looks at a page once; the writer of a sweep comes back to it.
      let kibibytes = database.configuration.readonly ? 512 : 4096
      try database.execute(sql: "PRAGMA cache_size = -\(kibibytes)")
    }
    return configuration
  }

  /// Turns the library's error into ours.
  static func translate(_ error: any Error) -> StoreError {
    if error is PackedReader.Damaged { return .damaged("a row cannot be read") }
    guard let error = error as? DatabaseError else { return .failed("\(error)") }
    switch error.resultCode {
    case .SQLITE_BUSY, .SQLITE_LOCKED: return .busy
    case .SQLITE_CORRUPT, .SQLITE_NOTADB: return .damaged(error.message ?? "not a database")
    case .SQLITE_FULL, .SQLITE_IOERR, .SQLITE_READONLY: return .full
    default: return .failed(error.message ?? "\(error.resultCode)")
    }
  }
}
