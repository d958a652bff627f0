/// Why the cache cannot be used; the database library's own errors stay inside this module.
package enum StoreError: Error, Equatable, Sendable {
  /// Written by a newer vigie.
  case tooNew
  /// Another process holds it.
  case busy
  case damaged(String)
  case full
  /// The folder or file is not ours, or not private.
  case unsafe(String)
  case failed(String)
  /// Another file than the cache, and what is the matter with it.
  case unusable(String)
  /// Another process writes the cache; its number, when it said so.
  case heldElsewhere(process: Int32?)

  /// One clear sentence.
  package var message: String {
    switch self {
    case .tooNew: "the cache was written by a newer vigie; use that one, or move the file away"
    case .busy: "the cache is locked by another process"
    case .damaged(let detail): "the cache is damaged: \(detail)"
    case .full: "the disk is full: what was read is shown but not kept"
    case .unsafe(let detail), .unusable(let detail): detail
    case .failed(let detail): "the cache failed: \(detail)"
    case .heldElsewhere(let process):
      "the cache is written by another vigie" + (process.map { " (process \($0))" } ?? "")
    }
  }
}
