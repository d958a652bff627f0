import ArgumentParser

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
      CacheCommand.self, InfoCommand.self, KeysCommand.self,
    ],
    defaultSubcommand: ConsoleCommand.self)

  static let version = "0.1.0"
}
