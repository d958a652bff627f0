import ArgumentParser
import Domain
import Foundation
import Platform
import Store
import Terminal

/// Says where everything is and what was chosen.
struct InfoCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "info", abstract: "Show paths, versions, contexts and terminal choices.")

  @OptionGroup var connection: ConnectionOptions

  func run() throws {
    try Failures.reported { try report() }
  }

  private func report() throws {
    let environment = ProcessInfo.processInfo.environment
    let setup = try Setup.load(environment: environment)
    var lines: [(String, String)] = [
      ("vigie", Vigie.version),
      ("SQLite", Store.libraryVersion),
      ("configuration", setup.paths.configurationFile + existence(setup.paths.configurationFile)),
      ("themes", setup.paths.themes),
      ("state", setup.paths.state),
      ("log", setup.paths.logFile),
    ]
    do {
      let context = try setup.context(named: connection.context, environment: environment)
      lines += [
        ("context", context.name + (context.isReadOnly ? " (read only)" : "")),
        ("platform", context.endpoint.description),
        ("credentials", context.credentialSource),
        ("GPU metrics", context.metrics?.endpoint.description ?? "no source configured"),
        ("cache", setup.paths.cache(of: context.name)),
      ]
    } catch {
      lines.append(("context", "\(error)"))
    }
    let book = setup.configuration.rules.policies
    lines.append(
      (
        "policies",
        book.defectSentence
          ?? (book.policies.isEmpty ? "none" : book.policies.map(\.name).joined(separator: ", "))
      ))
    let names = setup.configuration.contexts.map(\.name)
    lines.append(
      ("contexts", names.isEmpty ? "none in the configuration" : names.joined(separator: " ")))
    let terminal = TerminalCapabilities.detect(environment: environment)
    lines.append(("terminal", terminal.summary))
    let width = (lines.map { $0.0.count }.max() ?? 0) + 2
    for (label, value) in lines {
      print(label + String(repeating: " ", count: width - label.count) + Sanitizer.clean(value))
    }
  }

  private func existence(_ path: String) -> String {
    FileManager.default.fileExists(atPath: path) ? "" : " (none)"
  }
}
