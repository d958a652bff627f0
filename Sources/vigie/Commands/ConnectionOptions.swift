import ArgumentParser
import Domain

/// Which context to look at, and how carefully; the same for every command.
struct ConnectionOptions: ParsableArguments {
  @Option(name: .long, help: "The context of config.toml to use.")
  var context: String?

  @Flag(name: .long, help: "Refuse every action, whatever is pressed.")
  var readOnly = false
}

extension ConnectionOptions {
  /// Runs a command on the context's cache; what is wrong with files becomes a line and a status.
  func onCache(_ body: (HeadlessSource) throws -> Void) throws {
    Hardening.apply()
    try Failures.reported { try body(try HeadlessSource(connection: self)) }
  }

  /// Runs a command on the cache and a session with the platform, which is closed after it.
  func inSession(_ body: (ActionSession) throws -> Void) throws {
    Hardening.apply()
    try Failures.reported {
      let session = try ActionSession(connection: self)
      defer { session.close() }
      try body(session)
    }
  }
}

/// For commands that change nothing, so that a script may say it to all of them.
struct ReadOnlyOption: ParsableArguments {
  @Flag(name: .long, help: "Refuse every action; the same for every command.")
  var readOnly = false
}

/// How a command that prints from the cache reads and writes.
struct ReadingOptions: ParsableArguments {
  @Option(name: .shortAndLong, help: "text or json.")
  var output = ActionOptions.Format.text

  @Flag(name: .long, help: "From the cache alone, without a network.")
  var noSync = false

  @OptionGroup var connection: ConnectionOptions

  /// Runs a command on the cache after one reading of the platform, unless that is not wanted.
  func onSnapshot(_ body: (HeadlessSource, FleetSnapshot) throws -> Void) throws {
    try connection.onCache { source in
      if !noSync { source.report(try source.sync()) }
      try body(source, try source.snapshot())
    }
  }
}

/// How the screen looks.
struct AppearanceOptions: ParsableArguments {
  @Option(name: .long, help: "A theme by name, or a file.")
  var theme: String?

  @Flag(name: .long, help: "Draw with ASCII only.")
  var ascii = false

  @Flag(name: .long, help: "No colours; NO_COLOR does the same.")
  var noColor = false
}
