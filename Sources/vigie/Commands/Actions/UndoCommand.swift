import ArgumentParser
import Console
import Domain
import Foundation
import Store
import Terminal

/// What takes a journalled action back, as an action of its own.
struct UndoCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "undo", abstract: "Take an action of the journal back: the plan first.",
    discussion: """
      The opposite of what was done is planned, shown and confirmed as every other action: what was \
      scaled gets its former counts, what was deployed the revision that served before, what was \
      paused is resumed. 'vigie journal list' has the numbers.

      \(ExitStatus.ofActions)
      """)

  @Argument(help: ArgumentHelp("The journal's number of the action.", valueName: "journal-id"))
  var number: Int64

  @OptionGroup var options: ActionOptions

  func run() throws {
    try options.connection.inSession { session in
      let store = session.source.store
      guard let entry = try Failures.stored({ try store.journalEntry(number) }) else {
        Failures.print("the journal has no entry \(number); 'vigie journal list' names them")
        throw ExitStatus.usage
      }
      switch UndoChoice.inverse(of: entry) {
      case .impossible(let reason):
        if options.output == .json { print(ActionExport.cannotUndo(entry, reason).json()) }
        Failures.print("undo \(number): refused, \(reason)")
        throw ExitStatus.refused
      case .request(let request):
        _ = try session.find(entry.workloadID.rawValue)
        let later = try Failures.stored { try store.journal(limit: 1000) }
          .filter { $0.id > number && $0.workloadID == entry.workloadID }
        tell(of: entry, later: later)
        try ActionConversation(session: session, options: options, undone: entry).carryOut(request)
      }
    }
  }

  /// What is taken back, and what was done to the same deployment since.
  private func tell(of entry: JournalEntry, later: [JournalEntry]) {
    var lines = [
      "takes back journal entry \(entry.id): \(entry.request.verb) \(entry.workloadName) "
        + "\(entry.summary), \(entry.outcome?.exportName ?? "no outcome"), "
        + "\(Formatting.age(from: entry.at, to: Date())) ago"
    ]
    if !later.isEmpty {
      let names = later.reversed().map { "\($0.id) \($0.request.verb)" }
      lines.append("since then: " + names.joined(separator: ", "))
    }
    for line in lines {
      if options.output == .text { print(Sanitizer.clean(line)) } else { ProgressLine.print(line) }
    }
  }
}
