import Domain
import FoundationEssentials

/// A command as it is typed after `:`.
enum PromptCommand: Equatable {
  case at(Date)
  case now
  case changes(from: Date, name: String?)
  case timeline(String)
  case incident(IncidentCommand)
  case open(String)
  case scale(String?)
  case rollback(String?)
  /// Another action, on the deployment of that name or on what is chosen.
  case act(RowAction, String?)
  /// The entry of the journal with that number, or the newest that can be taken back.
  case undo(Int64?)
  /// Seconds of a recording that pass in one.
  case speed(Double)
  case policy(String?)
  case journal, help, refresh, quit

  struct Problem: Error, Equatable {
    var text: String
  }

  /// What can be typed, with what it does; the prompt's help.
  static let forms: [(form: String, help: String)] = [
    ("at -15m", "time mode: -1h30m, 03:12, 2026-08-21T03:12Z, now"),
    ("changes -1h [DEPLOYMENT]", "what differs between then and now"),
    ("timeline [WORDS]", "everything that happened; kind:scaling region:fra workload:NAME"),
    ("incident start TITLE", "begin the record of an incident"),
    ("incident mark TEXT", "add a note to it"),
    ("incident end", "end it"),
    ("incident export", "write its report"),
    ("open DEPLOYMENT", "its page"),
    ("scale [DEPLOYMENT]", "preview a scaling"),
    ("rollback [DEPLOYMENT]", "preview a rollback"),
    ("restart [DEPLOYMENT]", "preview a restart; of the marked ones without a name"),
    ("pause [DEPLOYMENT]", "preview a pause"),
    ("resume [DEPLOYMENT]", "preview its end"),
    ("cancel [DEPLOYMENT]", "preview the end of a rollout that does not serve yet"),
    ("release [DEPLOYMENT]", "preview that the autoscaler decides again"),
    ("undo [NUMBER]", "preview what takes the last action, or a journal entry, back"),
    ("speed 10", "in a replay: seconds that pass in one"),
    ("policy [DEPLOYMENT]", "which rules hold, why, and what is frozen"),
    ("journal", "what was done"),
    ("refresh", "read again now"),
    ("help", "the keys"),
    ("quit", "leave"),
  ]

  /// The rest of the first form that goes on from what was typed.
  static func completion(of text: String) -> String {
    guard !text.isEmpty, let form = forms.first(where: { $0.form.hasPrefix(text) })?.form else {
      return ""
    }
    return String(form.dropFirst(text.count))
  }

  static func parse(_ text: String, now: Date) throws(Problem) -> PromptCommand {
    let words = text.split(separator: " ", omittingEmptySubsequences: true).map(String.init)
    guard let verb = words.first else { throw Problem(text: "type a command, or esc") }
    let rest = words.dropFirst().joined(separator: " ")
    switch verb {
    case "at": return try at(rest, now: now)
    case "now": return .now
    case "changes", "diff":
      guard let first = words.dropFirst().first, let from = TimeExpression.instant(first, now: now)
      else { throw Problem(text: "changes since when? such as: changes -1h") }
      return .changes(from: from, name: words.count > 2 ? words[2] : nil)
    case "timeline", "tl": return .timeline(rest)
    case "incident", "inc": return try incident(Array(words.dropFirst()))
    case "open": return .open(rest)
    case "scale": return .scale(rest.isEmpty ? nil : rest)
    case "rollback": return .rollback(rest.isEmpty ? nil : rest)
    case "restart": return .act(.restart, rest.isEmpty ? nil : rest)
    case "pause": return .act(.pause, rest.isEmpty ? nil : rest)
    case "resume": return .act(.resume, rest.isEmpty ? nil : rest)
    case "cancel": return .act(.cancelRollout, rest.isEmpty ? nil : rest)
    case "release": return .act(.release, rest.isEmpty ? nil : rest)
    case "undo":
      guard !rest.isEmpty else { return .undo(nil) }
      guard let number = Int64(rest) else {
        throw Problem(text: "undo which? a number of the journal, or nothing for the last")
      }
      return .undo(number)
    case "speed":
      guard let speed = Double(rest), speed > 0, speed <= 10_000 else {
        throw Problem(text: "speed must be a number above 0 and at most 10000")
      }
      return .speed(speed)
    case "policy": return .policy(rest.isEmpty ? nil : rest)
    case "journal": return .journal
    case "refresh": return .refresh
    case "help", "?": return .help
    case "q", "quit": return .quit
    default: throw Problem(text: "no command '\(verb)'; esc closes, ? lists keys and commands")
    }
  }

  private static func at(_ text: String, now: Date) throws(Problem) -> PromptCommand {
    guard let instant = TimeExpression.instant(text, now: now) else {
      throw Problem(text: "'\(text)' is no time; try -15m, 03:12 or 2026-08-21T03:12Z")
    }
    guard instant <= now else { throw Problem(text: "that is in the future") }
    return instant == now ? .now : .at(instant)
  }

  private static func incident(_ words: [String]) throws(Problem) -> PromptCommand {
    let rest = words.dropFirst().joined(separator: " ")
      .filter { $0 != "\"" }
    switch words.first {
    case "start":
      guard !rest.isEmpty else { throw Problem(text: "give it a title: incident start TITLE") }
      return .incident(.start(rest))
    case "mark", "note":
      guard !rest.isEmpty else { throw Problem(text: "write what is to be noted") }
      return .incident(.mark(rest))
    case "end": return .incident(.end)
    case "export": return .incident(.export)
    default: throw Problem(text: "incident start TITLE, mark TEXT, end or export")
    }
  }
}
