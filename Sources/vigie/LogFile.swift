import Foundation
import Logging
import Synchronization

/// The log: a file of its own, because the screen belongs to the console.
///
/// One line per entry; anything shaped like a credential is replaced before it is written.
final class LogFile: Sendable {
  private let descriptor: Mutex<Int32>

  /// Opens for appending, readable by the owner alone; never through a symbolic link.
  init?(path: String) {
    let descriptor = open(path, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC | O_NOFOLLOW, 0o600)
    guard descriptor >= 0 else { return nil }
    if lseek(descriptor, 0, SEEK_END) > Self.sizeLimit { _ = ftruncate(descriptor, 0) }
    self.descriptor = Mutex(descriptor)
  }

  func logger(label: String) -> Logger {
    Logger(label: label) { _ in FileLogHandler(file: self) }
  }

  func write(_ line: String) {
    var bytes = Array(Redaction.apply(to: line).utf8)
    bytes.append(UInt8(ascii: "\n"))
    descriptor.withLock { descriptor in
      bytes.withUnsafeBytes { _ = Glibc.write(descriptor, $0.baseAddress, $0.count) }
    }
  }

  /// Points standard error at the log while the screen is ours, so that nothing paints over it.
  func takeStandardError() {
    descriptor.withLock { _ = dup2($0, STDERR_FILENO) }
  }

  /// A log is for the last incident, not for the archive.
  private static let sizeLimit = 8 << 20
}

private struct FileLogHandler: LogHandler {
  let file: LogFile
  var metadata: Logger.Metadata = [:]
  var logLevel: Logger.Level = .info

  subscript(metadataKey key: String) -> Logger.Metadata.Value? {
    get { metadata[key] }
    set { metadata[key] = newValue }
  }

  func log(event: LogEvent) {
    let all = metadata.merging(event.metadata ?? [:]) { _, new in new }
    let details = all.sorted { $0.key < $1.key }.map { " \($0.key)=\($0.value)" }.joined()
    let time = Date().formatted(.iso8601)
    file.write("\(time) \(event.level) \(event.message)\(details)")
  }
}
