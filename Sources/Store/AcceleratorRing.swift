import Domain
import Foundation

/// The latest samples of every GPU and a short past of how busy it was.
struct AcceleratorRing {
  /// Ticks kept; at fifteen seconds a quarter of an hour.
  static let length = 60

  struct Track {
    var latest: AcceleratorSample
    var values: [Float]
    /// How many ticks had passed when the last value came.
    var lastTick: Int
    var idleSince: Date?
  }

  private var tracks: [AcceleratorID: Track] = [:]
  private var tick = 0
  private(set) var lastAt: Date?
  private(set) var step: Duration = .seconds(15)

  init(step: Duration = .seconds(15)) {
    self.step = step
  }

  init(step: Duration, tick: Int, lastAt: Date?, tracks: [AcceleratorID: Track]) {
    self.step = step
    self.tick = tick
    self.lastAt = lastAt
    self.tracks = tracks
  }

  var isEmpty: Bool { tracks.isEmpty }

  /// When the source took the newest sample of a GPU; nil when there is none.
  func latestAt(_ id: AcceleratorID) -> Date? { tracks[id]?.latest.sampledAt }

  /// Takes all samples of one instant; GPUs that are not among them get a gap.
  mutating func add(_ samples: [AcceleratorSample], at: Date) {
    if let lastAt {
      guard at > lastAt else { return }
      tick += Self.ticks(from: lastAt, to: at, step: step)
    }
    lastAt = at
    for sample in samples {
      let value = sample.utilization.map { Float($0.value) } ?? .nan
      let isIdle = sample.utilization.map { $0.value < 0.05 } ?? false
      var track =
        tracks[sample.id]
        ?? Track(latest: sample, values: [], lastTick: tick - 1)
      let gap = min(Self.length, tick - track.lastTick - 1)
      if gap > 0 { track.values += [Float](repeating: .nan, count: gap) }
      track.values.append(value)
      if track.values.count > Self.length {
        track.values.removeFirst(track.values.count - Self.length)
      }
      track.lastTick = tick
      track.latest = sample
      track.idleSince = isIdle ? track.idleSince ?? sample.sampledAt : nil
      tracks[sample.id] = track
    }
    // A GPU that was not seen for the whole ring is no longer there.
    tracks = tracks.filter { tick - $0.value.lastTick < Self.length }
  }

  /// How many ticks pass between two readings: one at least, and never more than the ring holds.
  static func ticks(from earlier: Date, to later: Date, step: Duration) -> Int {
    let passed = later.timeIntervalSince(earlier) / Double(step.components.seconds)
    return Int(min(Double(length), max(1, passed.rounded())))
  }

  var facts: [FleetFacts.Accelerator] {
    let end = lastAt ?? .distantPast
    return tracks.values.map { Self.fact(of: $0, tick: tick, step: step, end: end) }
  }

  /// A track as it is told at a tick; ticks without a value are gaps.
  static func fact(
    of track: Track, tick: Int, step: Duration, end: Date
  ) -> FleetFacts.Accelerator {
    let late = tick - track.lastTick
    var values = track.values
    if late > 0 {
      values += [Float](repeating: .nan, count: late)
      values.removeFirst(max(0, values.count - length))
    }
    return FleetFacts.Accelerator(
      latest: track.latest, history: History(step: step, end: end, storage: values),
      idleSince: track.idleSince)
  }
}
