import CNcurses

/// Protects what the process knows: the token is in its memory.
package enum ProcessGuard {
  /// No core files, no reading of our memory by other processes, and private files by default.
  package static func harden() { vigie_harden_process() }
}
