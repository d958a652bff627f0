import Domain
import Foundation

/// What the process that writes tells the others beside the database, in the file of its lock: who
/// it is, and how its reading stands.
///
/// When a list was last read changes every few seconds, and is not worth a transaction each time.
struct Pulse: Codable, Equatable {
  var process: Int32
  var sync: [SyncState]
  /// When the source of GPU numbers last answered; nil when it has not, or there is none.
  var metricsAt: Date?

  init(process: Int32, sync: [SyncState], metricsAt: Date?) {
    self.process = process
    self.sync = sync
    self.metricsAt = metricsAt
  }

  /// Nil when the file is being written just now, or holds something else.
  init?(path: String) {
    guard let bytes = FileLock.contents(of: path) else { return nil }
    self.init(bytes: bytes)
  }

  init?(bytes: [UInt8]) {
    guard let pulse = try? JSONDecoder().decode(Pulse.self, from: Data(bytes)) else { return nil }
    self = pulse
  }

  var bytes: [UInt8] { (try? JSONEncoder().encode(self)).map(Array.init) ?? [] }
}
