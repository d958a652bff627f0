import Foundation
import Testing

@testable import Store

struct FileLockTests {
  private func path() -> String {
    FileManager.default.temporaryDirectory.path + "/vigie-lock-\(UUID().uuidString)"
  }

  @Test func `one holds it, and after that one another`() throws {
    let path = path()
    defer { unlink(path) }
    let first = try FileLock(taking: path)
    #expect(first != nil)
    #expect(try FileLock(taking: path) == nil)
    #expect(FileLock.isHeld(path))
    first?.release()
    #expect(!FileLock.isHeld(path))
    #expect(try FileLock(taking: path) != nil)
  }

  @Test func `the file is its owner's alone, and no link is followed`() throws {
    let path = path()
    let target = self.path()
    defer {
      unlink(path)
      unlink(target)
    }
    let lock = try FileLock(taking: target)
    var status = stat()
    #expect(lstat(target, &status) == 0 && status.st_mode & 0o777 == 0o600)
    lock?.release()
    symlink(target, path)
    #expect(throws: StoreError.self) { try FileLock(taking: path) }
  }

  @Test func `a file that was taken away excludes nobody`() throws {
    let path = path()
    defer { unlink(path) }
    let old = try FileLock(taking: path)
    unlink(path)
    #expect(try FileLock(taking: path) != nil)
    withExtendedLifetime(old) {}
  }

  @Test func `a process that is killed lets go of it`() throws {
    let path = path()
    defer { unlink(path) }
    let holder = Process()
    holder.executableURL = URL(filePath: "/usr/bin/flock")
    holder.arguments = ["-x", "-F", path, "sleep", "60"]
    try holder.run()
    while !FileLock.isHeld(path) { usleep(5000) }
    #expect(try FileLock(taking: path) == nil)
    kill(holder.processIdentifier, SIGKILL)
    holder.waitUntilExit()
    #expect(try FileLock.waiting(for: path, milliseconds: 2000) != nil)
  }

  @Test func `what is written is read by others as it is`() throws {
    let path = path()
    defer { unlink(path) }
    let lock = try FileLock(taking: path)
    lock?.write(Array("a long text".utf8))
    lock?.write(Array("short".utf8))
    #expect(FileLock.contents(of: path) == Array("short".utf8))
    #expect(Pulse(path: path) == nil)
  }
}
