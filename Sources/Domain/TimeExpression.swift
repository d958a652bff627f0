package import FoundationEssentials

/// An instant as a person writes it: `now`, `-15m`, `-1h30m`, `03:12`, `03:12:05`,
/// `2026-08-21T03:12Z`; always UTC.
package enum TimeExpression {
  /// Nil when it is none of them.
  package static func instant(_ text: String, now: Date) -> Date? {
    let text = text.trimmed()
    if text == "now" { return now }
    if text.hasPrefix("-") {
      return duration(String(text.dropFirst())).map { now.addingTimeInterval(-$0) }
    }
    if let clock = clock(text) {
      let day: Double = 86_400
      let midnight = (now.timeIntervalSince1970 / day).rounded(.down) * day
      let today = Date(timeIntervalSince1970: midnight + clock)
      // The last time that it was so late.
      return today <= now ? today : today.addingTimeInterval(-day)
    }
    return full(text)
  }

  /// Seconds of `90s`, `15m`, `1h30m`, `2d`; nil when it is no such text.
  package static func duration(_ text: String) -> Double? {
    var total = 0.0
    var digits = ""
    for character in text {
      if character.isASCII, character.isNumber {
        digits.append(character)
        continue
      }
      guard let value = Double(digits), digits.count < 9 else { return nil }
      switch character {
      case "s": total += value
      case "m": total += value * 60
      case "h": total += value * 3600
      case "d": total += value * 86_400
      default: return nil
      }
      digits = ""
    }
    return digits.isEmpty && !text.isEmpty ? total : nil
  }

  private static func clock(_ text: String) -> Double? {
    var parts = text.split(separator: ":", omittingEmptySubsequences: false)
    guard (2...3).contains(parts.count) else { return nil }
    if parts.last?.last == "Z", let last = parts.popLast() { parts.append(last.dropLast()) }
    let numbers = parts.compactMap { (1...2).contains($0.count) ? Int($0) : nil }
    guard numbers.count == parts.count, (0...23).contains(numbers[0]),
      numbers.dropFirst().allSatisfy({ (0...59).contains($0) })
    else { return nil }
    return Double(numbers[0] * 3600 + numbers[1] * 60 + (numbers.count > 2 ? numbers[2] : 0))
  }

  private static func full(_ text: String) -> Date? {
    let halves = text.split(whereSeparator: { $0 == "T" || $0 == " " })
    guard halves.count == 2, let clock = clock(String(halves[1])) else { return nil }
    let parts = halves[0].split(separator: "-").compactMap { Int($0) }
    guard parts.count == 3, (1970...9999).contains(parts[0]), (1...12).contains(parts[1]),
      (1...31).contains(parts[2])
    else { return nil }
    var calendar = Calendar(identifier: .gregorian)
    calendar.timeZone = .gmt
    let date = calendar.date(from: DateComponents(year: parts[0], month: parts[1], day: parts[2]))
    return date?.addingTimeInterval(clock)
  }
}

extension String {
  func trimmed() -> String {
    String(drop { $0 == " " }.reversed().drop { $0 == " " }.reversed())
  }
}
