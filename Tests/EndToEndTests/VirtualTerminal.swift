import CVirtualTerminal
import Foundation

/// The real program in a pseudo-terminal, and what a user would see of it.
final class VirtualTerminal {
  private let handle: OpaquePointer
  private(set) var rows: Int
  private(set) var columns: Int

  /// Starts vigie with only the environment given (and what a program cannot do without).
  init(
    _ arguments: [String], home: URL, rows: Int = 23, columns: Int = 80,
    environment: [String: String] = [:]
  ) throws {
    var variables = [
      "HOME": home.path, "PATH": "/usr/bin:/bin", "TERM": "xterm-256color",
      "LC_ALL": "C.UTF-8", "SWIFT_BACKTRACE": "enable=no",
    ]
    if let library = ProcessInfo.processInfo.environment["LD_LIBRARY_PATH"] {
      variables["LD_LIBRARY_PATH"] = library
    }
    for (name, value) in environment { variables[name] = value }
    var words = ([Self.program] + arguments).map { strdup($0) }
    var settings = variables.map { strdup("\($0.key)=\($0.value)") }
    words.append(nil)
    settings.append(nil)
    defer { (words + settings).forEach { free($0) } }
    guard
      let handle = virtual_terminal_start(&words, &settings, Int32(rows), Int32(columns))
    else { throw CocoaError(.executableLoad) }
    self.handle = handle
    self.rows = rows
    self.columns = columns
  }

  deinit { virtual_terminal_free(handle) }

  /// The binary that was built beside this test bundle.
  static var program: String {
    let bundle =
      (try? FileManager.default.destinationOfSymbolicLink(atPath: "/proc/self/exe")) ?? ""
    return URL(filePath: bundle).deletingLastPathComponent().appending(path: "vigie").path
  }

  var lines: [String] {
    (0..<rows).map { row in
      var buffer = [CChar](repeating: 0, count: columns * 32 + 64)
      let count = virtual_terminal_row(handle, Int32(row), &buffer, buffer.count)
      return String(decoding: buffer.prefix(count).map { UInt8(bitPattern: $0) }, as: UTF8.self)
    }
  }

  var text: String { lines.joined(separator: "\n") }
  var isOnAlternateScreen: Bool { virtual_terminal_alternate(handle) == 1 }
  var isCursorShown: Bool { virtual_terminal_cursor(handle) == 1 }
  var isSane: Bool { virtual_terminal_sane(handle) == 1 }
  var bytes: UInt64 { virtual_terminal_bytes(handle) }
  var process: pid_t { virtual_terminal_process(handle) }
  /// Nil while the program runs.
  var waitStatus: Int32? {
    let status = virtual_terminal_status(handle)
    return status == -1 ? nil : status
  }

  var record: Data {
    var count = 0
    guard let start = virtual_terminal_record(handle, &count) else { return Data() }
    return Data(bytes: start, count: count)
  }

  func type(_ text: String) {
    _ = text.withCString { virtual_terminal_type(handle, $0, strlen($0)) }
  }

  func resize(rows: Int, columns: Int) {
    self.rows = rows
    self.columns = columns
    virtual_terminal_resize(handle, Int32(rows), Int32(columns))
  }

  func hangUp() { virtual_terminal_hang_up(handle) }

  /// Reads until the condition holds; false when it did not within so many seconds.
  func wait(seconds: Double = 30, until condition: (VirtualTerminal) -> Bool) -> Bool {
    let limit = ContinuousClock.now + .milliseconds(Int(seconds * 1000))
    while ContinuousClock.now < limit {
      if condition(self) { return true }
      if virtual_terminal_pump(handle, 20) < 0 { usleep(5_000) }
    }
    return condition(self)
  }

  func wait(for text: String, seconds: Double = 30) -> Bool {
    wait(seconds: seconds) { $0.text.contains(text) }
  }

  /// Reads on until the program has ended; its exit code, or minus the signal's number.
  func exitCode(seconds: Double = 10) -> Int32? {
    guard wait(seconds: seconds, until: { $0.waitStatus != nil }), let status = waitStatus else {
      return nil
    }
    // Its last words may still be on the way.
    var rest = 100
    while rest > 0, virtual_terminal_pump(handle, 20) > 0 { rest -= 1 }
    let signal = status & 0x7F
    return signal == 0 ? (status >> 8) & 0xFF : -signal
  }
}

/// A home directory of its own for one test.
struct TemporaryHome: ~Copyable {
  let url: URL

  init() throws {
    url = FileManager.default.temporaryDirectory.appending(path: "vigie-test-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: url, withIntermediateDirectories: true)
  }

  deinit { try? FileManager.default.removeItem(at: url) }

  /// Every file below, for looking for what must not be there.
  var files: [URL] {
    let names = FileManager.default.enumerator(atPath: url.path)?.compactMap { $0 as? String } ?? []
    return names.map { url.appending(path: $0) }.filter { !$0.hasDirectoryPath }
  }
}
