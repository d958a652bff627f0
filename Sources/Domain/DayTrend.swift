package import FoundationEssentials

/// What the whole fleet was like in one minute, as it was seen.
package struct TrendPoint: Equatable, Sendable, Codable {
  package let at: Date
  /// What idle GPUs cost; nil without GPU data or prices.
  package let idlePerHour: Money?
  /// Mean over all GPUs; nil without GPU data.
  package let utilization: Ratio?
  package let ready: Int
  /// Sum over the deployments whose traffic is read; nil when none is.
  package let requestsPerSecond: Double?
  /// The worst of the deployments whose traffic is read.
  package let latencyP99: Milliseconds?
  /// Deployments that are critical or have a warning.
  package let troubled: Int

  package init(
    at: Date, idlePerHour: Money?, utilization: Ratio?, ready: Int, requestsPerSecond: Double?,
    latencyP99: Milliseconds?, troubled: Int
  ) {
    self.at = at
    self.idlePerHour = idlePerHour
    self.utilization = utilization
    self.ready = ready
    self.requestsPerSecond = requestsPerSecond
    self.latencyP99 = latencyP99
    self.troubled = troubled
  }

  package init(_ snapshot: FleetSnapshot, at: Date) {
    let groups = snapshot.accelerators.groups
    let total = groups.reduce(0) { $0 + $1.total }
    let load = groups.reduce(0.0) { $0 + ($1.utilization?.value ?? 0) * Double($1.total) }
    let isKnown = total > 0 && groups.contains { $0.utilization != nil }
    let rates = snapshot.workloads.compactMap(\.requestsPerSecond)
    self.init(
      // As the catalogue has it: the table of rates may be another one day.
      at: at,
      idlePerHour: snapshot.accelerators.idlePerHour.map { idle in
        snapshot.costs.fixedRate?.undone(idle) ?? idle
      },
      utilization: isKnown ? Ratio(load / Double(total)) : nil,
      ready: snapshot.workloads.reduce(0) { $0 + $1.replicas.ready },
      requestsPerSecond: rates.isEmpty ? nil : rates.reduce(0, +),
      latencyP99: snapshot.workloads.compactMap(\.latencyP99).max { $0.value < $1.value },
      troubled: (snapshot.counts[.critical] ?? 0) + (snapshot.counts[.warning] ?? 0))
  }
}

/// Replicas that the platform metered over a day, by type, in even steps.
///
/// The platform keeps its meter itself: this part of the past is known at the first start.
package struct MeteredDay: Equatable, Sendable {
  /// The end of the last step, which is still open.
  package let end: Date
  package let step: Duration
  /// Seconds that replicas of a type ran in each step, oldest first.
  package let seconds: [InstanceTypeID: [Double]]

  package init(end: Date, step: Duration, seconds: [InstanceTypeID: [Double]]) {
    self.end = end
    self.step = step
    self.seconds = seconds
  }
}

/// Something that happened, as one letter in the strip of a day.
package struct TrendMark: Equatable, Sendable, Codable {
  package let at: Date
  package let letter: String

  package init(at: Date, letter: String) {
    self.at = at
    self.letter = letter
  }
}

/// The last day of the whole fleet, in steps of five minutes.
package struct DayTrend: Equatable, Sendable, Codable {
  package enum Line: String, Sendable, Codable, CaseIterable {
    case burn, idle, utilization, replicas, requests, latency, trouble
  }

  package static let step: Duration = .seconds(300)
  package static let count = 288

  /// A line that is missing has no value at all.
  package var lines: [Line: History]
  package var marks: [TrendMark]
  /// The end of the last step.
  package var end: Date

  package init(lines: [Line: History] = [:], marks: [TrendMark] = [], end: Date = .distantPast) {
    self.lines = lines
    self.marks = marks
    self.end = end
  }

  /// The end of the step that an instant falls into.
  package static func end(of now: Date) -> Date {
    let length = Double(step.components.seconds)
    return Date(
      timeIntervalSince1970: (now.timeIntervalSince1970 / length).rounded(.down) * length + length)
  }
}
