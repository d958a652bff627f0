import Domain
import Foundation

/// Makes a ring of readings that are on disk, all at once: for thousands of GPUs that is many times
/// quicker than to add one reading after another.
struct RingBuilder {
  private let step: Duration
  private var idle = IdleSeries()
  private var frames: [SampleFrame] = []
  private var ticks: [Int] = []

  init(step: Duration) {
    self.step = step
  }

  /// Takes a reading from before the ring, for how long a GPU had been idle.
  mutating func addOlder(_ frame: SampleFrame) { idle.add(frame) }

  /// Takes the next reading of the ring.
  mutating func add(_ frame: SampleFrame) {
    if let last = frames.last {
      guard frame.at > last.at else { return }
      ticks.append(
        (ticks.last ?? 0)
          + AcceleratorRing.ticks(from: date(last.at), to: date(frame.at), step: step))
    } else {
      ticks.append(0)
    }
    frames.append(frame)
    idle.add(frame)
  }

  var lastAt: Date? { frames.last.map { date($0.at) } }

  /// The ring; series that have no identity are left out.
  func ring(identity: (Int) -> AcceleratorSample?) -> AcceleratorRing {
    let tracks = tracks(identity: identity)
    return AcceleratorRing(
      step: step, tick: ticks.last ?? 0, lastAt: lastAt,
      tracks: Dictionary(tracks.map { ($0.latest.id, $0) }, uniquingKeysWith: { $1 }))
  }

  /// What the ring would tell, without a ring.
  func facts(identity: (Int) -> AcceleratorSample?) -> [FleetFacts.Accelerator] {
    guard let lastAt, let now = ticks.last else { return [] }
    return tracks(identity: identity).map {
      AcceleratorRing.fact(of: $0, tick: now, step: step, end: lastAt)
    }
  }

  private func tracks(identity: (Int) -> AcceleratorSample?) -> [AcceleratorRing.Track] {
    guard let last = frames.last, let now = ticks.last else { return [] }
    let series =
      frames.allSatisfy { $0.series == last.series }
      ? last.series : Set(frames.flatMap(\.series)).sorted()
    let places = frames.map { SampleChunk.places(of: series, in: $0.series) }
    let since = idle.since(series)
    var tracks: [AcceleratorRing.Track] = []
    tracks.reserveCapacity(series.count)
    for (index, number) in series.enumerated() {
      guard let identity = identity(number),
        var track = track(identity, places: places.map { $0[index] }),
        now - track.lastTick < AcceleratorRing.length
      else { continue }
      track.idleSince = since[index].map(date)
      tracks.append(track)
    }
    return tracks
  }

  /// `places` says where the GPU stands in each reading.
  private func track(
    _ identity: AcceleratorSample, places: [Int?]
  ) -> AcceleratorRing.Track? {
    guard let newest = places.lastIndex(where: { $0 != nil }), let place = places[newest] else {
      return nil
    }
    var values: [Float] = []
    values.reserveCapacity(frames.count)
    var before: Int?
    for (frame, place) in zip(frames.indices, places) {
      guard let place else { continue }
      let gap = min(AcceleratorRing.length, ticks[frame] - (before ?? ticks[frame] - 1) - 1)
      for _ in 0..<gap { values.append(.nan) }
      let value = frames[frame][.utilization][place].flatMap(SampleUnits.utilization)
      values.append(value.map { Float($0.value) } ?? .nan)
      before = ticks[frame]
    }
    let frame = frames[newest]
    return AcceleratorRing.Track(
      latest: identity.with(numbers: SampleUnits.numbers(frame, place), at: date(frame.at)),
      values: values.suffix(AcceleratorRing.length), lastTick: ticks[newest])
  }
}

/// Since when each series that is idle has been so without a break, as far as was read.
struct IdleSeries {
  /// Below so many hundredths of a percent a GPU counts as idle.
  private static let threshold = 500

  private var series: [Int] = []
  private var since: [Int64?] = []

  mutating func add(_ frame: SampleFrame) {
    if series != frame.series { extend(to: frame.series) }
    let utilization = frame[.utilization]
    guard series == frame.series else {
      for (index, place) in SampleChunk.places(of: series, in: frame.series).enumerated() {
        if let place { note(utilization[place], frame.at, index) }
      }
      return
    }
    for index in series.indices { note(utilization[index], frame.at, index) }
  }

  private mutating func note(_ utilization: Int?, _ at: Int64, _ index: Int) {
    guard let utilization, utilization < Self.threshold else {
      since[index] = nil
      return
    }
    since[index] = since[index] ?? at
  }

  private mutating func extend(to others: [Int]) {
    let all = Set(series).union(others).sorted()
    since = SampleChunk.places(of: all, in: series).map { $0.flatMap { since[$0] } }
    series = all
  }

  /// In milliseconds since 1970, by place.
  func since(_ wanted: [Int]) -> [Int64?] {
    SampleChunk.places(of: wanted, in: series).map { $0.flatMap { since[$0] } }
  }
}
