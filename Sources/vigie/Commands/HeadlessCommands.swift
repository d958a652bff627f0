import ArgumentParser
import Console
import Domain
import Engine
import Foundation
import Logging
import Store
import Terminal

/// Where the commands that print get their facts: the cache, after one reading of the platform.
struct HeadlessSource {
  let setup: Setup
  let context: ResolvedContext
  let store: Store
  let log: LogFile?

  /// As they were at the start of the command.
  var rules: @Sendable () -> Rulebook { setup.rules }

  init(connection: ConnectionOptions) throws {
    let environment = ProcessInfo.processInfo.environment
    setup = try Setup.load(environment: environment)
    context = try setup.context(named: connection.context, environment: environment)
    log = LogFile(path: setup.paths.logFile)
    let fileCache = setup.paths.cache(of: context.name)
    store = try OpenStore.open(fileCache, context: context.name)
  }

  /// Reads the platform once, or takes what another vigie has read; the report says what was whole.
  func sync(only chosen: Set<SyncResource>? = nil) throws -> SyncReport {
    if let report = try SharedReading(store: store).report(of: chosen) { return report }
    let session = try live(isReadOnly: true)
    return try blocking {
      let report = await session.engine.syncOnce(only: chosen)
      await session.close()
      return report
    }
  }

  /// A session with the platform on the same cache; whoever asks for it closes it.
  func live(isReadOnly: Bool) throws -> LiveSession {
    LiveSession(
      context: context, store: store, isReadOnly: isReadOnly,
      fingerprint: try FingerprintKey.load(paths: setup.paths), log: OpenStore.logger(log),
      exports: setup.paths.exports, rules: rules)
  }

  /// As it is now, or as it was known at an instant of the past.
  func snapshot(at instant: Date? = nil) throws -> FleetSnapshot {
    let now = Date()
    if let instant {
      return try Failures.stored { try PastFeed(store: store, rules: rules).snapshot(at: instant) }
    }
    do {
      return FleetAssembler(rules: rules()).snapshot(from: try store.facts(now: now), now: now)
    } catch {
      throw StoreErrorText(message: error.message)
    }
  }

  func detail(of id: WorkloadID, at instant: Date? = nil) throws -> WorkloadDetail? {
    let now = Date()
    if let instant {
      return try Failures.stored {
        try PastFeed(store: store, rules: rules).detail(of: id, at: instant)
      }
    }
    do {
      return FleetAssembler(rules: rules()).detail(
        of: id, from: try store.facts(now: now), more: try store.workloadFacts(of: id), now: now)
    } catch {
      throw StoreErrorText(message: error.message)
    }
  }

  /// What the scrub line shows of an instant.
  func past(at instant: Date) throws -> PastState {
    var past = PastState(instant: instant, live: nil, liveNow: Date())
    past.shown = instant
    past.timeline = try Failures.stored { try store.timeline(in: past.span) }
    return past
  }

  /// Tells what was not whole, without ending the command: what is known is still printed.
  func report(_ report: SyncReport) {
    for line in report.lines {
      if let failure = line.failure { Failures.print("\(line.resource.rawValue): \(failure)") }
    }
  }
}

/// Prints facts as a table, JSON or CSV.
struct GetCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "get", abstract: "Print deployments, GPUs, costs, budgets, events or findings.")

  enum Format: String, ExpressibleByArgument, CaseIterable {
    case table, json, csv
  }

  @Argument(help: "deployments, gpus, costs, budgets, events or findings.")
  var kind: String

  @Option(name: .shortAndLong, help: "table, json or csv.")
  var output = Format.table

  @Flag(name: .long, help: "From the cache alone, without a network.")
  var noSync = false

  @OptionGroup var connection: ConnectionOptions
  @OptionGroup var past: PastOptions

  func validate() throws {
    guard ExportKind(rawValue: kind) != nil else {
      throw ValidationError(
        "no '\(kind)'; there are " + ExportKind.allCases.map(\.rawValue).joined(separator: ", "))
    }
  }

  func run() throws {
    Hardening.apply()
    try Failures.reported {
      guard let kind = ExportKind(rawValue: kind) else { throw ExitStatus.usage }
      let source = try HeadlessSource(connection: connection)
      let instant = try past.instant()
      if !noSync, instant == nil { source.report(try source.sync()) }
      let snapshot = try source.snapshot(at: instant)
      try PastOptions.check(snapshot)
      let records = FleetExport(snapshot).records(kind)
      switch output {
      case .json: print(ExportValue.list(records).json())
      case .csv: print(ExportTable.csv(records))
      case .table: print(ExportTable.columns(records, keys: kind.tableKeys))
      }
    }
  }
}

/// Reads everything once and says what it did.
struct SyncCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "sync", abstract: "Read everything once into the cache.",
    discussion: "Exit status 0 only if every sweep was whole, 1 otherwise.")

  @Flag(name: .long, help: "Read once and end; the only way there is, and so may be left out.")
  var once = false

  @Option(help: "Only this list; may be given several times.")
  var only: [String] = []

  @OptionGroup var connection: ConnectionOptions

  func validate() throws {
    for name in only where SyncResource(rawValue: name) == nil {
      throw ValidationError(
        "no list '\(name)'; there are "
          + SyncResource.allCases.map(\.rawValue).joined(separator: ", "))
    }
  }

  func run() throws {
    Hardening.apply()
    try Failures.reported {
      let source = try HeadlessSource(connection: connection)
      let chosen = only.isEmpty ? nil : Set(only.compactMap { SyncResource(rawValue: $0) })
      try SharedReading(store: source.store).insist(
        "it keeps it up to date; end it to sync from here")
      let report = try source.sync(only: chosen)
      let snapshot = try source.snapshot()
      for line in report.lines {
        print("\(line.resource.rawValue): \(Sanitizer.clean(line.failure ?? "whole"))")
      }
      print(
        "\(snapshot.workloadCount) deployments, \(snapshot.accelerators.rows.count) GPUs, "
          + "\(snapshot.findings.count) findings in the cache")
      if !report.isWhole { throw ExitStatus.failure }
    }
  }
}

/// One frame of the console as text.
struct RenderCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "render", abstract: "Print one frame of the console.")

  enum Format: String, ExpressibleByArgument, CaseIterable {
    case text, ansi
  }

  @Option(help: "Columns and rows, such as 120x40.")
  var size = "120x40"

  @Option(help: "overview, deployments, gpu, cost, autoscaler, or a deployment's name.")
  var screen = "overview"

  @Option(help: "text or ansi.")
  var format = Format.text

  @Flag(name: .long, help: "From the cache alone, without a network.")
  var noSync = false

  @OptionGroup var connection: ConnectionOptions
  @OptionGroup var appearance: AppearanceOptions
  @OptionGroup var past: PastOptions

  func validate() throws { _ = try parsedSize() }

  private func parsedSize() throws -> Size {
    let parts = size.split(separator: "x").compactMap { Int($0) }
    guard parts.count == 2, (1...1000).contains(parts[0]), (1...1000).contains(parts[1]) else {
      throw ValidationError("--size must be like 120x40, between 1x1 and 1000x1000")
    }
    return Size(width: parts[0], height: parts[1])
  }

  func run() throws {
    Hardening.apply()
    try Failures.reported {
      let source = try HeadlessSource(connection: connection)
      let instant = try past.instant()
      if !noSync, instant == nil { source.report(try source.sync()) }
      var capabilities = TerminalCapabilities.detect(
        environment: ProcessInfo.processInfo.environment)
      if appearance.ascii { capabilities.glyphs = .ascii }
      if appearance.noColor { capabilities.allowsColor = false }
      let theme = try ThemeChoice(appearance: appearance, setup: source.setup).theme(capabilities)
      let setting = ConsoleState.Setting(
        contextName: source.context.name,
        isReadOnly: connection.readOnly || source.context.isReadOnly, theme: theme,
        glyphs: appearance.ascii ? .ascii : .unicode)
      let snapshot = try source.snapshot(at: instant)
      let frame = try HeadlessFrame(
        setting: setting, size: try parsedSize(), snapshot: snapshot,
        past: try instant.map { try source.past(at: $0) },
        detail: { try source.detail(of: $0, at: instant) }
      ).frame(screen)
      guard let frame else {
        Failures.print("no screen and no deployment is named '\(screen)'")
        throw ExitStatus.usage
      }
      print(format == .ansi ? frame.ansi() : frame.plainText())
    }
  }
}

/// Prints the key table of the README.
struct KeysCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "keys", abstract: "Print the key table as Markdown.")

  @OptionGroup var careful: ReadOnlyOption

  func run() { print(Keymap.standard.markdown) }
}
