import Domain
import Foundation
import Terminal
import TestSupport
import Testing

@testable import Console

struct TimelineTests {
  private static let entries: [TimelineEntry] = [
    entry("1", -600, .deploy, "chat-7b", "fra", "revision 1f00 created"),
    entry("2", -500, .scaling, "chat-7b", "fra", "replicas 1 > 2 in fra", actor: "autoscaler"),
    entry("3", -400, .scaling, "embed", "par", "replicas 3 > 2 in par", actor: "autoscaler"),
    entry("4", -300, .finding, "chat-7b", "fra", "finding: 0/2 ready"),
    entry("5", -200, .action, "embed", nil, "scale 4, done", actor: "ann"),
    entry("6", -100, .note, "", nil, "paged the team"),
  ]

  private static func entry(
    _ id: String, _ offset: Double, _ kind: TimelineEntry.Kind, _ name: String, _ region: String?,
    _ text: String, actor: String? = nil
  ) -> TimelineEntry {
    TimelineEntry(
      id: id, at: FleetFixture.now.addingTimeInterval(offset), kind: kind, workloadName: name,
      region: region.map { RegionID($0) }, actor: actor, text: text)
  }

  private func opened(
    _ filter: String = "", width: Int = 120, height: Int = 30,
    entries: [TimelineEntry] = Self.entries
  ) throws -> ConsoleState {
    var state = ConsoleState(
      setting: ConsoleState.Setting(
        contextName: "prod", isReadOnly: false, theme: .standard, glyphs: .unicode),
      size: Size(width: width, height: height), now: FleetFixture.now)
    let snapshot = FleetAssembler().snapshot(from: FleetFixture.facts(), now: FleetFixture.now)
    _ = update(&state, with: .fleet(snapshot))
    if filter.isEmpty {
      press([.character("t")], &state)
    } else {
      press(keys(":timeline \(filter)") + [.enter], &state)
    }
    let span = try list(state).span
    _ = update(&state, with: .timeline(Timeline(span: span, entries: entries)))
    return state
  }

  private func keys(_ text: String) -> [Key] { text.map(Key.character) }

  private func press(_ keys: [Key], _ state: inout ConsoleState) {
    for key in keys { _ = update(&state, with: .key(key)) }
  }

  private func list(_ state: ConsoleState) throws -> TimelineList {
    guard case .timeline(let list) = state.overlay else {
      throw CocoaError(.coderValueNotFound)
    }
    return list
  }

  private func ids(_ state: ConsoleState) throws -> [String] { try list(state).entries.map(\.id) }
  private func text(_ state: ConsoleState) -> String { draw(state, in: state.size).plainText() }

  @Test(arguments: [
    ("", "654321"), ("kind:scaling", "32"), ("kind:sc", "32"), ("KIND:Scaling", "32"),
    ("kind:scaling kind:deploy", "321"), ("region:fra", "421"), ("reg:par", "3"),
    ("region:fr", ""), ("region:", "654321"), ("kind:", "654321"), ("workload:chat", "421"),
    ("workload:chat-7b kind:scaling", "2"), ("region:fra region:par", "4321"),
    ("name:embed", "53"), ("deploy", "1"), ("fra", "421"), ("ann", "5"), ("chat replicas", "2"),
    ("Paged", "6"), ("chat-7b nothing", ""), ("odd:word", ""), ("finding:", "4"),
  ])
  func `a filter lets through what it says`(filter: String, found: String) throws {
    var state = try opened()
    press([.character("/")] + keys(filter), &state)
    #expect(try ids(state).joined() == found)
    #expect(try ids(opened(filter)).joined() == found, "typed after : it means the same")
  }

  @Test func `typing filters at once, enter keeps it, and escape clears before it closes`() throws {
    var state = try opened()
    press(keys("/kind:sca"), &state)
    #expect(try ids(state) == ["3", "2"])
    #expect(text(state).contains("TIMELINE kind:sca: 2 of 6, UTC"))
    #expect(text(state).contains(" filter timeline: kind:sca_"))
    press([.enter], &state)
    #expect(!text(state).contains("filter timeline:"))
    #expect(text(state).contains("TIMELINE kind:sca: 2 of 6"))
    press([.escape], &state)
    #expect(try ids(state).count == 6)
    #expect(text(state).contains("TIMELINE 6, UTC"))
    press([.escape], &state)
    #expect(state.overlay == nil)
  }

  @Test func `escape while typing brings back the filter of before`() throws {
    var state = try opened("region:fra")
    press(keys("/ kind:note") + [.escape], &state)
    #expect(try list(state).filter == "region:fra")
    #expect(try ids(state) == ["4", "2", "1"])
    press([.control("u")], &state)
    #expect(try ids(state).count == 6)
  }

  @Test func `keys that are commands elsewhere are letters in the filter`() throws {
    var state = try opened()
    press(keys("/qfjtTs"), &state)
    #expect(try list(state).filter == "qfjtTs")
    press([.control("u")], &state)
    _ = update(&state, with: .paste("kind:note\nq"))
    #expect(try ids(state) == ["6"])
  }

  @Test func `the chosen entry stays chosen where the filter lets it through`() throws {
    var state = try opened()
    press([.down, .down, .down], &state)
    #expect(try list(state).selected?.id == "3")
    press(keys("/kind:scaling") + [.enter], &state)
    #expect(try list(state).selected?.id == "3")
    press([.escape], &state)
    #expect(try list(state).selected?.id == "3")
    let more = Self.entries + [Self.entry("7", -1, .note, "", nil, "later")]
    let span = try list(state).span
    _ = update(&state, with: .timeline(Timeline(span: span, entries: more)))
    #expect(try list(state).selected?.id == "3")
  }

  @Test func `an entry that a filter hides while it is typed comes back, unless it is kept`() throws
  {
    var state = try opened()
    press([.down, .down, .down], &state)
    press(keys("/region:fra"), &state)
    #expect(try list(state).selected?.id == "4")
    press([.escape], &state)
    #expect(try list(state).selected?.id == "3")
    press(keys("/region:fra") + [.enter, .escape], &state)
    #expect(try list(state).selected?.id == "4")
  }

  @Test func `f goes through the kinds that there are, and F goes back`() throws {
    var state = try opened("region:fra")
    var filters: [String] = []
    for _ in 0..<6 {
      press([.character("f")], &state)
      filters.append(try list(state).filter)
    }
    #expect(
      filters == [
        "kind:deploy region:fra", "kind:scaling region:fra", "kind:finding region:fra",
        "kind:action region:fra", "kind:note region:fra", "region:fra",
      ])
    press([.character("F")], &state)
    #expect(try list(state).filter == "kind:note region:fra")
  }

  @Test func `an unknown kind is answered with the known ones, and cannot be kept`() throws {
    let sentence =
      "kinds are deploy, status, scaling, finding, action, gap and note, not 'crash'"
    var state = try opened(width: 80, height: 23)
    press(keys("/kind:crash"), &state)
    #expect(text(state).contains(sentence.prefix(70)))
    press([.enter], &state)
    #expect(try list(state).before != nil)
    press([.escape], &state)
    #expect(try ids(state).count == 6)
    state = try opened("kind:crash")
    #expect(text(state).contains(sentence))
    #expect(text(state).contains(" filter timeline: kind:crash_"))
    press([.backspace, .backspace, .backspace, .backspace, .backspace] + keys("note"), &state)
    #expect(try ids(state) == ["6"])
  }

  @Test(arguments: [(44, false), (60, true), (80, true), (120, true), (200, true)])
  func `the region has a column unless the screen is very narrow`(width: Int, isShown: Bool) throws
  {
    let lines = text(try opened(width: width, height: 23)).split(separator: "\n")
    let header = try #require(lines.first { $0.contains(" TIME ") && $0.contains(" WHAT ") })
    #expect(header.contains(" REG ") == isShown, "\(header)")
    let clock = Formatting.clock(Self.entries[1].at)
    let row = try #require(lines.first { $0.contains("  \(clock)") })
    #expect(row.contains(" fra ") == isShown, "\(row)")
  }

  @Test func `the chosen entry shows its exact calls, or all of its words`() throws {
    let long = String(repeating: "word ", count: 20) + "end"
    let call = "PUT /v1/services/1/scale"
    var entries = [Self.entry("1", -10, .status, "chat", "fra", long)]
    entries.append(
      TimelineEntry(
        id: "2", at: FleetFixture.now, kind: .action, workloadName: "chat", text: "scale, done",
        calls: [call]))
    var state = try opened(width: 120, height: 30, entries: entries)
    #expect(text(state).contains(call))
    press([.down], &state)
    #expect(!text(state).contains(call))
    #expect(text(state).contains("word end"))
  }

  @Test func `names, regions and filters from outside do nothing to a terminal`() throws {
    let evil = "\u{1B}[2Jx"
    var state = try opened(
      entries: [Self.entry("1", -10, .status, evil, evil, evil, actor: evil)])
    _ = update(&state, with: .key(.character("/")))
    _ = update(&state, with: .paste("\u{1B}]0;x"))
    #expect(!text(state).unicodeScalars.contains { $0.value < 0x20 && $0 != "\n" })
  }

  @Test func `enter goes to the entry that is chosen in the filtered list`() throws {
    var state = try opened("kind:scaling")
    press([.down], &state)
    let effects = update(&state, with: .key(.enter))
    #expect(effects.contains(.look(Self.entries[1].at, nil)))
    #expect(state.overlay == nil)
  }

  @Test func `outside the timeline f says where it belongs`() throws {
    var state = try opened()
    press([.escape, .character("f")], &state)
    #expect(state.notice?.text.contains("t opens it") == true)
  }
}
