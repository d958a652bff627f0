package import Domain
package import FoundationEssentials

/// What is due, what is under way, and when to try again; decides, and does nothing itself.
package struct SyncMachine: Sendable {
  /// How often each resource is read.
  package struct Schedule: Sendable {
    package var intervals: [SyncResource: Duration]

    /// Whether whole lists are so long that changes are found by the feed first.
    package let isLarge: Bool

    /// A list of many pages is read less often: all of them together are about one request a
    /// second, however large the fleet.
    package init(fleetSize: Int) {
      let isLarge = fleetSize > 500
      self.isLarge = isLarge
      let pages = (fleetSize + 99) / 100
      func seconds(_ small: Int, perPage: Double) -> Duration {
        .seconds(isLarge ? max(30, small, Int(Double(pages) * perPage)) : small)
      }
      intervals = [
        .workloads: seconds(5, perPage: 2.5),
        // There are about three replicas and four metered runs to a workload.
        .replicas: seconds(8, perPage: 10),
        .usages: seconds(300, perPage: 40),
        .apps: seconds(120, perPage: 30),
        .revisions: .seconds(5),
        .overrides: .seconds(20),
        .activities: .seconds(10),
        .accelerators: .seconds(15),
        .traffic: .seconds(60),
        .catalogue: .seconds(3600),
        .quotas: .seconds(3600),
      ]
    }

    package func interval(_ resource: SyncResource) -> Duration {
      intervals[resource] ?? .seconds(60)
    }
  }

  package enum Outcome: Sendable {
    case succeeded
    case failed
    /// Not before this long.
    case limited(Duration)
    /// The token may not read this: once a minute is enough.
    case forbidden
  }

  private struct Track: Sendable {
    var dueAt: Date
    var isRunning = false
    var backoff = Backoff()
  }

  package var schedule: Schedule
  private var tracks: [SyncResource: Track]
  /// Nothing at all before this instant.
  private var quietUntil = Date.distantPast
  /// The least pause between readings while the platform limits.
  package private(set) var isLimited = false

  /// In the order in which a first picture is made.
  private static let order: [SyncResource] = [
    .workloads, .catalogue, .replicas, .apps, .revisions, .activities, .accelerators, .overrides,
    .traffic, .quotas, .usages,
  ]

  package init(schedule: Schedule, resources: Set<SyncResource>, now: Date) {
    self.schedule = schedule
    tracks = Dictionary(uniqueKeysWithValues: resources.map { ($0, Track(dueAt: now)) })
  }

  /// What is to be started now; each is then under way until its end is told.
  package mutating func start(at now: Date) -> [SyncResource] {
    guard now >= quietUntil else { return [] }
    var started: [SyncResource] = []
    for resource in Self.order {
      guard var track = tracks[resource], !track.isRunning, track.dueAt <= now else { continue }
      track.isRunning = true
      tracks[resource] = track
      started.append(resource)
    }
    return started
  }

  /// Takes the end of a reading; the instant of the next.
  @discardableResult
  package mutating func finish(
    _ resource: SyncResource, _ outcome: Outcome, at now: Date,
    using generator: inout some RandomNumberGenerator
  ) -> Date {
    guard var track = tracks[resource] else { return now }
    track.isRunning = false
    switch outcome {
    case .succeeded:
      track.backoff.succeed()
      isLimited = false
      track.dueAt = now.addingTimeInterval(schedule.interval(resource).seconds)
    case .failed:
      let wait = track.backoff.next(using: &generator)
      track.dueAt = now.addingTimeInterval(wait.seconds)
    case .limited(let wait):
      isLimited = true
      quietUntil = max(quietUntil, now.addingTimeInterval(wait.seconds))
      track.dueAt = quietUntil
    case .forbidden:
      track.dueAt = now.addingTimeInterval(max(60, schedule.interval(resource).seconds))
    }
    tracks[resource] = track
    return track.dueAt
  }

  /// Makes resources due at once, unless they are under way.
  package mutating func hurry(_ resources: some Sequence<SyncResource>, at now: Date) {
    for resource in resources where tracks[resource]?.isRunning == false {
      let due = tracks[resource]?.dueAt ?? now
      tracks[resource]?.dueAt = min(due, now)
    }
  }

  /// When something is due next; nil while everything is under way.
  package func nextInstant() -> Date? {
    let next = tracks.values.filter { !$0.isRunning }.map(\.dueAt).min()
    return next.map { max($0, quietUntil) }
  }

  package func isRunning(_ resource: SyncResource) -> Bool { tracks[resource]?.isRunning ?? false }
}

extension Duration {
  var seconds: Double {
    Double(components.seconds) + Double(components.attoseconds) / 1e18
  }
}
