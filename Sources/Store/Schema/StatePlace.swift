/// Where a state stands in its table: those that held at the same instant stand together.
///
/// A place is made of a slice and of a number within it. A slice is a class and a second: states
/// that ended stand by how long they held and when they ended, those that still hold by when they
/// began. An interval of a class ends within the class's length of any instant at which it held, so
/// that what held at an instant is found in one short run of each class.
enum StatePlace {
  /// Lengths of intervals in milliseconds, each above those of its class; the last has no bound.
  private static let lengths: [Int64] = [
    60_000, 240_000, 960_000, 3_840_000, 15_360_000, 61_440_000, 245_760_000,
  ]
  private static let open = Int64(lengths.count + 1)
  private static let secondBits: Int64 = 33
  private static let numberBits: Int64 = 26
  /// In the year 2242; a check of the table says the same.
  private static let lastSecond: Int64 = 1 << secondBits - 1

  /// The places for an interval; the first that is free is taken.
  static func places(from: Int64, until: Int64?) -> ClosedRange<Int64> {
    guard let until else { return places(open, from, from) }
    return places(lengthClass(until - from), until, until)
  }

  /// Where all states are that held at an instant, among others.
  static func places(heldAt at: Int64) -> [ClosedRange<Int64>] {
    lengths.enumerated().map { places(Int64($0), at, at + $1) } + [
      places(open - 1, at, .max), places(open, 0, at),
    ]
  }

  /// Where all states are that ended before an instant, among others.
  static func places(endedBefore limit: Int64) -> [ClosedRange<Int64>] {
    (0..<open).map { places($0, 0, limit) }
  }

  /// Where all states are that ended at an instant or later, among others.
  static func places(endedSince low: Int64) -> [ClosedRange<Int64>] {
    (0..<open).map { places($0, low, .max) }
  }

  /// Where all states are that still hold.
  static let openPlaces = places(open, 0, .max)

  private static func lengthClass(_ length: Int64) -> Int64 {
    Int64(lengths.firstIndex { length < $0 } ?? lengths.count)
  }

  private static func places(
    _ lengthClass: Int64, _ first: Int64, _ last: Int64
  ) -> ClosedRange<Int64> {
    let begin = (lengthClass << secondBits + second(first)) << numberBits
    let end = (lengthClass << secondBits + second(last) + 1) << numberBits - 1
    return begin...end
  }

  private static func second(_ at: Int64) -> Int64 { min(max(at / 1000, 0), lastSecond) }
}
