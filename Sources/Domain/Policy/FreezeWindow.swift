package import FoundationEssentials

/// A span in which nothing may be changed, or in which alone something may: each week, or once.
///
/// `fri 16:00..mon 08:00 Europe/Paris` or `2026-12-24 00:00..2027-01-02 00:00 Europe/Paris`.
package struct FreezeWindow: Equatable, Sendable {
  private enum Span: Hashable, Sendable {
    /// Minutes of a week that begins on Monday.
    case weekly(from: Int64, until: Int64)
    /// Seconds on the zone's clock.
    case once(from: Int64, until: Int64)
  }

  package struct Problem: Error, Equatable {
    package let text: String
  }

  /// As it was written.
  package let text: String
  package let zone: ClockZone
  private let span: Span

  private static let week: Int64 = 7 * 24 * 60

  package init(
    _ text: String, zones: (String) -> ClockZone? = ClockZone.builtIn
  ) throws(Problem) {
    self.text = text
    let parts = text.split(separator: " ", omittingEmptySubsequences: true).map(String.init)
    // from-day from-time..until-day until-time zone
    let middle = parts.count == 4 ? Self.halves(parts[1]) : nil
    guard let middle else {
      throw Problem(
        text: "'\(text)' is no span; write \"fri 16:00..mon 08:00 Europe/Paris\" or "
          + "\"2026-12-24 00:00..2027-01-02 00:00 Europe/Paris\"")
    }
    guard let zone = zones(parts[3]) else {
      throw Problem(text: "'\(parts[3])' is no time zone that is known here")
    }
    self.zone = zone
    guard let from = Self.minute(middle.0), let until = Self.minute(parts[2]) else {
      throw Problem(text: "'\(text)': times are 00:00 to 24:00")
    }
    if let first = Self.weekday(parts[0]), let last = Self.weekday(middle.1) {
      let start = (first * 1440 + from) % Self.week
      let end = (last * 1440 + until) % Self.week
      guard start != end else { throw Problem(text: "'\(text)' has no length") }
      span = .weekly(from: start, until: end)
    } else if let first = Self.day(parts[0]), let last = Self.day(middle.1) {
      let start = first * CivilTime.day + from * 60
      let end = last * CivilTime.day + until * 60
      guard start < end else { throw Problem(text: "'\(text)' ends before it begins") }
      span = .once(from: start, until: end)
    } else {
      throw Problem(text: "'\(text)': a day is mon to sun, or like 2026-12-24, on both sides")
    }
  }

  private static func halves(_ text: String) -> (String, String)? {
    guard let dots = text.firstRange(of: "..") else { return nil }
    return (String(text[..<dots.lowerBound]), String(text[dots.upperBound...]))
  }

  private static func weekday(_ text: String) -> Int64? {
    ["mon", "tue", "wed", "thu", "fri", "sat", "sun"].firstIndex(of: text.lowercased())
      .map(Int64.init)
  }

  private static func minute(_ text: String) -> Int64? {
    let parts = text.split(separator: ":", omittingEmptySubsequences: false)
    guard parts.count == 2, parts.allSatisfy({ $0.count == 2 }), let hour = Int64(parts[0]),
      let minute = Int64(parts[1]), (0...24).contains(hour), (0...59).contains(minute),
      hour < 24 || minute == 0
    else { return nil }
    return hour * 60 + minute
  }

  private static func day(_ text: String) -> Int64? {
    let parts = text.split(separator: "-", omittingEmptySubsequences: false)
    guard parts.count == 3, parts[0].count == 4, let year = Int(parts[0]),
      let month = Int(parts[1]), let day = Int(parts[2]), (1970...9999).contains(year),
      (1...12).contains(month), (1...CivilTime.lengthOfMonth(month, year: year)).contains(day)
    else { return nil }
    return CivilTime.days(year: year, month: month, day: day)
  }

  /// How a time is read that a clock shows twice when it goes back.
  enum Reading {
    /// The longest span: it begins the first time and ends the second.
    case widest
    case narrowest
  }

  /// The spans around an instant, as instants: the one that holds, if any, and the next.
  func spans(around instant: Int64, _ reading: Reading) -> [Range<Int64>] {
    switch span {
    case .once(let from, let until): return [range(from, until, reading)].compactMap { $0 }
    case .weekly(let from, let until):
      let days = CivilTime.floorQuotient(zone.local(instant), CivilTime.day)
      let monday = days - Int64(CivilTime.weekday(days: days))
      let length = until > from ? until - from : until - from + Self.week
      return (-1...1).compactMap { week in
        let start = (monday + Int64(week) * 7) * CivilTime.day + from * 60
        return range(start, start + length * 60, reading)
      }
    }
  }

  private func range(_ from: Int64, _ until: Int64, _ reading: Reading) -> Range<Int64>? {
    let start = zone.instants(of: from)
    let end = zone.instants(of: until)
    let (lower, upper) =
      reading == .widest ? (start.first, end.last) : (start.last, end.first)
    return lower < upper ? lower..<upper : nil
  }
}

/// When something may be changed: never in a frozen span, and only in allowed ones if there are any.
package struct FreezeCalendar: Equatable, Sendable {
  package var frozen: [FreezeWindow]
  /// Empty: always.
  package var allowed: [FreezeWindow]

  package init(frozen: [FreezeWindow] = [], allowed: [FreezeWindow] = []) {
    self.frozen = frozen
    self.allowed = allowed
  }

  package var isEmpty: Bool { frozen.isEmpty && allowed.isEmpty }

  /// What holds at an instant.
  package enum State: Equatable, Sendable {
    case open
    /// Until when, in the window's zone; nil when no end is known. And by which rule, in words.
    case frozen(until: String?, rule: String)
  }

  package func state(at now: Date) -> State {
    let instant = Int64(now.timeIntervalSince1970.rounded(.down))
    guard let block = block(at: instant) else { return .open }
    var end = block.end
    // Where one span ends another may go on.
    for _ in 0..<100 {
      guard let at = end, let next = self.block(at: at) else { break }
      end = next.end
    }
    // What never comes to an end in all those steps has none that is worth telling.
    if let at = end, self.block(at: at) != nil { end = nil }
    return .frozen(
      until: end.map { block.zone.text(Date(timeIntervalSince1970: Double($0))) },
      rule: block.rule)
  }

  private struct Block {
    var end: Int64?
    var zone: ClockZone
    var rule: String
  }

  /// What forbids a change at an instant; a frozen span beats an allowed one.
  private func block(at instant: Int64) -> Block? {
    let holding = frozen.compactMap { window in
      window.spans(around: instant, .widest).first { $0.contains(instant) }.map { (window, $0) }
    }
    if let longest = holding.max(by: { $0.1.upperBound < $1.1.upperBound }) {
      return Block(end: longest.1.upperBound, zone: longest.0.zone, rule: longest.0.text)
    }
    guard let first = allowed.first else { return nil }
    let spans = allowed.map { ($0, $0.spans(around: instant, .narrowest)) }
    guard !spans.contains(where: { $0.1.contains { $0.contains(instant) } }) else { return nil }
    let next = spans.flatMap { window, spans in
      spans.filter { $0.lowerBound > instant }.map { (window, $0.lowerBound) }
    }.min { $0.1 < $1.1 }
    return Block(
      end: next?.1, zone: next?.0.zone ?? first.zone,
      rule: "allowed only " + allowed.map(\.text).joined(separator: ", "))
  }
}
