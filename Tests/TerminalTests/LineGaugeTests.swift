import Testing

@testable import Terminal

struct LineGaugeTests {
  private let start = ContinuousClock.now

  /// What a gauge says of a frame: whether it may be written, and whether to ask after it.
  private func write(
    _ bytes: Int, at now: ContinuousClock.Instant, _ gauge: inout LineGauge
  ) -> (may: Bool, asks: Bool) {
    guard gauge.mayWrite(at: now) else { return (false, false) }
    return (true, gauge.wrote(bytes, at: now))
  }

  @Test func `a second large frame waits for the answer to the first`() {
    var gauge = LineGauge()
    let first = write(3_000, at: start, &gauge)
    #expect(first == (true, true))
    let tooEarly = write(3_000, at: start + .milliseconds(100), &gauge)
    #expect(tooEarly == (false, false))
    gauge.answered()
    #expect(gauge.isAnswering)
    let second = write(3_000, at: start + .milliseconds(200), &gauge)
    #expect(second == (true, true))
    // It has answered before: now it is waited for.
    let third = write(3_000, at: start + .seconds(5), &gauge)
    #expect(third == (false, false))
  }

  @Test func `small frames do not wait`() {
    var gauge = LineGauge()
    for step in 0..<5 {
      let result = write(180, at: start + .milliseconds(step * 10), &gauge)
      #expect(result.may)
    }
  }

  @Test func `a terminal that never answers holds up nothing for long`() {
    var gauge = LineGauge()
    var now = start
    for _ in 0..<LineGauge.mostUnanswered {
      let result = write(3_000, at: now, &gauge)
      #expect(result == (true, true))
      now += .milliseconds(500)
    }
    let last = write(3_000, at: now, &gauge)
    #expect(last == (true, false))
    let next = write(3_000, at: now, &gauge)
    #expect(next == (true, false))
    #expect(!gauge.isAnswering)
  }

  @Test func `an answer is taken out of the keys, and all else is left in`() {
    func run(_ text: String) -> (answers: Int, keys: String) {
      var filter = ReplyFilter()
      var answers = 0
      var keys = String.UnicodeScalarView()
      func add(_ scalars: [UInt32]) {
        keys.append(contentsOf: scalars.compactMap(Unicode.Scalar.init))
      }
      for scalar in text.unicodeScalars {
        guard filter.isHolding || scalar.value == 0x1B else {
          add([scalar.value])
          continue
        }
        switch filter.take(scalar.value) {
        case .answer: answers += 1
        case .keys(let scalars): add(scalars)
        }
      }
      add(filter.release())
      return (answers, String(keys))
    }
    #expect(run("j\u{1B}[?62;4ck") == (1, "jk"))
    #expect(run("\u{1B}[?1;2c\u{1B}[?1;2c") == (2, ""))
    #expect(run("\u{1B}q") == (0, "\u{1B}q"))
    #expect(run("\u{1B}[?12") == (0, "\u{1B}[?12"))
    #expect(run("\u{1B}[?" + String(repeating: "1", count: 60)).answers == 0)
  }

  @Test func `the cost of a frame grows with what differs`() {
    var frame = Frame(size: Size(width: 80, height: 24))
    let before = frame
    #expect(FrameCost.bytes(from: before, to: frame) == 0)
    frame.write("abc", at: 3, 3)
    let small = FrameCost.bytes(from: before, to: frame)
    #expect(small > 3 && small < 40)
    frame.write(String(repeating: "⣿", count: 60), at: 0, 5)
    #expect(FrameCost.bytes(from: before, to: frame) > small + 180)
    #expect(FrameCost.bytes(from: nil, to: frame) >= FrameCost.bytes(from: before, to: frame))
  }
}
