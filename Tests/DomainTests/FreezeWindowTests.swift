import Foundation
import Testing

@testable import Domain

struct FreezeWindowTests {
  static func date(_ text: String) -> Date {
    ISO8601DateFormatter().date(from: text) ?? .distantPast
  }

  private func state(
    _ frozen: [String], allowed: [String] = [], at text: String,
    zones: (String) -> ClockZone? = ClockZone.builtIn
  ) throws -> FreezeCalendar.State {
    FreezeCalendar(
      frozen: try frozen.map { try FreezeWindow($0, zones: zones) },
      allowed: try allowed.map { try FreezeWindow($0, zones: zones) }
    ).state(at: Self.date(text))
  }

  private static let weekend = "fri 16:00..mon 08:00 Europe/Paris"

  @Test(
    arguments: [
      // Summer time: 16:00 is 14:00 UTC; winter time: 15:00 UTC.
      ("2026-08-21T13:59:59Z", nil), ("2026-08-21T14:00:00Z", "2026-08-24 08:00"),
      ("2026-08-24T05:59:59Z", "2026-08-24 08:00"), ("2026-08-24T06:00:00Z", nil),
      ("2026-11-27T14:59:59Z", nil), ("2026-11-27T15:00:00Z", "2026-11-30 08:00"),
      ("2026-11-29T23:30:00Z", "2026-11-30 08:00"), ("2026-11-30T07:00:00Z", nil),
      // A weekend in which the clocks go back, and one in which they go forward.
      ("2026-10-23T14:00:00Z", "2026-10-26 08:00"), ("2026-10-26T06:59:59Z", "2026-10-26 08:00"),
      ("2026-10-26T07:00:00Z", nil), ("2026-03-27T15:00:00Z", "2026-03-30 08:00"),
      ("2026-03-30T05:59:59Z", "2026-03-30 08:00"), ("2026-03-30T06:00:00Z", nil),
    ] as [(String, String?)])
  func `a weekend is frozen by the clock of its zone`(at: String, end: String?) throws {
    let state = try state([Self.weekend], at: at)
    guard let end else {
      #expect(state == .open)
      return
    }
    #expect(state == .frozen(until: end + " Europe/Paris", rule: Self.weekend))
  }

  @Test func `a time that a clock shows twice is frozen the longer`() throws {
    // 02:30 comes at 00:30 and at 01:30 UTC.
    let ends = "sat 12:00..sun 02:30 Europe/Paris"
    #expect(try state([ends], at: "2026-10-25T00:45:00Z") != .open)
    #expect(try state([ends], at: "2026-10-25T01:29:59Z") != .open)
    #expect(try state([ends], at: "2026-10-25T01:30:00Z") == .open)
    let begins = "sun 02:30..sun 12:00 Europe/Paris"
    #expect(try state([begins], at: "2026-10-25T00:29:59Z") == .open)
    #expect(try state([begins], at: "2026-10-25T00:30:00Z") != .open)
    // Allowed the shorter.
    let allowed = "sat 12:00..sun 02:30 Europe/Paris"
    #expect(try state([], allowed: [allowed], at: "2026-10-25T00:29:59Z") == .open)
    #expect(try state([], allowed: [allowed], at: "2026-10-25T00:30:00Z") != .open)
  }

  @Test func `a time that is left out is the moment of the jump`() throws {
    let begins = "sun 02:30..sun 12:00 Europe/Paris"
    #expect(try state([begins], at: "2026-03-29T00:59:59Z") == .open)
    #expect(try state([begins], at: "2026-03-29T01:00:00Z") != .open)
  }

  @Test func `a frozen span beats an allowed one`() throws {
    let hours = ["mon", "tue", "wed", "thu", "fri"].map { "\($0) 09:00..\($0) 17:00 Europe/Paris" }
    let holidays = "2026-12-24 00:00..2027-01-02 00:00 Europe/Paris"
    #expect(try state([holidays], allowed: hours, at: "2026-12-23T10:00:00Z") == .open)
    // The holidays end on a Saturday; work begins on Monday.
    guard
      case .frozen(let until, let rule) = try state(
        [holidays], allowed: hours, at: "2026-12-24T10:00:00Z")
    else {
      Issue.record("it was open")
      return
    }
    #expect(until == "2027-01-04 09:00 Europe/Paris")
    #expect(rule == holidays)
    guard
      case .frozen(let next, let words) = try state([], allowed: hours, at: "2026-12-23T18:00:00Z")
    else {
      Issue.record("it was open")
      return
    }
    #expect(next == "2026-12-24 09:00 Europe/Paris")
    #expect(words.hasPrefix("allowed only mon 09:00"))
  }

  @Test func `spans that go on from each other are one`() throws {
    let two = ["mon 00:00..wed 00:00 UTC", "wed 00:00..fri 12:00 UTC"]
    #expect(
      try state(two, at: "2026-11-23T10:00:00Z")
        == .frozen(until: "2026-11-27 12:00 UTC", rule: two[0]))
    let always = ["mon 00:00..thu 00:00 UTC", "thu 00:00..mon 00:00 UTC"]
    guard case .frozen(nil, _) = try state(always, at: "2026-11-23T10:00:00Z") else {
      Issue.record("it has an end")
      return
    }
    let past = "2020-01-01 00:00..2020-02-01 00:00 UTC"
    guard case .frozen(nil, _) = try state([], allowed: [past], at: "2026-11-23T10:00:00Z") else {
      Issue.record("it has an end")
      return
    }
  }

  @Test(arguments: [
    "fri 16:00 mon 08:00 Europe/Paris", "fri 16:00..mon 08:00", "fri 16:00..mon 08:00 Mars/Base",
    "fri 25:00..mon 08:00 UTC", "fri 16:60..mon 08:00 UTC", "fri 4:00..mon 08:00 UTC",
    "fri 16:00..2026-01-02 08:00 UTC", "mon 08:00..mon 08:00 UTC", "fry 16:00..mon 08:00 UTC",
    "2026-02-30 00:00..2026-03-01 00:00 UTC", "2026-03-02 00:00..2026-03-01 00:00 UTC", "",
  ])
  func `what is no span is told`(text: String) {
    #expect(throws: FreezeWindow.Problem.self) { try FreezeWindow(text) }
  }

  @Test func `zone files say the same as the rules that come with the program`() throws {
    for name in ["Europe/Paris", "Europe/Dublin", "America/New_York", "Australia/Sydney"] {
      guard let data = FileManager.default.contents(atPath: "/usr/share/zoneinfo/\(name)") else {
        continue
      }
      let file = try #require(ClockZone(name: name, file: Array(data)))
      let rule = try #require(ClockZone.builtIn(name))
      for hour in stride(from: 1_780_000_000, to: 1_900_000_000, by: 3600) {
        let instant = Int64(hour)
        #expect(file.offset(at: instant) == rule.offset(at: instant), "\(name) \(instant)")
        if file.offset(at: instant) != rule.offset(at: instant) { break }
      }
    }
    #expect(ClockZone(name: "x", file: Array("TZif2".utf8)) == nil)
    #expect(ClockZone(name: "x", file: []) == nil)
    #expect(ClockZone(name: "x", rule: "nonsense") == nil)
    #expect(ClockZone(name: "x", rule: "CET-1CEST,M13.5.0,M10.5.0") == nil)
  }

  @Test func `a window holds by its clock, whatever the instant`() throws {
    let seed = UInt64.random(in: 0...UInt64.max)
    var generator = Seeded(state: seed)
    let days = ["mon", "tue", "wed", "thu", "fri", "sat", "sun"]
    let zone = try #require(ClockZone.builtIn("Europe/Paris"))
    for _ in 0..<3000 {
      let from = Int.random(in: 0..<7 * 24, using: &generator)
      let length = Int.random(in: 1..<7 * 24, using: &generator)
      let until = (from + length) % (7 * 24)
      func text(_ hour: Int) -> String {
        "\(days[hour / 24]) \(hour % 24 < 10 ? "0" : "")\(hour % 24):00"
      }
      let window = try FreezeWindow("\(text(from))..\(text(until)) Europe/Paris")
      let instant = Int64.random(in: 1_760_000_000..<1_900_000_000, using: &generator)
      let local = zone.local(instant)
      let hour = Int(
        CivilTime.floorRemainder(local + 3 * CivilTime.day, 7 * CivilTime.day) / 3600)
      // Where clocks change what holds is tested by itself.
      guard zone.offset(at: instant - 7200) == zone.offset(at: instant + 7200) else { continue }
      let isInside = (hour - from + 7 * 24) % (7 * 24) < length
      let state = FreezeCalendar(frozen: [window])
        .state(at: Date(timeIntervalSince1970: Double(instant)))
      #expect((state != .open) == isInside, "seed \(seed): \(window.text) at \(instant)")
    }
  }

  private struct Seeded: RandomNumberGenerator {
    var state: UInt64

    mutating func next() -> UInt64 {
      state &+= 0x9E37_79B9_7F4A_7C15
      var mixed = state
      mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
      mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
      return mixed ^ (mixed >> 31)
    }
  }
}
