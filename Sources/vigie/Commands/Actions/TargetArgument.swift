import ArgumentParser
import Domain

/// What the autoscaler aims at, as it is written: `rps=50`, `cpu=70`, `latency=250ms@p95`.
struct TargetArgument: ExpressibleByArgument, Equatable {
  let target: Definition.Scaling.Target

  static let forms = "rps=50, concurrent=8, cpu=70, mem=80, latency=250ms@p95"

  init?(argument: String) {
    let parts = argument.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
    guard parts.count == 2 else { return nil }
    let value = String(parts[1])
    if parts[0] == "latency" {
      guard let target = Self.latency(value) else { return nil }
      self.target = target
      return
    }
    guard let number = Self.number(value) else { return nil }
    switch parts[0] {
    case "rps": target = .requestsPerSecond(number)
    case "concurrent": target = .concurrentRequests(number)
    case "cpu": target = .processor(percent: number)
    case "mem": target = .memory(percent: number)
    default: return nil
    }
  }

  /// `250ms@p95` or `1s@p99`.
  private static func latency(_ text: String) -> Definition.Scaling.Target? {
    let parts = text.split(separator: "@", maxSplits: 1, omittingEmptySubsequences: false)
    guard parts.count == 2, parts[1].hasPrefix("p"),
      let quantile = number(String(parts[1].dropFirst())), quantile < 100
    else { return nil }
    let unit = parts[0].hasSuffix("ms") ? 1 : 1000
    guard parts[0].hasSuffix("s"),
      let count = number(String(parts[0].dropLast(unit == 1 ? 2 : 1))), count <= 3_600_000
    else { return nil }
    return .responseTime(milliseconds: count * unit, quantile: quantile)
  }

  /// Digits alone, above zero; what is too much is left to the plan to refuse.
  private static func number(_ text: String) -> Int? {
    guard !text.isEmpty, text.utf8.allSatisfy({ $0 >= 48 && $0 <= 57 }) else { return nil }
    return Int(text).flatMap { $0 > 0 ? $0 : nil }
  }

  /// The word of a kind that is there more than once; nil when there is none.
  static func kindGivenTwice(_ targets: [Definition.Scaling.Target]) -> String? {
    var seen: Set<String> = []
    return targets.map(word).first { !seen.insert($0).inserted }
  }

  private static func word(_ target: Definition.Scaling.Target) -> String {
    switch target {
    case .processor: "cpu"
    case .memory: "mem"
    case .requestsPerSecond: "rps"
    case .concurrentRequests: "concurrent"
    case .responseTime: "latency"
    case .idle: "idle"
    }
  }
}
