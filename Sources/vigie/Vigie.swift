import ArgumentParser
import Foundation

/// The root command; plain and synchronous, so that the console owns the real main thread.
@main
struct Vigie: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "vigie",
    abstract: "A lookout for clouds that serve AI models.",
    discussion: """
      Without a subcommand, vigie opens the console on the context of its configuration, of
      KOYEB_TOKEN and KOYEB_URL, or of ~/.koyeb.yaml. Nothing at hand? Try 'vigie demo'.
      """,
    version: version,
    subcommands: [
      ConsoleCommand.self, DemoCommand.self, SimulateCommand.self, RenderCommand.self,
      GetCommand.self, SyncCommand.self, ChangesCommand.self, TimelineCommand.self,
      IncidentCommandLine.self, RecordCommand.self, ReplayCommand.self, JournalCommand.self,
      CacheCommand.self, InfoCommand.self, PolicyCommand.self, KeysCommand.self,
      ScaleCommand.self,
      ReleaseCommand.self, RollbackCommand.self, RestartCommand.self, PauseCommand.self,
      ResumeCommand.self, CancelCommand.self, UndoCommand.self, HistoryCommand.self,
      StatusCommand.self, WaitCommand.self, WatchCommand.self, HandoverCommand.self,
      CompletionsCommand.self,
    ],
    defaultSubcommand: ConsoleCommand.self)

  static let version = "0.1.0"

  /// A command line that cannot be understood ends with the status that every other usage error has.
  static func main() {
    do {
      let words = Array(CommandLine.arguments.dropFirst())
      var command = try parseAsRoot(CommandLineWords.plain(words))
      try command.run()
    } catch {
      guard exitCode(for: error) == .validationFailure else { exit(withError: error) }
      FileHandle.standardError.write(Data((fullMessage(for: error) + "\n").utf8))
      Foundation.exit(ExitStatus.usage.rawValue)
    }
  }
}
