import Foundation
import Terminal

/// Asks whoever sits at the terminal; the question goes to standard error.
enum TerminalQuestion {
  static var isPossible: Bool { isatty(STDIN_FILENO) == 1 && isatty(STDERR_FILENO) == 1 }

  /// The answer without the space around it; nil when the input ended.
  ///
  /// What was typed before the question was not meant for it.
  static func ask(_ question: String) -> String? {
    tcflush(STDIN_FILENO, TCIFLUSH)
    FileHandle.standardError.write(Data((Sanitizer.clean(question) + " ").utf8))
    return readLine()?.trimmingCharacters(in: .whitespaces)
  }

  /// Only `y` and `yes` are a yes.
  static func isYes(_ answer: String?) -> Bool {
    ["y", "yes"].contains(answer?.lowercased() ?? "")
  }
}

/// Tells how something goes on, on standard error.
enum ProgressLine {
  static func print(_ text: String) {
    FileHandle.standardError.write(Data((Sanitizer.clean(text) + "\n").utf8))
  }
}
