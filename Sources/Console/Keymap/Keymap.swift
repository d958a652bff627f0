package import Terminal

/// The table of keys: help, key line and README are printed from it.
package struct Keymap: Sendable {
  /// One meaning, with all keys that have it.
  package struct Row: Sendable {
    package let keys: [Key]
    package let intent: Intent
    /// In the help, as a sentence without a full stop.
    package let help: String
    /// In the key line; nil for what is not shown there.
    package let short: String?
  }

  package let rows: [Row]
  private let table: [Key: Intent]

  package static let standard = Keymap(rows: [
    Row([.character("1")], .focus(.findings), "go to the findings"),
    Row([.character("2")], .focus(.deployments), "go to the deployments"),
    Row([.character("3")], .focus(.gpu), "go to the GPUs"),
    Row([.character("4")], .focus(.cost), "go to the costs"),
    Row([.character("5")], .focus(.autoscaler), "go to the autoscaler"),
    Row([.tab], .nextPane, "next pane"),
    Row([.backTab], .previousPane, "previous pane"),
    Row([.character("z"), .character("+")], .zoom, "zoom the pane, or back", short: "zoom"),
    Row([.down, .character("j")], .move(1), "down"),
    Row([.up, .character("k")], .move(-1), "up"),
    Row([.pageDown, .control("f")], .page(1), "a page down"),
    Row([.pageUp, .control("b")], .page(-1), "a page up"),
    Row([.home, .character("g")], .first, "to the first row"),
    Row([.end, .character("G")], .last, "to the last row"),
    Row([.enter], .open, "open the deployment"),
    Row([.character("/")], .filter, "filter the list, or the timeline", short: "filter"),
    Row([.control("u")], .clearFilter, "clear the filter"),
    Row([.character("o")], .sort, "next sort order"),
    Row([.character("O")], .reverseSort, "reverse the order"),
    Row([.character("N")], .sortBy(.name), "sort by name"),
    Row([.character("C")], .sortBy(.cost), "sort by cost"),
    Row([.character("W")], .sortBy(.worst), "sort worst first"),
    Row([.character("n")], .nextFinding, "to the next finding's deployment", short: "next"),
    Row([.character("!")], .findings, "zoom the findings"),
    Row([.character("s")], .scale, "scale: preview first, nothing is sent yet", short: "scale"),
    Row(
      [.control("l")], .rollback, "roll back: preview first, nothing is sent yet", short: "rollback"
    ),
    Row([.character("r")], .restart, "restart: preview first, nothing is sent yet"),
    Row(
      [.character("U")], .undo,
      "undo what was done last to the deployment, or else to any: preview first"
    ),
    Row(
      [.character("a")], .actions,
      "all actions for the deployment or the marked ones, with what stands in the way"),
    Row(
      [.character(" ")], .toggleMark, "mark the deployment, or unmark; in a replay: stop, or go on"),
    Row([.character("v")], .markRange, "mark a range: move to extend it, v again ends it"),
    Row([.control("\\")], .clearMarks, "clear all marks"),
    Row([.character("T")], .timeMode, "time mode: the whole screen as it was; again or esc is now"),
    Row([.left], .stepTime(-15), "in time mode 15 seconds back"),
    Row([.right], .stepTime(15), "in time mode 15 seconds on"),
    Row([.shiftLeft], .stepTime(-300), "in time mode 5 minutes back"),
    Row([.shiftRight], .stepTime(300), "in time mode 5 minutes on"),
    Row([.character(",")], .stepEvent(isForward: false), "to the event before, in time mode"),
    Row([.character(".")], .stepEvent(isForward: true), "in time mode to the next event"),
    Row(
      [.character("d")], .changes, "what changed: from the instant shown to now, or in 15 minutes"),
    Row(
      [.character("m")], .mark, "mark the instant shown; outside time mode, note on the incident"),
    Row([.character("M")], .compareMarks, "compare two marked instants"),
    Row([.character("t")], .timeline, "the timeline of everything that happened"),
    Row(
      [.character("f")], .nextKind(isForward: true), "in the timeline only the next kind of entry"),
    Row([.character("F")], .nextKind(isForward: false), "in the timeline only the kind before"),
    Row([.character("X")], .exportIncident, "write the report of the newest incident"),
    Row([.character(":")], .prompt, "type a command"),
    Row([.character("@")], .journal, "what was done: the journal"),
    Row([.control("r")], .refresh, "read again now"),
    Row([.character("?")], .help, "this help", short: "help"),
    Row([.escape, .character("_"), .character("-")], .back, "back"),
    Row([.character("q")], .quit, "back; on the overview, quit", short: "quit"),
    Row([.control("c")], .quit, "quit"),
    Row([.control("d"), .control("k")], .harmless, "nothing, on purpose"),
  ])

  init(rows: [Row]) {
    self.rows = rows
    table = Dictionary(
      rows.flatMap { row in row.keys.map { ($0, row.intent) } },
      uniquingKeysWith: { first, _ in first })
  }

  package func intent(for key: Key) -> Intent? { table[key] }

  /// The key table of the README, as Markdown.
  package var markdown: String {
    let lines = rows.map { row in
      "| " + row.keys.map { "`\($0.name)`" }.joined(separator: " ") + " | \(row.help) |"
    }
    return (["| key | what it does |", "|---|---|"] + lines).joined(separator: "\n")
  }
}

extension Keymap.Row {
  fileprivate init(_ keys: [Key], _ intent: Intent, _ help: String, short: String? = nil) {
    self.init(keys: keys, intent: intent, help: help, short: short)
  }
}
