import ArgumentParser
import Console
import Domain
import Foundation
import Store
import Terminal

/// Opens the screen on a session and runs the loop on this, the main, thread.
struct ConsoleSession {
  let contextName: String
  let isReadOnly: Bool
  let theme: Theme
  let glyphs: GlyphSet
  let capabilities: TerminalCapabilities
  let log: LogFile?
  var replaySpeed = 10.0
  var clockSpeed = 1.0

  init(
    contextName: String, isReadOnly: Bool, appearance: AppearanceOptions, setup: Setup,
    log: LogFile?
  ) throws {
    var capabilities = TerminalCapabilities.detect(environment: ProcessInfo.processInfo.environment)
    if appearance.noColor { capabilities.allowsColor = false }
    if appearance.ascii || setup.configuration.ascii == true { capabilities.glyphs = .ascii }
    if let obstacle = capabilities.obstacle() {
      Failures.print("\(obstacle.message); try 'vigie render' or 'vigie get deployments'")
      throw ExitStatus.usage
    }
    self.contextName = contextName
    self.isReadOnly = isReadOnly
    self.capabilities = capabilities
    glyphs = capabilities.glyphs
    theme = try ThemeChoice(appearance: appearance, setup: setup).theme(capabilities)
    self.log = log
  }

  /// What the console is run on.
  struct Source: Sendable {
    var services: ConsoleServices
    var run: @Sendable () async -> Void
    var close: @Sendable () async -> Void
  }

  /// Paints what is known at once, then begins, and returns when the person leaves.
  func run(
    head: FleetSnapshot?, now: Date, past: PastState? = nil, begin: () throws -> Source
  ) throws {
    let doorbell = Doorbell()
    let screen: NcursesScreen
    do {
      screen = try NcursesScreen(capabilities: capabilities, doorbell: doorbell)
    } catch {
      Failures.print(error.message)
      throw ExitStatus.usage
    }
    defer { screen.close() }
    log?.takeStandardError()
    var setting = ConsoleState.Setting(
      contextName: contextName, isReadOnly: isReadOnly, theme: theme, glyphs: glyphs,
      notice: capabilities.notice)
    setting.replaySpeed = replaySpeed
    setting.clockSpeed = clockSpeed
    var state = ConsoleState(setting: setting, size: screen.size, now: now)
    if let head { _ = update(&state, with: .fleet(head)) }
    state.past = past
    // The first picture is on the screen before a connection is opened.
    _ = screen.present(draw(state, in: screen.size), cursor: nil)
    let source = try begin()
    let work = Task { await source.run() }
    let loop = ConsoleLoop(
      state: state, screen: screen, mailbox: Mailbox(doorbell: doorbell),
      services: source.services)
    if let past { loop.begin(with: [.look(past.instant, nil), .readTimeline(past.span)]) }
    loop.run()
    screen.close()
    // The screen is back already; what is under way ends with its connection.
    work.cancel()
    try blocking { await source.close() }
  }
}

extension LiveSession {
  /// As the console takes it.
  var source: ConsoleSession.Source {
    ConsoleSession.Source(
      services: services(), run: { await self.run() }, close: { await self.close() })
  }
}

/// Which theme the options, the configuration and the terminal ask for.
struct ThemeChoice {
  let appearance: AppearanceOptions
  let setup: Setup

  func theme(_ capabilities: TerminalCapabilities) throws -> Theme {
    guard capabilities.allowsColor else { return .monochrome }
    guard let name = appearance.theme ?? setup.configuration.theme else { return .standard }
    let library = ThemeLibrary(paths: setup.paths, executable: CommandLine.arguments[0])
    do {
      guard let file = try library.theme(name) else {
        if name == ThemeLibrary.compiledIn { return .standard }
        throw ConfigurationError(
          file: "theme", line: nil, problem: "'\(name)' is not a theme; see \(setup.paths.themes)")
      }
      return try Theme(name: file.name, roles: file.roles)
    } catch {
      Failures.print("\(error)")
      throw ExitStatus.usage
    }
  }
}

/// Says on standard error why a command cannot go on: one clean line.
enum Failures {
  static func print(_ message: String) {
    FileHandle.standardError.write(Data(("vigie: " + Sanitizer.clean(message) + "\n").utf8))
  }

  /// A store's error as one that ends a command with its sentence.
  static func stored<Value>(_ body: () throws -> Value) throws -> Value {
    do { return try body() } catch let error as StoreError {
      throw StoreErrorText(message: error.message)
    }
  }

  /// Runs a command's body; what is wrong with files and stores becomes one line and a status.
  static func reported<Value>(_ body: () throws -> Value) throws -> Value {
    do {
      return try body()
    } catch let error as ConfigurationError {
      print(error.description)
      throw ExitStatus.usage
    } catch let error as StoreErrorText {
      print(error.message)
      throw ExitStatus.failure
    }
  }
}

/// A store's error on its way out of a command.
struct StoreErrorText: Error {
  let message: String
}
