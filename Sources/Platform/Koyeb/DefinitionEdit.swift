package import Domain
import FoundationEssentials

/// Changes to a definition before it is sent back, as Koyeb needs them; see each one's reason.
package enum DefinitionEdit {
  /// Makes an old definition fit to be sent again.
  ///
  /// Pins the commit that was built, since an empty one means the branch's head; and drops the
  /// zeros that the platform stores but refuses.
  package static func forRollback(_ definition: JSONValue, commit: String?) -> JSONValue {
    var result = withoutStoredZeros(definition)
    if var git = result["git"], case .object = git, let commit {
      git["sha"] = .string(commit)
      result["git"] = git
    }
    return result
  }

  /// Puts new bounds into every scaling entry; targets go when nothing is left to decide.
  package static func withBounds(
    _ definition: JSONValue, minimum: Int, maximum: Int
  ) -> JSONValue {
    var result = withoutStoredZeros(definition)
    let entries = result["scalings"]?.elements ?? [.object([:])]
    result["scalings"] = .array(
      entries.map { entry in
        var changed = entry
        changed["min"] = .number(Decimal(minimum))
        changed["max"] = .number(Decimal(maximum))
        if minimum == maximum { changed["targets"] = .array([]) }
        if minimum > 0, let targets = changed["targets"]?.elements {
          // Sleeping makes sense from zero alone.
          changed["targets"] = .array(targets.filter { $0["sleep_idle_delay"] == nil })
        }
        return changed
      })
    return result
  }

  /// Puts new targets into every scaling entry that leaves something to decide; when it sleeps
  /// stays as it is, unless that is told too.
  package static func withTargets(
    _ definition: JSONValue, _ targets: [Definition.Scaling.Target]
  ) -> JSONValue {
    var result = withoutStoredZeros(definition)
    let sleeps = targets.contains { if case .idle = $0 { true } else { false } }
    result["scalings"] = .array(
      (result["scalings"]?.elements ?? []).map { entry in
        guard leavesSomethingToDecide(entry) else { return entry }
        var changed = entry
        let kept = (entry["targets"]?.elements ?? []).filter {
          !sleeps && $0["sleep_idle_delay"] != nil
        }
        changed["targets"] = .array(targets.map(written) + kept)
        return changed
      })
    return result
  }

  private static func leavesSomethingToDecide(_ entry: JSONValue) -> Bool {
    guard case .number(let minimum) = entry["min"], case .number(let maximum) = entry["max"] else {
      return false
    }
    return minimum < maximum
  }

  private static func written(_ target: Definition.Scaling.Target) -> JSONValue {
    func number(_ value: Int) -> JSONValue { .number(Decimal(value)) }
    return switch target {
    case .processor(let percent): .object(["average_cpu": .object(["value": number(percent)])])
    case .memory(let percent): .object(["average_mem": .object(["value": number(percent)])])
    case .requestsPerSecond(let count):
      .object(["requests_per_second": .object(["value": number(count)])])
    case .concurrentRequests(let count):
      .object(["concurrent_requests": .object(["value": number(count)])])
    case .responseTime(let milliseconds, let quantile):
      .object([
        "requests_response_time": .object([
          "value": number(milliseconds), "quantile": number(quantile),
        ])
      ])
    case .idle(let deep, let light):
      .object([
        "sleep_idle_delay": .object(
          [("deep_sleep_value", deep), ("light_sleep_value", light)].reduce(into: [:]) {
            if let seconds = $1.1 { $0[$1.0] = number(seconds) }
          })
      ])
    }
  }

  static func withoutStoredZeros(_ definition: JSONValue) -> JSONValue {
    var result = definition
    guard let entries = result["scalings"]?.elements else { return result }
    result["scalings"] = .array(
      entries.map { entry in
        guard let targets = entry["targets"]?.elements else { return entry }
        var changed = entry
        changed["targets"] = .array(targets.compactMap(withoutZeroDelays))
        return changed
      })
    return result
  }

  /// Nil for a target in which nothing is left.
  private static func withoutZeroDelays(_ target: JSONValue) -> JSONValue? {
    guard case .object(let members) = target else { return target }
    let kept = members.compactMapValues { value -> JSONValue? in
      if value == .null { return nil }
      guard case .object(let inner) = value else { return value }
      return .object(inner.filter { $0.value != .null })
    }
    guard case .object(let delays) = kept["sleep_idle_delay"] else {
      return kept.isEmpty ? nil : .object(kept)
    }
    let positive = delays.filter { $0.value != .number(0) && $0.value != .string("0") }
    return positive.isEmpty ? nil : .object(["sleep_idle_delay": .object(positive)])
  }
}
