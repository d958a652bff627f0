/// What is wrong in a file that the user wrote, where, and what would be right.
struct ConfigurationError: Error, Equatable, CustomStringConvertible {
  let file: String
  /// Counted from 1; nil when the whole file is meant.
  let line: Int?
  let problem: String

  var description: String {
    file + (line.map { ":\($0)" } ?? "") + ": " + problem
  }
}
