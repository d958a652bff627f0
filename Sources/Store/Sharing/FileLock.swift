import Glibc
import Synchronization

/// A lock on a file that one process at a time can hold (flock).
///
/// It belongs to the open file and not to a process number: the kernel lets go of it when its
/// holder ends, however that happens. The file stays; what is written in it is only for reading.
final class FileLock: Sendable {
  let path: String
  private let descriptor: Mutex<Int32>
  /// Of the folder that is locked with it; -1 when none is.
  private let folder: Int32

  /// Nil when another one holds it.
  ///
  /// With a folder that is locked as well: somebody may take the file for a leftover and delete it,
  /// and a new file of that name must not make a second holder.
  init?(taking path: String, in folder: String? = nil) throws(StoreError) {
    let descriptor = open(path, O_RDWR | O_CREAT | O_NOFOLLOW | O_CLOEXEC, 0o600)
    guard descriptor >= 0 else {
      throw .unsafe("\(path) cannot be opened: \(String(cString: strerror(errno)))")
    }
    fchmod(descriptor, 0o600)
    guard flock(descriptor, LOCK_EX | LOCK_NB) == 0, Self.isAt(path, descriptor) else {
      close(descriptor)
      return nil
    }
    let place = folder.map { open($0, O_RDONLY | O_DIRECTORY | O_CLOEXEC) } ?? -1
    guard folder == nil || place >= 0 && flock(place, LOCK_EX | LOCK_NB) == 0 else {
      if place >= 0 { close(place) }
      close(descriptor)
      return nil
    }
    self.folder = place
    self.path = path
    self.descriptor = Mutex(descriptor)
  }

  /// Takes it as soon as it is free; nil when it was not within so many milliseconds.
  static func waiting(for path: String, milliseconds: Int) throws(StoreError) -> FileLock? {
    var left = milliseconds
    while true {
      if let lock = try FileLock(taking: path) { return lock }
      guard left > 0 else { return nil }
      usleep(10_000)
      left -= 10
    }
  }

  deinit { release() }

  /// Lets go of it; for good.
  func release() {
    descriptor.withLock { descriptor in
      guard descriptor >= 0 else { return }
      if folder >= 0 { close(folder) }
      close(descriptor)
      descriptor = -1
    }
  }

  /// Puts bytes in the place of what the file held.
  ///
  /// Who reads meanwhile may see a part of them, and must be able to tell.
  func write(_ bytes: [UInt8]) {
    descriptor.withLock { descriptor in
      guard descriptor >= 0 else { return }
      let count = bytes.withUnsafeBytes { pwrite(descriptor, $0.baseAddress, $0.count, 0) }
      if count == bytes.count { _ = ftruncate(descriptor, off_t(count)) }
    }
  }

  /// Whether somebody holds the lock on a file that is there.
  static func isHeld(_ path: String) -> Bool {
    let descriptor = open(path, O_RDONLY | O_NOFOLLOW | O_CLOEXEC)
    guard descriptor >= 0 else { return false }
    defer { close(descriptor) }
    return flock(descriptor, LOCK_SH | LOCK_NB) != 0
  }

  /// What a small file holds; nil when it cannot be read, or is no small file.
  static func contents(of path: String, limit: Int = 1 << 16) -> [UInt8]? {
    let descriptor = open(path, O_RDONLY | O_NOFOLLOW | O_CLOEXEC)
    guard descriptor >= 0 else { return nil }
    defer { close(descriptor) }
    var bytes = [UInt8](repeating: 0, count: limit)
    let count = bytes.withUnsafeMutableBytes { pread(descriptor, $0.baseAddress, $0.count, 0) }
    return count >= 0 && count < limit ? Array(bytes.prefix(count)) : nil
  }

  /// A lock on a file that was meanwhile taken away excludes nobody.
  private static func isAt(_ path: String, _ descriptor: Int32) -> Bool {
    var (held, named) = (stat(), stat())
    return fstat(descriptor, &held) == 0 && lstat(path, &named) == 0
      && held.st_ino == named.st_ino && held.st_dev == named.st_dev
  }
}
