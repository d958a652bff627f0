import Foundation

/// Where vigie's files are, by the XDG base directory rules.
///
/// A variable that is empty or relative counts as unset, as the rules say; `/tmp` is never used.
struct Paths: Equatable {
  let configuration: String
  let state: String

  init(environment: [String: String]) throws(ConfigurationError) {
    func base(_ variable: String, _ fallback: String) -> String? {
      if let value = environment[variable], value.hasPrefix("/") { return value }
      guard let home = environment["HOME"], home.hasPrefix("/") else { return nil }
      return home + "/" + fallback
    }
    guard let configuration = base("XDG_CONFIG_HOME", ".config"),
      let state = base("XDG_STATE_HOME", ".local/state")
    else {
      throw ConfigurationError(
        file: "environment", line: nil,
        problem:
          "HOME is not set to an absolute path; set it, or XDG_CONFIG_HOME and XDG_STATE_HOME")
    }
    self.configuration = configuration + "/vigie"
    self.state = state + "/vigie"
  }

  var configurationFile: String { configuration + "/config.toml" }
  var themes: String { configuration + "/themes" }
  var logFile: String { state + "/vigie.log" }

  /// Reports of incidents.
  var exports: String { state + "/exports" }

  func cache(of context: String) -> String { state + "/" + context }
}
