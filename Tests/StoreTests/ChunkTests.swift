import Foundation
import Testing

@testable import Store

/// Readings come back from a chunk as they went in, and nothing that is damaged is read at all.
struct ChunkTests {
  private struct Maker {
    var generator: Seeded

    mutating func int(_ range: ClosedRange<Int>) -> Int { Int.random(in: range, using: &generator) }

    mutating func value() -> Int? {
      switch int(0...9) {
      case 0: nil
      case 1: 0
      case 2: int(-200...200)
      case 3: int(-(1 << 60)...(1 << 60))
      default: int(0...10_000)
      }
    }

    mutating func frame(at: Int64, series: [Int]) -> SampleFrame {
      let known = SampleFrame.Column.allCases.map { _ in int(0...3) > 0 }
      var rows: [Int: [Int?]] = [:]
      for number in series { rows[number] = known.map { $0 ? value() : nil } }
      return SampleFrame(at: at, rows: rows)
    }

    /// Some readings of one while; GPUs come and go.
    mutating func chunk(start: Int64) -> SampleChunk {
      var series = Set((0..<int(0...200)).map { _ in int(0...400) })
      var at = start
      let frames = (0..<int(1...6)).map { _ in
        if int(0...2) == 0 { series.formSymmetricDifference([int(0...1_000_000)]) }
        at += Int64(int(1...20_000))
        return frame(at: at, series: series.sorted())
      }
      return SampleChunk(start: start, frames: frames)
    }
  }

  @Test(arguments: 1...8 as ClosedRange<UInt64>)
  func `numbers come back from a run`(seed: UInt64) throws {
    var maker = Maker(generator: Seeded(state: seed))
    for _ in 0..<60 {
      let width = maker.int(0...62)
      let least = maker.int(-(1 << width)...(1 << width))
      let step = maker.int(0...2) == 0 ? maker.int(2...1000) : 1
      let numbers = (0..<maker.int(0...300)).map { _ in
        least &+ (maker.int(0...(1 << width) - 1) / step &* step)
      }
      try comesBack(numbers, seed)
    }
    try comesBack([Int.min, 0, Int.max], seed)
    try comesBack([Int.max], seed)
  }

  private func comesBack(_ numbers: [Int], _ seed: UInt64) throws {
    var writer = PackedWriter()
    writer.write(run: numbers)
    let (found, isAtEnd) = try writer.bytes.withUnsafeBytes { bytes in
      var reader = PackedReader(bytes)
      return (try reader.run(count: numbers.count), reader.isAtEnd)
    }
    #expect(found == numbers, "seed \(seed)")
    #expect(isAtEnd)
  }

  @Test(arguments: 1...8 as ClosedRange<UInt64>)
  func `readings come back from a chunk`(seed: UInt64) throws {
    var maker = Maker(generator: Seeded(state: seed))
    for _ in 0..<20 {
      let chunk = maker.chunk(start: 1_795_500_000_000)
      let payload = chunk.payload()
      #expect(
        try SampleChunk(payload: payload, start: chunk.start).frames == chunk.frames,
        "seed \(seed)")
      let reader = try ChunkReader(payload, start: chunk.start)
      for (place, frame) in chunk.frames.enumerated() {
        let found = try reader.frame(place, columns: [.power])
        #expect(found[.power] == frame[.power], "seed \(seed)")
        #expect(found[.memory] == SampleColumn(absent: frame.series.count), "seed \(seed)")
      }
    }
  }

  @Test(arguments: 1...6 as ClosedRange<UInt64>)
  func `a damaged chunk is an error and never a trap`(seed: UInt64) throws {
    var maker = Maker(generator: Seeded(state: seed))
    for _ in 0..<10 {
      let chunk = maker.chunk(start: 0)
      let payload = chunk.payload()
      for _ in 0..<20 {
        let cut = maker.int(0...payload.count - 1)
        #expect(throws: (any Error).self, "seed \(seed), cut at \(cut)") {
          try SampleChunk(payload: payload.prefix(cut), start: 0)
        }
        var broken = payload
        for _ in 0...maker.int(0...3) {
          broken[maker.int(0...broken.count - 1)] ^= UInt8(1 << maker.int(0...7))
        }
        // Any numbers, or an error.
        _ = try? SampleChunk(payload: broken, start: .max - 5)
        _ = try? SampleChunk(payload: broken, start: 0).means()
      }
      #expect(throws: (any Error).self) { try SampleChunk(payload: payload + [0], start: 0) }
    }
    #expect(throws: (any Error).self) { try SampleChunk(payload: Data(), start: 0) }
    #expect(throws: (any Error).self) { try SampleChunk(payload: Data([9, 0]), start: 0) }
  }

  @Test func `a sample of a busy GPU takes less than five bytes`() {
    var maker = Maker(generator: Seeded(state: 7))
    let base = (0..<2000).map { _ in maker.int(2000...9000) }
    let frames = (0..<4).map { tick in
      SampleFrame(
        at: Int64(tick) * 15_000,
        rows: Dictionary(
          uniqueKeysWithValues: base.indices.map { number in
            let busy = base[number] + maker.int(-400...400)
            return (
              number, [busy, 65_000 + number % 3, 1120 + busy * 56 / 100, 340 + busy / 24, nil]
            )
          }))
    }
    let chunk = SampleChunk(start: 0, frames: frames)
    #expect(Double(chunk.payload().count) / Double(chunk.sampleCount) < 5)
  }

  @Test func `two readings of one instant are one`() {
    var chunk = SampleChunk(start: 0)
    chunk.add(
      SampleFrame(at: 5, rows: [1: [10, nil, nil, nil, nil], 2: [20, nil, nil, nil, nil]]))
    chunk.add(
      SampleFrame(at: 5, rows: [2: [21, nil, nil, nil, nil], 4: [40, nil, nil, nil, nil]]))
    #expect(chunk.frames.map(\.series) == [[1, 2, 4]])
    #expect((0..<3).map { chunk.frames[0][.utilization][$0] } == [10, 21, 40])
  }

  @Test func `a mean is of what was known in its minute`() {
    let chunk = SampleChunk(
      start: 0,
      frames: [
        SampleFrame(at: 60_000, rows: [1: [100, 5, nil, 30, 31], 2: [nil, nil, nil, nil, nil]]),
        SampleFrame(at: 75_000, rows: [1: [301, 4, 7, nil, nil]]),
        SampleFrame(at: 59_000, rows: [1: [9, nil, nil, nil, nil]]),
      ])
    let means = chunk.means()
    #expect(means.map(\.at) == [0, 60_000])
    #expect(means[0].row(0) == [9, nil, nil, nil, nil])
    #expect(means[1].series == [1, 2])
    #expect(means[1].row(0) == [201, 5, 7, 30, 31])
    #expect(means[1].row(1) == [nil, nil, nil, nil, nil])
  }
}
