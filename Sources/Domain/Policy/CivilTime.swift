/// Days of the Gregorian calendar, counted from 1970-01-01.
enum CivilTime {
  static let day: Int64 = 86_400

  static func days(year: Int, month: Int, day: Int) -> Int64 {
    let year = Int64(month <= 2 ? year - 1 : year)
    let era = (year >= 0 ? year : year - 399) / 400
    let yearOfEra = year - era * 400
    let shifted = Int64((month + 9) % 12)
    let dayOfYear = (153 * shifted + 2) / 5 + Int64(day) - 1
    let dayOfEra = yearOfEra * 365 + yearOfEra / 4 - yearOfEra / 100 + dayOfYear
    return era * 146_097 + dayOfEra - 719_468
  }

  static func date(days: Int64) -> (year: Int, month: Int, day: Int) {
    let shifted = days + 719_468
    let era = (shifted >= 0 ? shifted : shifted - 146_096) / 146_097
    let dayOfEra = shifted - era * 146_097
    let yearOfEra =
      (dayOfEra - dayOfEra / 1460 + dayOfEra / 36_524 - dayOfEra / 146_096) / 365
    let dayOfYear = dayOfEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100)
    let place = (5 * dayOfYear + 2) / 153
    let month = Int(place < 10 ? place + 3 : place - 9)
    let year = Int(yearOfEra + era * 400) + (month <= 2 ? 1 : 0)
    return (year, month, Int(dayOfYear - (153 * place + 2) / 5 + 1))
  }

  /// 0 is Monday.
  static func weekday(days: Int64) -> Int { Int(floorRemainder(days + 3, 7)) }

  static func isLeap(_ year: Int) -> Bool {
    year.isMultiple(of: 4) && (!year.isMultiple(of: 100) || year.isMultiple(of: 400))
  }

  static func lengthOfMonth(_ month: Int, year: Int) -> Int {
    month == 2 ? (isLeap(year) ? 29 : 28) : [4, 6, 9, 11].contains(month) ? 30 : 31
  }

  static func floorQuotient(_ value: Int64, _ divisor: Int64) -> Int64 {
    (value - floorRemainder(value, divisor)) / divisor
  }

  static func floorRemainder(_ value: Int64, _ divisor: Int64) -> Int64 {
    let rest = value % divisor
    return rest < 0 ? rest + divisor : rest
  }

  /// `2026-11-30 08:00` of seconds on a local clock.
  static func text(local: Int64) -> String {
    let date = date(days: floorQuotient(local, day))
    let minute = floorRemainder(local, day) / 60
    func padded(_ value: Int) -> String { value < 10 ? "0\(value)" : "\(value)" }
    return "\(date.year)-\(padded(date.month))-\(padded(date.day)) "
      + "\(padded(Int(minute / 60))):\(padded(Int(minute % 60)))"
  }
}
