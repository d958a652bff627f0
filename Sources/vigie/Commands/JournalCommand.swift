import ArgumentParser
import Console
import Domain
import Foundation
import Store

/// The journal of actions.
struct JournalCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "journal", abstract: "List, show or verify the journal of actions.",
    subcommands: [List.self, Show.self, Verify.self], defaultSubcommand: List.self)

  struct List: ParsableCommand {
    static let configuration = CommandConfiguration(
      abstract: "List what was done from here, newest first.")

    @Option(help: "At most so many entries.")
    var limit = 20

    @Option(name: .shortAndLong, help: "text or json.")
    var output = ActionOptions.Format.text

    @OptionGroup var connection: ConnectionOptions

    func validate() throws {
      guard (1...10_000).contains(limit) else {
        throw ValidationError("--limit must be between 1 and 10000")
      }
    }

    func run() throws {
      try connection.onCache { source in
        let entries = try Failures.stored { try source.store.journal(limit: limit) }
        let export = JournalExport(entries)
        switch output {
        case .json: print(ExportValue.list(export.records).json())
        case .text:
          print(ExportTable.columns(export.tableRecords, keys: JournalExport.tableKeys))
        }
      }
    }
  }

  struct Show: ParsableCommand {
    static let configuration = CommandConfiguration(
      abstract: "Show one entry with its exact calls.")

    @Argument(help: "The entry's number.")
    var number: Int64

    @Option(name: .shortAndLong, help: "text or json.")
    var output = ActionOptions.Format.text

    @OptionGroup var connection: ConnectionOptions

    func run() throws {
      try connection.onCache { source in
        guard let entry = try Failures.stored({ try source.store.journalEntry(number) }) else {
          Failures.print("the journal has no entry \(number); 'vigie journal list' names them")
          throw ExitStatus.usage
        }
        switch output {
        case .json: print(JournalExport.record(entry).json())
        case .text: print(JournalExport.text(entry))
        }
      }
    }
  }

  struct Verify: ParsableCommand {
    static let configuration = CommandConfiguration(
      abstract: "Check that no entry was changed or removed.")

    @Option(name: .shortAndLong, help: "text or json.")
    var output = ActionOptions.Format.text

    @OptionGroup var connection: ConnectionOptions

    func run() throws {
      try connection.onCache { source in
        let isIntact = try Failures.stored { try source.store.journalIsIntact() }
        let word = isIntact ? "whole, every entry follows from the one before" : "CHANGED"
        switch output {
        case .json: print(ExportValue.object([.init("is_whole", .bool(isIntact))]).json())
        case .text: print("journal: \(word)")
        }
        if !isIntact { throw ExitStatus.failure }
      }
    }
  }
}
