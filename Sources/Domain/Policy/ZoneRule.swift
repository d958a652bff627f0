/// When clocks change, year after year, as POSIX writes it: `CET-1CEST,M3.5.0,M10.5.0/3`.
struct ZoneRule: Hashable, Sendable {
  /// A day of each year, and the second of it on the clock that holds until then.
  private struct Turn: Hashable, Sendable {
    enum Day: Hashable, Sendable {
      /// The n-th weekday (0 is Sunday) of a month; the fifth is the last.
      case weekday(month: Int, week: Int, weekday: Int)
      /// 1…365; the 29th of February is never counted.
      case julian(Int)
      /// 0…365.
      case ordinal(Int)
    }

    var day: Day
    var seconds: Int64

    func local(in year: Int) -> Int64 {
      let first = CivilTime.days(year: year, month: 1, day: 1)
      switch day {
      case .ordinal(let number): return (first + Int64(number)) * CivilTime.day + seconds
      case .julian(let number):
        let leap = CivilTime.isLeap(year) && number >= 60 ? 1 : 0
        return (first + Int64(number - 1 + leap)) * CivilTime.day + seconds
      case .weekday(let month, let week, let weekday):
        let start = CivilTime.days(year: year, month: month, day: 1)
        let startWeekday = (CivilTime.weekday(days: start) + 1) % 7
        var day = (weekday - startWeekday + 7) % 7 + 7 * (week - 1)
        while day >= CivilTime.lengthOfMonth(month, year: year) { day -= 7 }
        return (start + Int64(day)) * CivilTime.day + seconds
      }
    }
  }

  /// Seconds east of Greenwich.
  private let standard: Int64
  private let summer: Int64?
  private let begin: Turn?
  private let end: Turn?

  /// Nil when it is no such text.
  init?(_ text: String) {
    var reader = Reader(text)
    guard reader.name(), let offset = reader.time() else { return nil }
    standard = -offset
    guard !reader.isAtEnd else {
      (summer, begin, end) = (nil, nil, nil)
      return
    }
    guard reader.name() else { return nil }
    if reader.next != "," {
      guard let offset = reader.time() else { return nil }
      summer = -offset
    } else {
      summer = -offset + 3600
    }
    guard let first = reader.turn(), let second = reader.turn(), reader.isAtEnd else { return nil }
    begin = first
    end = second
  }

  func offset(at instant: Int64) -> Int64 {
    guard let summer, let begin, let end else { return standard }
    let year = CivilTime.date(
      days: CivilTime.floorQuotient(instant + standard, CivilTime.day)
    ).year
    let from = begin.local(in: year) - standard
    let until = end.local(in: year) - summer
    let isSummer =
      from < until ? instant >= from && instant < until : instant >= from || instant < until
    return isSummer ? summer : standard
  }

  private struct Reader {
    private var rest: Substring

    init(_ text: String) {
      rest = Substring(text)
    }

    var isAtEnd: Bool { rest.isEmpty }
    var next: Character? { rest.first }

    mutating func take(_ character: Character) -> Bool {
      guard rest.first == character else { return false }
      rest.removeFirst()
      return true
    }

    /// `CET` or `<+0330>`.
    mutating func name() -> Bool {
      if take("<") {
        guard let end = rest.firstIndex(of: ">") else { return false }
        rest = rest[rest.index(after: end)...]
        return true
      }
      let letters = rest.prefix { $0.isLetter }
      rest = rest.dropFirst(letters.count)
      return letters.count >= 3
    }

    mutating func number() -> Int64? {
      let digits = rest.prefix { $0.isASCII && $0.isNumber }
      rest = rest.dropFirst(digits.count)
      return digits.count <= 4 ? Int64(digits) : nil
    }

    /// `-1`, `3`, `-3:30`, `26:00:00` in seconds.
    mutating func time() -> Int64? {
      let isNegative = take("-")
      if !isNegative { _ = take("+") }
      guard var total = number().map({ $0 * 3600 }) else { return nil }
      for unit: Int64 in [60, 1] where take(":") {
        guard let part = number() else { return nil }
        total += part * unit
      }
      return isNegative ? -total : total
    }

    mutating func turn() -> Turn? {
      guard take(","), let day = day() else { return nil }
      guard take("/") else { return Turn(day: day, seconds: 7200) }
      return time().map { Turn(day: day, seconds: $0) }
    }

    private mutating func day() -> Turn.Day? {
      if take("J") { return number().map { .julian(Int($0)) } }
      guard take("M") else { return number().map { .ordinal(Int($0)) } }
      guard let month = number(), take("."), let week = number(), take("."),
        let weekday = number(), (1...12).contains(month), (1...5).contains(week),
        (0...6).contains(weekday)
      else { return nil }
      return .weekday(month: Int(month), week: Int(week), weekday: Int(weekday))
    }
  }
}
