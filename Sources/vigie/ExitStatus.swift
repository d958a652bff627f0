import ArgumentParser

/// What the process says to a script.
enum ExitStatus {
  /// Something that was asked for did not succeed.
  static let failure = ExitCode(1)
  /// The command line, the configuration or the terminal is not usable.
  static let usage = ExitCode(2)
}
