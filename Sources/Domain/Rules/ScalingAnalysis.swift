package import FoundationEssentials

/// What recent scaling says of one workload.
package struct ScalingAnalysis: Equatable, Sendable {
  /// Changes of direction within the window.
  package var reversals: Int
  /// Since when it has had as many replicas as it may; nil when it has fewer.
  package var pinnedSince: Date?

  /// How far back reversals count.
  package static let window: Double = 20 * 60
  /// So many reversals within the window are flapping.
  package static let flappingAt = 4
  /// At the maximum for so long counts as pinned.
  package static let pinnedAfter: Double = 5 * 60

  package var isFlapping: Bool { reversals >= Self.flappingAt }

  /// `events` are one workload's, newest first.
  package static func reversals(in events: [ScalingEvent], now: Date) -> Int {
    var last: [RegionID?: Bool] = [:]
    var count = 0
    for event in events.reversed() where now.timeIntervalSince(event.at) <= window {
      guard let from = event.from, let to = event.to, from != to else { continue }
      let isUp = to > from
      if let before = last[event.region], before != isUp { count += 1 }
      last[event.region] = isUp
    }
    return count
  }

  /// Why the autoscaler may have acted, from its targets and the traffic; an inference.
  package static func inferredReason(
    kind: ScalingEvent.Kind, from: Int?, to: Int?, scaling: Definition.Scaling?,
    traffic: TrafficSample?
  ) -> String? {
    guard let scaling else { return nil }
    switch kind {
    case .slept:
      for case .idle(let deep, let light) in scaling.targets {
        if let seconds = deep ?? light { return "no request for \(seconds)s" }
      }
      return "no traffic"
    case .woke: return "a request came"
    case .overrideSet, .overrideReleased: return nil
    case .up, .down: break
    }
    guard let traffic, let from, from > 0 else { return nil }
    let sign = kind == .up ? ">" : "<"
    for target in scaling.targets {
      switch target {
      case .requestsPerSecond(let limit):
        guard let rate = traffic.requestsPerSecond else { continue }
        let share = rate / Double(from)
        guard (share > Double(limit)) == (kind == .up) else { continue }
        return "rps \(Formatting.rate(share))\(sign)\(limit)"
      case .processor(let percent):
        guard let load = traffic.processor else { continue }
        guard (load.percent > percent) == (kind == .up) else { continue }
        return "cpu \(load.percent)\(sign)\(percent)"
      case .responseTime(let limit, let quantile):
        guard let latency = traffic.latencyP99 else { continue }
        guard (latency.value > Double(limit)) == (kind == .up) else { continue }
        return "p\(quantile) \(Formatting.latency(latency))\(sign)\(limit)ms"
      case .memory, .concurrentRequests, .idle: continue
      }
    }
    return nil
  }
}
