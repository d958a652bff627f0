import Foundation
import Glibc
import Synchronization

/// What a console that does not read the platform itself asks of the one that does.
package struct Wish: Codable, Equatable, Sendable {
  /// Deployments that it shows or acts on.
  package var focus: [String] = []
  /// One of which everything is to be read: its page is open.
  package var opened: String?
  /// Goes up when everything on screen is to be read now.
  package var refreshes = 0

  package init() {}
}

/// A wish in a file of its own beside the cache, there as long as the one who has it lives.
///
/// The file is locked while it is meant: one that is not locked was left by a process that ended.
package final class WishFile: Sendable {
  private static let prefix = "wish-"
  private let lock: FileLock
  private let wish = Mutex(Wish())

  /// Nil when the file cannot be made; a wish is no more than one.
  init?(_ files: CacheFiles) {
    var lock: FileLock?
    for _ in 0..<5 where lock == nil {
      // Before it is locked it may be taken for one that was left behind.
      let number = UInt32.random(in: .min ... .max)
      lock = try? FileLock(taking: "\(files.folder)/\(Self.prefix)\(getpid())-\(number)")
    }
    guard let lock else { return nil }
    self.lock = lock
    change { _ in }
  }

  deinit { unlink(lock.path) }

  package func change(_ body: (inout Wish) -> Void) {
    let bytes = wish.withLock { wish in
      body(&wish)
      return (try? JSONEncoder().encode(wish)).map(Array.init) ?? []
    }
    lock.write(bytes)
  }

  /// The wishes of all who live, by file; what was left behind is taken away.
  static func all(_ files: CacheFiles) -> [String: Wish] {
    let names = (try? FileManager.default.contentsOfDirectory(atPath: files.folder)) ?? []
    var wishes: [String: Wish] = [:]
    for name in names.sorted() where name.hasPrefix(prefix) {
      let path = files.folder + "/" + name
      guard FileLock.isHeld(path) else {
        unlink(path)
        continue
      }
      guard let bytes = FileLock.contents(of: path),
        let wish = try? JSONDecoder().decode(Wish.self, from: Data(bytes))
      else { continue }
      wishes[name] = wish
    }
    return wishes
  }
}

extension Store {
  /// A place for what this process asks of the one that writes; nil where there is no other.
  package func makeWish() -> WishFile? { files.flatMap { WishFile($0) } }

  /// What others ask of this process, by whom.
  package func wishes() -> [String: Wish] { files.map { WishFile.all($0) } ?? [:] }
}
