package import FoundationEssentials

/// A time zone: how far its clocks are from Greenwich, at any instant.
///
/// Read from the system's zone files, or from rules that come with the program where there are none.
package struct ClockZone: Equatable, Sendable {
  package let name: String
  /// Seconds since 1970, ascending, with the offset from then on.
  private let turns: [(at: Int64, offset: Int64)]
  private let first: Int64
  /// What holds after the last turn.
  private let rule: ZoneRule?

  package static func == (left: Self, right: Self) -> Bool {
    left.name == right.name && left.first == right.first && left.rule == right.rule
      && left.turns.elementsEqual(right.turns) { $0 == $1 }
  }

  package static let utc = ClockZone(name: "UTC", turns: [], first: 0, rule: nil)

  private init(name: String, turns: [(at: Int64, offset: Int64)], first: Int64, rule: ZoneRule?) {
    self.name = name
    self.turns = turns
    self.first = first
    self.rule = rule
  }

  /// A zone by its POSIX rule; nil when it is none.
  package init?(name: String, rule: String) {
    guard let rule = ZoneRule(rule) else { return nil }
    self.init(name: name, turns: [], first: 0, rule: rule)
  }

  /// A zone of the zone files (RFC 9636), of their second version or later; nil when it is none.
  package init?(name: String, file: [UInt8]) {
    guard let old = Header(file, at: 0), old.version >= 2,
      let header = Header(file, at: Header.size + old.length(wide: false))
    else { return nil }
    let start = Header.size * 2 + old.length(wide: false)
    let times = start
    let kinds = times + header.times * 8
    let types = kinds + header.times
    let footer = start + header.length(wide: true)
    guard footer <= file.count, header.types > 0 else { return nil }
    func offset(_ type: Int) -> Int64? {
      guard type < header.types else { return nil }
      return Self.number(file, at: types + type * 6, bytes: 4)
    }
    var turns: [(at: Int64, offset: Int64)] = []
    for index in 0..<header.times {
      guard let offset = offset(Int(file[kinds + index])) else { return nil }
      turns.append((Self.number(file, at: times + index * 8, bytes: 8), offset))
    }
    guard let first = offset(0) else { return nil }
    let text = file[footer...].dropFirst().prefix { $0 != UInt8(ascii: "\n") }
    let rule = text.isEmpty ? nil : ZoneRule(String(decoding: text, as: UTF8.self))
    guard text.isEmpty || rule != nil else { return nil }
    self.init(name: name, turns: turns, first: first, rule: rule)
  }

  private struct Header {
    static let size = 44

    let version: Int
    let times: Int
    let types: Int
    private let counts: [Int]

    init?(_ file: [UInt8], at start: Int) {
      guard file.count >= start + Self.size, file[start..<start + 4].elementsEqual("TZif".utf8)
      else { return nil }
      version = Int(file[start + 4]) - 48
      counts = (0..<6).map { Int(ClockZone.number(file, at: start + 20 + $0 * 4, bytes: 4)) }
      guard counts.allSatisfy({ (0...100_000).contains($0) }) else { return nil }
      times = counts[3]
      types = counts[4]
    }

    /// Bytes after the header.
    func length(wide: Bool) -> Int {
      let time = wide ? 8 : 4
      return times * (time + 1) + types * 6 + counts[5] + counts[2] * (time + 4) + counts[1]
        + counts[0]
    }
  }

  private static func number(_ file: [UInt8], at start: Int, bytes: Int) -> Int64 {
    var value: UInt64 = 0
    for byte in file[start..<start + bytes] { value = value << 8 | UInt64(byte) }
    return bytes == 4 ? Int64(Int32(truncatingIfNeeded: value)) : Int64(bitPattern: value)
  }

  /// Seconds east of Greenwich.
  func offset(at instant: Int64) -> Int64 {
    if let last = turns.last, instant >= last.at { return rule?.offset(at: instant) ?? last.offset }
    guard !turns.isEmpty else { return rule?.offset(at: instant) ?? first }
    return turns.last { $0.at <= instant }?.offset ?? first
  }

  /// Seconds that a clock there shows, counted as if it were in Greenwich.
  func local(_ instant: Int64) -> Int64 { instant + offset(at: instant) }

  /// The first and the last instant at which a clock shows a time.
  ///
  /// A time that is left out when clocks go forward counts as the moment of that jump.
  func instants(of local: Int64) -> (first: Int64, last: Int64) {
    let around = Set([-CivilTime.day, 0, CivilTime.day].map { offset(at: local + $0) })
    let fitting = around.map { local - $0 }.filter { self.local($0) == local }.sorted()
    if let first = fitting.first, let last = fitting.last { return (first, last) }
    var before = local - CivilTime.day
    var after = local + CivilTime.day
    while after - before > 1 {
      let middle = before + (after - before) / 2
      if self.local(middle) < local { before = middle } else { after = middle }
    }
    return (after, after)
  }

  /// `2026-11-30 08:00 Europe/Paris`.
  package func text(_ date: Date) -> String {
    let instant = Int64(date.timeIntervalSince1970.rounded(.down))
    return "\(CivilTime.text(local: local(instant))) \(name)"
  }
}

extension ClockZone {
  /// Zones that are known without zone files, by the rules of 2026.
  package static func builtIn(_ name: String) -> ClockZone? {
    if ["UTC", "Etc/UTC", "GMT"].contains(name) {
      return ClockZone(name: name, turns: [], first: 0, rule: nil)
    }
    return rules.first { $0.names.contains(name) }.flatMap { ClockZone(name: name, rule: $0.rule) }
  }

  private static let rules: [(rule: String, names: Set<String>)] = [
    (
      "CET-1CEST,M3.5.0,M10.5.0/3",
      [
        "Europe/Paris", "Europe/Berlin", "Europe/Madrid", "Europe/Rome", "Europe/Amsterdam",
        "Europe/Brussels", "Europe/Vienna", "Europe/Zurich", "Europe/Stockholm", "Europe/Oslo",
        "Europe/Copenhagen", "Europe/Warsaw", "Europe/Prague", "Europe/Budapest",
        "Europe/Luxembourg",
      ]
    ),
    ("GMT0BST,M3.5.0/1,M10.5.0", ["Europe/London"]),
    ("IST-1GMT0,M10.5.0,M3.5.0/1", ["Europe/Dublin"]),
    ("WET0WEST,M3.5.0/1,M10.5.0", ["Europe/Lisbon"]),
    (
      "EET-2EEST,M3.5.0/3,M10.5.0/4",
      ["Europe/Helsinki", "Europe/Athens", "Europe/Bucharest", "Europe/Sofia", "Europe/Kyiv"]
    ),
    ("EST5EDT,M3.2.0,M11.1.0", ["America/New_York", "America/Toronto"]),
    ("CST6CDT,M3.2.0,M11.1.0", ["America/Chicago"]),
    ("MST7MDT,M3.2.0,M11.1.0", ["America/Denver"]),
    ("PST8PDT,M3.2.0,M11.1.0", ["America/Los_Angeles"]),
    ("<-03>3", ["America/Sao_Paulo"]), ("IST-5:30", ["Asia/Kolkata"]),
    ("<+08>-8", ["Asia/Singapore"]), ("CST-8", ["Asia/Shanghai"]), ("JST-9", ["Asia/Tokyo"]),
    ("AEST-10AEDT,M10.1.0,M4.1.0/3", ["Australia/Sydney"]),
  ]
}
