package import FoundationEssentials

/// Numbers as a console shows them: short, without a locale, and never longer than their column.
package enum Formatting {
  /// What stands where nothing is known.
  package static let unknown = "-"

  /// An age or a length of time: `3s`, `12s`, `6m`, `3h12`, `9d`.
  package static func age(seconds: Double) -> String {
    let whole = max(0, Int(seconds))
    switch whole {
    case 0..<60: return "\(whole)s"
    case 60..<3600: return "\(whole / 60)m"
    case 3600..<36_000:
      let minutes = whole % 3600 / 60
      return "\(whole / 3600)h" + (minutes < 10 ? "0" : "") + "\(minutes)"
    case 36_000..<172_800: return "\(whole / 3600)h"
    default: return "\(whole / 86_400)d"
    }
  }

  package static func age(from date: Date?, to now: Date) -> String {
    guard let date else { return unknown }
    return age(seconds: now.timeIntervalSince(date))
  }

  /// An age in steps, so that a screen does not change every second: `2s`, `5s`, `10s`, `1m`.
  package static func coarseAge(from date: Date?, to now: Date) -> String {
    guard let date else { return unknown }
    let seconds = max(0, Int(now.timeIntervalSince(date)))
    switch seconds {
    case 0..<5: return "<5s"
    case 5..<60: return "\(seconds / 5 * 5)s"
    default: return age(seconds: Double(seconds))
    }
  }

  package static func percent(_ ratio: Ratio?) -> String {
    ratio.map { "\($0.percent)%" } ?? unknown
  }

  /// `640ms`, `4.8s`, `92s`.
  package static func latency(_ value: Milliseconds?) -> String {
    guard let value else { return unknown }
    if value.value < 1000 { return "\(Int(value.value.rounded()))ms" }
    let seconds = value.value / 1000
    return seconds < 10 ? decimal(seconds, digits: 1) + "s" : "\(Int(seconds.rounded()))s"
  }

  /// `9`, `640`, `2210`, `12.4k`.
  package static func rate(_ value: Double?) -> String {
    guard let value else { return unknown }
    if value < 10, value > 0 { return decimal(value, digits: 1) }
    if value < 10_000 { return "\(Int(value.rounded()))" }
    return decimal(value / 1000, digits: 1) + "k"
  }

  /// With a comma every three digits.
  package static func count(_ value: Int) -> String {
    Decimal(value).grouped(fractionDigits: 0)
  }

  package static func gibibytes(_ value: Bytes?) -> String {
    value.map { "\(Int($0.gibibytes.rounded()))" } ?? unknown
  }

  package static func replicas(_ count: ReplicaCount) -> String {
    "\(count.ready)/" + (count.desired.map(String.init) ?? unknown)
  }

  package static func money(_ money: Money?, digits: Int = 2) -> String {
    money?.formatted(fractionDigits: digits) ?? unknown
  }

  /// `03:12:41` or `03:12`, UTC.
  package static func clock(_ date: Date, seconds: Bool = true) -> String {
    let day = Int(date.timeIntervalSince1970.rounded(.down)) % 86_400
    let parts = [day / 3600, day % 3600 / 60] + (seconds ? [day % 60] : [])
    return parts.map { ($0 < 10 ? "0" : "") + String($0) }.joined(separator: ":")
  }

  /// `28 Nov`, UTC.
  package static func day(_ date: Date) -> String {
    var calendar = Calendar(identifier: .gregorian)
    calendar.timeZone = .gmt
    let parts = calendar.dateComponents([.month, .day], from: date)
    let months = [
      "Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec",
    ]
    guard let day = parts.day, let month = parts.month, months.indices.contains(month - 1) else {
      return unknown
    }
    return "\(day) \(months[month - 1])"
  }

  package static func decimal(_ value: Double, digits: Int) -> String {
    let scale = (0..<digits).reduce(1.0) { scale, _ in scale * 10 }
    let scaled = Int((abs(value) * scale).rounded())
    let whole = scaled / Int(scale)
    var fraction = String(scaled % Int(scale))
    while fraction.count < digits { fraction = "0" + fraction }
    return (value < 0 && scaled > 0 ? "-" : "") + String(whole) + (digits > 0 ? "." + fraction : "")
  }
}
