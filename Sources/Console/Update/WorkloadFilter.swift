import Domain

/// A filter as it is typed: words that must all be found, `column:value`, and `gpu<10`.
struct WorkloadFilter {
  private enum Term {
    case text(String)
    case column(String, String)
    case utilization(isBelow: Bool, percent: Double)
  }

  private let terms: [Term]

  init(_ text: String) {
    terms = text.lowercased().split(separator: " ").map { word in
      if word.hasPrefix("gpu<"), let value = Double(word.dropFirst(4)) {
        return .utilization(isBelow: true, percent: value)
      }
      if word.hasPrefix("gpu>"), let value = Double(word.dropFirst(4)) {
        return .utilization(isBelow: false, percent: value)
      }
      let parts = word.split(separator: ":", maxSplits: 1)
      if parts.count == 2 { return .column(String(parts[0]), String(parts[1])) }
      return .text(String(word))
    }
  }

  func matches(_ row: WorkloadRow) -> Bool {
    terms.allSatisfy { term in
      switch term {
      case .text(let text):
        contains(row.name, text) || contains(row.appName, text)
          || row.regions.contains { $0.region.rawValue == text }
          || contains(row.machine ?? "", text)
          || contains(row.note, text)
      case .column(let column, let value):
        switch column {
        case "name": contains(row.name, value)
        case "app": contains(row.appName, value)
        case "region", "reg": row.regions.contains { $0.region.rawValue == value }
        case "state": contains(row.condition.word, value)
        case "gpu", "type": contains(row.machine ?? "", value)
        case "note": contains(row.note, value)
        default: false
        }
      case .utilization(let isBelow, let percent):
        row.utilization.map { isBelow ? $0.value * 100 < percent : $0.value * 100 > percent }
          ?? false
      }
    }
  }

  private func contains(_ text: String, _ part: String) -> Bool {
    let haystack = text.utf8
    let needle = Array(part.utf8)
    guard !needle.isEmpty, haystack.count >= needle.count else { return needle.isEmpty }
    let bytes = haystack.map { $0 >= 65 && $0 <= 90 ? $0 + 32 : $0 }
    for start in 0...(bytes.count - needle.count)
    where bytes[start] == needle[0] && bytes[start..<(start + needle.count)].elementsEqual(needle) {
      return true
    }
    return false
  }
}
