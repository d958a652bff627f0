import Domain
import Foundation
import Terminal
import TestSupport
import Testing

@testable import Console

struct PastTests {
  private func live() -> ConsoleState {
    var state = ConsoleState(
      setting: ConsoleState.Setting(
        contextName: "prod", isReadOnly: false, theme: .standard, glyphs: .unicode),
      size: Size(width: 100, height: 30), now: FleetFixture.now)
    _ = update(&state, with: .fleet(snapshot(at: FleetFixture.now)))
    return state
  }

  private func snapshot(at instant: Date, recording: Recording = .live) -> FleetSnapshot {
    var facts = FleetFixture.facts()
    facts.asOf = instant
    facts.recording = recording
    return FleetAssembler().snapshot(from: facts, now: instant)
  }

  private func arrive(_ state: inout ConsoleState, recording: Recording = .recorded) {
    guard let instant = state.past?.instant else { return }
    let picture = PastPicture(
      instant: instant, snapshot: snapshot(at: instant, recording: recording))
    _ = update(&state, with: .past(picture))
  }

  private func text(_ state: ConsoleState) -> String { draw(state, in: state.size).plainText() }

  @Test func `T asks for the past and says PAST once it came`() throws {
    var state = live()
    let effects = update(&state, with: .key(.character("T")))
    let minuteAgo = FleetFixture.now.addingTimeInterval(-60)
    #expect(effects.contains(.look(minuteAgo, nil)))
    #expect(text(state).contains("reading the past"))
    arrive(&state)
    #expect(text(state).contains("PAST \(Formatting.clock(minuteAgo))Z"))
    #expect(text(state).contains("[T]"))
    #expect(text(state).contains("chat"))
    #expect(state.now == minuteAgo)
  }

  @Test func `a comparison tells nothing from not known, and never hangs`() throws {
    var state = live()
    let effects = update(&state, with: .key(.character("d")))
    guard case .compare(let from, let to, _) = try #require(effects.first) else {
      Issue.record("\(effects)")
      return
    }
    #expect(text(state).contains("comparing"))
    var other = state
    _ = update(&state, with: .changes(from: from, to: to, .success([])))
    #expect(text(state).contains("nothing differs"))
    let problem = HistoryProblem(message: "one of the two instants is not recorded")
    _ = update(&other, with: .changes(from: from, to: to, .failure(problem)))
    #expect(text(other).contains("is not recorded"))
    #expect(!text(other).contains("comparing"))
  }

  @Test func `the present goes on behind it and escape shows it`() {
    var state = live()
    _ = update(&state, with: .key(.character("T")))
    arrive(&state)
    let later = FleetFixture.now.addingTimeInterval(30)
    _ = update(&state, with: .tick(later))
    _ = update(&state, with: .fleet(snapshot(at: later)))
    #expect(state.now == FleetFixture.now.addingTimeInterval(-60))
    #expect(update(&state, with: .key(.escape)) == [.stopLooking])
    #expect(state.past == nil)
    #expect(state.now == later)
    #expect(state.fleet?.asOf == later)
  }

  @Test(arguments: [Key.character("s"), .control("l")])
  func `actions are refused in the past`(key: Key) {
    var state = live()
    _ = update(&state, with: .key(.character("T")))
    arrive(&state)
    #expect(update(&state, with: .key(key)) == [])
    #expect(state.overlay == nil)
    #expect(state.notice?.text.contains("PAST is read only") == true)
  }

  @Test func `an older answer than the last step is dropped`() {
    var state = live()
    _ = update(&state, with: .key(.character("T")))
    let first = FleetFixture.now.addingTimeInterval(-60)
    _ = update(&state, with: .key(.left))
    _ = update(
      &state, with: .past(PastPicture(instant: first, snapshot: snapshot(at: first))))
    #expect(state.past?.shown == nil)
    arrive(&state)
    #expect(state.past?.shown == first.addingTimeInterval(-15))
  }

  @Test func `comma and full stop go from event to event`() throws {
    var state = live()
    _ = update(&state, with: .key(.character("T")))
    arrive(&state)
    let span = try #require(state.past?.span)
    let times = [-1800.0, -600, -30].map { FleetFixture.now.addingTimeInterval($0) }
    let entries = times.map {
      TimelineEntry(id: "\($0)", at: $0, kind: .deploy, workloadName: "chat", text: "deployed")
    }
    _ = update(&state, with: .timeline(Timeline(span: span, entries: entries)))
    _ = update(&state, with: .key(.character(",")))
    #expect(state.past?.instant == times[1])
    _ = update(&state, with: .key(.character(",")))
    #expect(state.past?.instant == times[0])
    _ = update(&state, with: .key(.character(",")))
    #expect(state.past?.instant == times[0])
    #expect(state.notice?.text.contains("no earlier event") == true)
    _ = update(&state, with: .key(.character(".")))
    #expect(state.past?.instant == times[1])
    arrive(&state)
    _ = update(&state, with: .tick(FleetFixture.now.addingTimeInterval(30)))
    #expect(text(state).contains("chat  deployed"))
  }

  @Test func `where nothing was read the screen says so`() {
    var state = live()
    _ = update(&state, with: .key(.character("T")))
    arrive(
      &state,
      recording: .gap(
        from: FleetFixture.now.addingTimeInterval(-600),
        until: FleetFixture.now.addingTimeInterval(-10)))
    let shown = text(state)
    #expect(shown.contains("not recorded"))
    #expect(!shown.contains("CRIT"), "a count of nothing known is no zero")
    #expect(!shown.contains("chat"))
  }

  @Test func `a typed time goes there, and nonsense is explained`() {
    var state = live()
    for key in [Key.character(":")] + "at -15m".map(Key.character) {
      _ = update(&state, with: .key(key))
    }
    let effects = update(&state, with: .key(.enter))
    #expect(effects.first == .look(FleetFixture.now.addingTimeInterval(-900), nil))
    _ = update(&state, with: .key(.escape))
    for key in [Key.character(":")] + "at noon".map(Key.character) + [.enter] {
      _ = update(&state, with: .key(key))
    }
    #expect(text(state).contains("'noon' is no time"))
  }

  @Test(arguments: [
    ("-15m", -900.0), ("-1h30m", -5400), ("-2d", -172_800), ("now", 0),
  ])
  func `times as they are typed`(text: String, offset: Double) {
    #expect(
      TimeExpression.instant(text, now: FleetFixture.now)
        == FleetFixture.now.addingTimeInterval(offset))
  }

  @Test func `clock times are the last such time`() throws {
    let noon = Date(
      timeIntervalSince1970: 1_795_500_000 - 1_795_500_000.0.remainder(dividingBy: 86_400))
    let now = noon.addingTimeInterval(3 * 3600)
    #expect(TimeExpression.instant("02:30", now: now) == noon.addingTimeInterval(9000))
    #expect(TimeExpression.instant("04:00", now: now) == noon.addingTimeInterval(14_400 - 86_400))
    #expect(
      TimeExpression.instant("2026-08-21T03:12Z", now: now)
        == Date(timeIntervalSince1970: 1_787_281_920))
    for text in ["25:00", "3", "-", "-5x", "2026-13-01T00:00", "", "12:60"] {
      #expect(TimeExpression.instant(text, now: now) == nil, "\(text)")
    }
  }
}
