import ArgumentParser

/// Which context to look at, and how carefully; the same for every command.
struct ConnectionOptions: ParsableArguments {
  @Option(name: .long, help: "The context of config.toml to use.")
  var context: String?

  @Flag(name: .long, help: "Refuse every action, whatever is pressed.")
  var readOnly = false
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
