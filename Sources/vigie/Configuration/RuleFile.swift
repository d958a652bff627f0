import Domain
import Platform
import Synchronization

/// The rules of the configuration, read again whenever its file has changed: what a running console
/// shows and does is always by the file as it is.
final class RuleFile: Sendable {
  private struct Known {
    var mark: FileMark?
    var rules: Rulebook
  }

  private let path: String
  private let known: Mutex<Known>

  /// Reads the whole configuration at `path`; the rules are followed from then on.
  static func load(path: String) throws(ConfigurationError) -> (Configuration, RuleFile) {
    // Marked first: a change in between is then read again, not missed.
    let mark = FileMark(path: path)
    let configuration = try Configuration.load(path: path)
    return (
      configuration, RuleFile(path: path, known: Known(mark: mark, rules: configuration.rules))
    )
  }

  private init(path: String, known: Known) {
    self.path = path
    self.known = Mutex(known)
  }

  /// The rules as they are now; a file that cannot be read, or is gone, refuses everything.
  var rules: Rulebook {
    let mark = FileMark(path: path)
    return known.withLock { known in
      guard mark != known.mark else { return known.rules }
      do throws(ConfigurationError) {
        guard mark != nil else {
          throw ConfigurationError(file: path, line: nil, problem: "it is gone since the start")
        }
        known.rules = try Configuration.load(path: path).rules
      } catch {
        known.rules.policies = PolicyBook(defect: error.description)
      }
      known.mark = mark
      return known.rules
    }
  }
}
