import ArgumentParser
import Domain

/// What the process says to a script; 0 is done.
enum ExitStatus {
  /// Something that was asked for did not succeed.
  static let failure = ExitCode(1)
  /// The command line, the configuration or the terminal is not usable.
  static let usage = ExitCode(2)
  /// Nothing was sent: read-only, a rule, or not confirmed.
  static let refused = ExitCode(3)
  /// Nothing was sent: what the plan was made of had changed.
  static let stale = ExitCode(4)
  /// Sent, but whether it took effect is not known.
  static let unknown = ExitCode(5)

  /// What an action's outcome says.
  static func of(_ outcome: ActionOutcome) -> ExitCode {
    switch outcome {
    case .accepted, .done: .success
    case .failed: failure
    case .refused: refused
    case .stale: stale
    case .unknown: unknown
    }
  }

  /// For the help of commands that act.
  static let ofActions = """
    Exit status: 0 accepted, or with --wait seen to hold; 1 failed; 2 the command line or the \
    configuration is wrong; 3 refused, nothing was sent (read-only, a rule, not confirmed); 4 \
    stale, nothing was sent; 5 sent, but whether it took effect is not known. --dry-run ends with \
    0, or with 3 when the plan would be refused.
    """
}
