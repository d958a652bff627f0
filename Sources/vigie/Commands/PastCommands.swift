import ArgumentParser
import Console
import Domain
import Engine
import Foundation
import Store
import Terminal

/// Which instant a command is to tell of.
struct PastOptions: ParsableArguments {
  @Option(
    parsing: .unconditional,
    help: "As it was at this instant, from the cache: -15m, 03:12 or 2026-08-21T03:12Z, UTC.")
  var at: String?

  /// Nil is now.
  func instant() throws -> Date? {
    guard let at else { return nil }
    return try Self.parse(at, "--at")
  }

  static func parse(_ text: String, _ option: String) throws -> Date {
    let now = Date()
    guard let instant = TimeExpression.instant(text, now: now) else {
      throw ValidationError("\(option): '\(text)' is no time; try -15m, 03:12, 2026-08-21T03:12Z")
    }
    guard instant <= now else { throw ValidationError("\(option): that is in the future") }
    return instant
  }

  /// Ends a command that was asked for an instant of which nothing is known.
  static func check(_ snapshot: FleetSnapshot) throws {
    guard case .gap(let from, let until) = snapshot.recording else { return }
    let start = from.map(WireClock.text) ?? "the beginning"
    let end = until.map(WireClock.text) ?? "now"
    throw StoreErrorText(message: "not recorded: nothing was read between \(start) and \(end)")
  }
}

/// What differs between two instants.
struct ChangesCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "changes", abstract: "Print what differs between two instants.")

  @Argument(help: "A deployment's name; all when it is left out.")
  var deployment: String?

  @Option(
    parsing: .unconditional, help: "The earlier instant: -1h, 03:12 or 2026-08-21T03:12Z, UTC.")
  var since = "-1h"

  @Option(parsing: .unconditional, help: "The later instant.")
  var until = "now"

  @Option(name: .shortAndLong, help: "table or json.")
  var output = "table"

  @OptionGroup var connection: ConnectionOptions

  func run() throws {
    Hardening.apply()
    try Failures.reported {
      let source = try HeadlessSource(connection: connection)
      let from = try PastOptions.parse(since, "--since")
      let to = try PastOptions.parse(until, "--until")
      let feed = PastFeed(store: source.store)
      let end = try Failures.stored { try feed.snapshot(at: to) }
      try PastOptions.check(end)
      try PastOptions.check(try Failures.stored { try feed.snapshot(at: from) })
      var id: WorkloadID?
      if let deployment {
        id = end.workloads.first { $0.name == deployment }?.id
        guard id != nil else {
          Failures.print("no deployment is named '\(deployment)'")
          throw ExitStatus.usage
        }
      }
      let changes = try Failures.stored { try feed.changes(from: from, to: to, of: id) }
      guard output == "json" else {
        for change in changes { print(Sanitizer.clean("\(change.subject)  \(change.text)")) }
        return
      }
      let records = changes.map { change in
        ExportValue.object([
          .init("deployment", .text(change.subject)), .init("what", .text(change.what)),
          .init("from", .optional(change.old) { .text($0) }),
          .init("to", .optional(change.new) { .text($0) }),
        ])
      }
      print(ExportValue.list(records).json())
    }
  }
}

/// What happened, on one line.
struct TimelineCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "timeline", abstract: "Print what happened, oldest first.")

  @Argument(help: "Words that must all be found: a kind, a deployment, region:fra.")
  var words: [String] = []

  @Option(parsing: .unconditional, help: "From when on.")
  var since = "-1h"

  @OptionGroup var connection: ConnectionOptions

  func run() throws {
    Hardening.apply()
    try Failures.reported {
      let source = try HeadlessSource(connection: connection)
      let from = try PastOptions.parse(since, "--since")
      let timeline = try Failures.stored { try source.store.timeline(in: from...Date()) }
      let list = TimelineList(
        filter: words.joined(separator: " "), span: timeline.span, timeline: timeline)
      for entry in list.entries.reversed() { print(list.text(of: entry)) }
    }
  }
}

/// The record of incidents.
struct IncidentCommandLine: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "incident", abstract: "List incidents, show one, or write its report.",
    subcommands: [List.self, Show.self, Export.self], defaultSubcommand: List.self)

  struct List: ParsableCommand {
    static let configuration = CommandConfiguration(abstract: "List incidents, newest first.")

    @OptionGroup var connection: ConnectionOptions

    func run() throws {
      try Failures.reported {
        let source = try HeadlessSource(connection: connection)
        for incident in try Failures.stored({ try source.store.incidents() }) {
          let end = incident.endedAt.map(WireClock.text) ?? "open"
          print(
            "\(incident.id)  \(WireClock.text(incident.startedAt))  \(end)  "
              + Sanitizer.clean(incident.title))
        }
      }
    }
  }

  struct Show: ParsableCommand {
    static let configuration = CommandConfiguration(abstract: "Print an incident's report.")

    @Argument(help: "The incident's number.")
    var id: Int64

    @Option(name: .shortAndLong, help: "md or json.")
    var output = "md"

    @OptionGroup var connection: ConnectionOptions

    func run() throws {
      try Failures.reported {
        let format = try format(output)
        let (export, incident) = try find(id, connection)
        print(try Failures.stored { try export.text(incident, format: format) })
      }
    }
  }

  struct Export: ParsableCommand {
    static let configuration = CommandConfiguration(
      abstract: "Write an incident's report to a private file.")

    @Argument(help: "The incident's number.")
    var id: Int64

    @Option(name: .shortAndLong, help: "md or json.")
    var output = "md"

    @OptionGroup var connection: ConnectionOptions

    func run() throws {
      try Failures.reported {
        let format = try format(output)
        let (export, incident) = try find(id, connection)
        let setup = try Setup.load(environment: ProcessInfo.processInfo.environment)
        print(try export.write(incident, format: format, folder: setup.paths.exports))
      }
    }
  }

  private static func format(_ text: String) throws -> IncidentExport.Format {
    guard let format = IncidentExport.Format(rawValue: text) else {
      Failures.print("-o: no format '\(text)'; there are md and json")
      throw ExitStatus.usage
    }
    return format
  }

  private static func find(
    _ id: Int64, _ connection: ConnectionOptions
  ) throws -> (IncidentExport, Incident) {
    let source = try HeadlessSource(connection: connection)
    let all = try Failures.stored { try source.store.incidents() }
    guard let incident = all.first(where: { $0.id == id }) else {
      Failures.print("there is no incident \(id); 'vigie incident list' names them")
      throw ExitStatus.usage
    }
    let export = IncidentExport(
      store: source.store, contextName: source.context.name, now: Date())
    return (export, incident)
  }
}

/// Writes a part of the cache to a file that can be handed over.
struct RecordCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "record", abstract: "Write what is known of a span to a file for replay.",
    discussion: "The file holds no secret: the cache holds none.")

  @Argument(help: "The file to write; it must not be there yet.")
  var file: String

  @Option(parsing: .unconditional, help: "From when on.")
  var since = "-2h"

  @Option(parsing: .unconditional, help: "Until when; the newest when it is left out.")
  var until: String?

  @OptionGroup var connection: ConnectionOptions

  func run() throws {
    Hardening.apply()
    try Failures.reported {
      guard !FileManager.default.fileExists(atPath: file) else {
        Failures.print("\(file) is there already; choose another name")
        throw ExitStatus.usage
      }
      let source = try HeadlessSource(connection: connection)
      let now = Date()
      let from = try PastOptions.parse(since, "--since")
      guard let known = try Failures.stored({ try source.store.recordedSpan() }),
        known.upperBound > from
      else {
        throw StoreErrorText(message: "nothing is recorded of that time; run the console first")
      }
      let wanted = try until.map { try PastOptions.parse($0, "--until") } ?? known.upperBound
      guard wanted > from else {
        Failures.print("--until must be later than --since")
        throw ExitStatus.usage
      }
      let span = max(from, known.lowerBound)...max(min(wanted, known.upperBound), from)
      try Failures.stored { try source.store.record(to: file, span: span, writtenAt: now) }
      print(
        "\(file): \(WireClock.text(span.lowerBound)) to \(WireClock.text(span.upperBound)); "
          + "open it with 'vigie replay \(file)'")
    }
  }
}

/// The console on a recording: no network, no actions, a clock that can stop.
struct ReplayCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "replay", abstract: "Open a recording in the console.",
    discussion: "space stops and goes on, arrows step, , and . go from event to event.")

  @Argument(help: "A file that 'vigie record' wrote.")
  var file: String

  @Option(help: "Seconds that pass in one.")
  var speed = 10.0

  @Option(
    parsing: .unconditional,
    help: "Where to begin: 03:12 or 2026-08-21T03:12Z, UTC; its start when left out.")
  var from: String?

  @OptionGroup var appearance: AppearanceOptions

  func validate() throws {
    guard speed > 0, speed <= 10_000 else {
      throw ValidationError("--speed must be above 0 and at most 10000")
    }
  }

  func run() throws {
    Hardening.apply()
    try Failures.reported {
      let setup = try Setup.load(environment: ProcessInfo.processInfo.environment)
      let store = try Failures.stored { try Store(recordingAt: file) }
      guard let span = try Failures.stored({ try store.recordedSpan() }) else {
        throw StoreErrorText(message: "\(file) holds no readings")
      }
      var start = span.lowerBound
      if let from {
        guard let instant = TimeExpression.instant(from, now: span.upperBound),
          span.contains(instant)
        else {
          Failures.print(
            "--from must be between \(WireClock.text(span.lowerBound)) and "
              + WireClock.text(span.upperBound))
          throw ExitStatus.usage
        }
        start = instant
      }
      var session = try ConsoleSession(
        contextName: store.contextName, isReadOnly: true, appearance: appearance, setup: setup,
        log: nil)
      session.replaySpeed = speed
      var past = PastState(instant: start, live: nil, liveNow: span.upperBound)
      past.span = span
      past.speed = speed
      let now: @Sendable () -> Date = { Date() }
      var services = ConsoleServices.still(now: now)
      services.history =
        HistoryServices(
          store: store, folder: setup.paths.exports, contextName: store.contextName, now: now
        ).services
      let source = ConsoleSession.Source(services: services, run: {}, close: {})
      try session.run(head: nil, now: Date(), past: past) { source }
    }
  }
}

/// What the cache holds, and whether it is whole.
struct CacheCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "cache", abstract: "Look after the cache.",
    subcommands: [Stats.self, Prune.self, Check.self], defaultSubcommand: Stats.self)

  struct Stats: ParsableCommand {
    static let configuration = CommandConfiguration(abstract: "Print sizes, rows and times.")

    @OptionGroup var connection: ConnectionOptions

    func run() throws {
      try Failures.reported {
        let source = try HeadlessSource(connection: connection)
        for line in try Failures.stored({ try source.store.statistics() }) {
          print("\(line.name): \(line.value)")
        }
      }
    }
  }

  struct Prune: ParsableCommand {
    static let configuration = CommandConfiguration(
      abstract: "Drop now what is older than the configuration keeps.")

    @OptionGroup var connection: ConnectionOptions

    func run() throws {
      try Failures.reported {
        let source = try HeadlessSource(connection: connection)
        let retention = source.setup.configuration.retention
        var steps = 0
        while try Failures.stored({ try source.store.tidy(retention, now: Date()) }),
          steps < 100_000
        { steps += 1 }
        print("pruned in \(steps + 1) steps")
      }
    }
  }

  struct Check: ParsableCommand {
    static let configuration = CommandConfiguration(
      abstract: "Check that the cache and the journal are whole.")

    @OptionGroup var connection: ConnectionOptions

    func run() throws {
      try Failures.reported {
        let source = try HeadlessSource(connection: connection)
        let isWhole = try Failures.stored { try source.store.isWhole() }
        let isIntact = try Failures.stored { try source.store.journalIsIntact() }
        print("cache: \(isWhole ? "whole" : "DAMAGED")")
        print("journal: \(isIntact ? "whole, every entry follows from the one before" : "CHANGED")")
        if !isWhole || !isIntact { throw ExitStatus.failure }
      }
    }
  }
}
