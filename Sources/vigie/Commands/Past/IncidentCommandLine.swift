import ArgumentParser
import Console
import Domain
import Foundation
import Store
import Terminal

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
      store: source.store, rules: source.rules, contextName: source.context.name, now: Date())
    return (export, incident)
  }
}
