import ArgumentParser
import Foundation
import Store

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
        try SharedReading(store: source.store).insist("it tidies it itself; end it to prune here")
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
