import FoundationEssentials

/// Makes the strip of a day: money from the platform's meter, the rest from what was seen.
struct DayTrendRules {
  let facts: FleetFacts
  let now: Date

  func trend(events: [ScalingEvent], findings: [Finding]) -> DayTrend {
    var trend = DayTrend(end: DayTrend.end(of: now))
    trend.marks = marks(events, findings, since: trend.end.addingTimeInterval(-86_400))
    seen(into: &trend)
    metered(into: &trend)
    return trend
  }

  private func metered(into trend: inout DayTrend) {
    guard let day = facts.meteredDay, !day.seconds.isEmpty else { return }
    let length = Double(day.step.components.seconds)
    var burn = [Double](repeating: 0, count: DayTrend.count)
    var replicas = burn
    var hasPrice = false
    for (type, seconds) in day.seconds {
      // A chart is no bill: its heights are plain numbers.
      let price = facts.catalogue.types[type]?.pricePerHour.map { Double($0.rank) / 10_000 }
      hasPrice = hasPrice || price != nil
      for (place, value) in seconds.enumerated() where place < burn.count {
        replicas[place] += value / length
        burn[place] += value / length * (price ?? 0)
      }
    }
    // The meter's open step has only run so far; one that had just begun says nothing yet. Steps
    // since the meter was read are a gap.
    let readAt = facts.usagesCoveredUntil ?? day.end
    let open = min(1, 1 - day.end.timeIntervalSince(readAt) / length)
    let late = max(0, Int((trend.end.timeIntervalSince(day.end) / length).rounded()))
    func history(_ values: [Double]) -> History {
      var shown = values.map { Double?.some($0) }
      shown[DayTrend.count - 1] = open < 0.05 ? nil : values[DayTrend.count - 1] / open
      shown = shown.dropFirst(late) + Array(repeating: nil, count: min(late, DayTrend.count))
      return History(step: DayTrend.step, end: trend.end, values: shown)
    }
    if hasPrice { trend.lines[.burn] = history(burn) }
    trend.lines[.replicas] = history(replicas)
  }

  private func seen(into trend: inout DayTrend) {
    var sums: [DayTrend.Line: [Double]] = [:]
    var counts: [DayTrend.Line: [Int]] = [:]
    let length = Double(DayTrend.step.components.seconds)
    func add(_ value: Double?, to line: DayTrend.Line, at place: Int) {
      guard let value else { return }
      sums[line, default: Array(repeating: 0, count: DayTrend.count)][place] += value
      counts[line, default: Array(repeating: 0, count: DayTrend.count)][place] += 1
    }
    for point in facts.trend {
      let back = Int((trend.end.timeIntervalSince(point.at) / length).rounded(.up)) - 1
      guard (0..<DayTrend.count).contains(back) else { continue }
      let place = DayTrend.count - 1 - back
      add(point.idlePerHour.map { Double($0.rank) / 10_000 }, to: .idle, at: place)
      add(point.utilization?.value, to: .utilization, at: place)
      add(point.requestsPerSecond, to: .requests, at: place)
      add(point.latencyP99?.value, to: .latency, at: place)
      add(Double(point.troubled), to: .trouble, at: place)
    }
    for (line, totals) in sums {
      let known = counts[line] ?? []
      let values = zip(totals, known).map { $1 == 0 ? nil : $0 / Double($1) }
      trend.lines[line] = History(step: DayTrend.step, end: trend.end, values: values)
    }
  }

  private func marks(
    _ events: [ScalingEvent], _ findings: [Finding], since start: Date
  ) -> [TrendMark] {
    let scalings = events.lazy.map { TrendMark(at: $0.at, letter: "s") }
    let deployments = facts.activities.lazy
      .filter { $0.objectType == "deployment" && ["succeeded", "failed"].contains($0.verb) }
      .map { TrendMark(at: $0.at, letter: "d") }
    let own = facts.journal.lazy.map { TrendMark(at: $0.at, letter: "y") }
    let alarms = findings.lazy.filter { $0.severity == .critical }
      .compactMap { finding in finding.since.map { TrendMark(at: $0, letter: "!") } }
    let all = Array(scalings) + Array(deployments) + Array(own) + Array(alarms)
    return all.filter { $0.at > start && $0.at <= now }.sorted { $0.at < $1.at }
  }
}
