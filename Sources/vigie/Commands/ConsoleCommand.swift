import ArgumentParser
import Domain
import Foundation
import Store
import Terminal

/// The console on a real account.
struct ConsoleCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "console", abstract: "Open the console (the default).")

  @OptionGroup var connection: ConnectionOptions
  @OptionGroup var appearance: AppearanceOptions

  func run() throws {
    Hardening.apply()
    try Failures.reported {
      let environment = ProcessInfo.processInfo.environment
      let setup = try Setup.load(environment: environment)
      let context = try setup.context(named: connection.context, environment: environment)
      let fingerprint = try FingerprintKey.load(paths: setup.paths)
      let log = LogFile(path: setup.paths.logFile)
      let session = try ConsoleSession(
        contextName: context.name, isReadOnly: connection.readOnly || context.isReadOnly,
        appearance: appearance, setup: setup, log: log)
      let store = try OpenStore.open(setup.paths.cache(of: context.name), context: context.name)
      try session.run(head: store.head(), now: Date()) {
        LiveSession(
          context: context, store: store, isReadOnly: connection.readOnly,
          fingerprint: fingerprint, log: OpenStore.logger(log), exports: setup.paths.exports,
          retention: setup.configuration.retention, rules: setup.rules
        ).source
      }
    }
  }
}

/// Opens a context's cache, with its errors as text.
enum OpenStore {
  static func open(_ folder: String, context: String) throws -> Store {
    do { return try Store(folder: folder, contextName: context) } catch {
      throw StoreErrorText(message: "\(folder): \(error.message)")
    }
  }
}
