import Domain
import Foundation
import GRDB

/// The metered runs of one month, for totals at any of its instants.
///
/// A run counts from its start for as many seconds as the platform metered, cut at midnight.
struct UsageRuns {
  /// Milliseconds since 1970 at which the month begins, UTC.
  let month: Int64
  private var groups: [Group] = []
  private var runs: [Run] = []

  private struct Group {
    var workload: WorkloadID
    var region: RegionID
    var type: InstanceTypeID
  }

  private struct Run {
    var group: Int32
    var started: Int64
    /// Nil while it goes on.
    var ended: Int64?
    /// The end as far as it was metered.
    var metered: Int64
  }

  /// A day and a step more: the day before an instant may have begun in the month before.
  private static let dayBefore: Int64 = 90_000_000

  private static let calendar: Calendar = {
    var calendar = Calendar(identifier: .gregorian)
    calendar.timeZone = .gmt
    return calendar
  }()

  static func month(of now: Date) -> Int64 {
    stamp(calendar.dateInterval(of: .month, for: now)?.start ?? now)
  }

  init(_ database: Database, month: Int64) throws {
    self.month = month
    // The table is not in this order: groups are found by their texts, which are read once each.
    var places: [[String]: Int32] = [:]
    let rows = try Row.fetchCursor(
      try database.cachedStatement(
        sql: """
          SELECT workload, region, type, started, ended, started + seconds * 1000 FROM usage
          WHERE ended IS NULL OR ended > ?
          """), arguments: [month - Self.dayBefore])
    while let row = try rows.next() {
      let texts: [String] = [row[0], row[1], row[2]]
      let place = places[texts] ?? Int32(groups.count)
      if place == groups.count {
        places[texts] = place
        groups.append(
          Group(
            workload: WorkloadID(texts[0]), region: RegionID(texts[1]),
            type: InstanceTypeID(texts[2])))
      }
      let ended: Int64? = row[4]
      runs.append(Run(group: place, started: row[3], ended: ended, metered: ended ?? row[5]))
    }
    sortGroups()
  }

  /// By workload: totals come in this order, and are asked for often.
  private mutating func sortGroups() {
    let order = groups.indices.sorted { groups[$0].workload < groups[$1].workload }
    var places = [Int32](repeating: 0, count: groups.count)
    for (place, group) in order.enumerated() { places[group] = Int32(place) }
    groups = order.map { groups[$0] }
    for index in runs.indices { runs[index].group = places[Int(runs[index].group)] }
  }

  /// What ran today and in this month until an instant, by workload.
  func totals(now: Date) -> [UsageTotal] {
    let day = stamp(Self.calendar.startOfDay(for: now))
    let end = stamp(now)
    var sums = [(today: Int64, month: Int64)?](repeating: nil, count: groups.count)
    for run in runs where run.metered > month {
      let until = min(run.metered, end)
      let sum = sums[Int(run.group)] ?? (0, 0)
      sums[Int(run.group)] = (
        sum.today + max(0, until - max(run.started, day)),
        sum.month + max(0, until - max(run.started, month))
      )
    }
    return zip(groups, sums).compactMap { group, sum in
      sum.map { sum in
        UsageTotal(
          workloadID: group.workload, region: group.region, type: group.type,
          today: .seconds(sum.today / 1000),
          month: .seconds(sum.month / 1000))
      }
    }
  }

  /// Seconds that replicas ran in each step of the day before an instant, by type.
  func day(now: Date) -> MeteredDay {
    let end = DayTrend.end(of: now)
    let length = Double(DayTrend.step.components.seconds)
    let start = stamp(end) - Int64(DayTrend.count) * Int64(length * 1000)
    let now = stamp(now)
    // One row of steps a type: a large fleet has ten thousand groups and a dozen types.
    var types: [InstanceTypeID: Int] = [:]
    let numbers = groups.map { group in
      let number = types[group.type] ?? types.count
      types[group.type] = number
      return number
    }
    var days = [Steps?](repeating: nil, count: types.count)
    for run in runs where (run.ended ?? now) > start && run.started < now {
      let from = Double(max(0, run.started - start)) / 1000
      let until = Double((run.ended ?? now) - start) / 1000
      guard until > from else { continue }
      let place = numbers[Int(run.group)]
      if days[place] == nil { days[place] = Steps(length: length) }
      days[place]?.add(from, until)
    }
    let seconds = types.compactMapValues { days[$0]?.seconds }
    return MeteredDay(end: end, step: DayTrend.step, seconds: seconds)
  }

  /// Seconds by step of a day; of a long run only its edges are added up.
  private struct Steps {
    let length: Double
    private var edges = [Double](repeating: 0, count: DayTrend.count)
    /// How many runs more, or fewer, fill each step than the one before.
    private var whole = [Int](repeating: 0, count: DayTrend.count + 1)

    init(length: Double) {
      self.length = length
    }

    mutating func add(_ from: Double, _ until: Double) {
      let first = Int(from / length)
      let last = min(DayTrend.count - 1, Int(until / length))
      guard first < last else {
        if first == last { edges[first] += min(until, Double(first + 1) * length) - from }
        return
      }
      edges[first] += Double(first + 1) * length - from
      edges[last] += min(until, Double(last + 1) * length) - Double(last) * length
      whole[first + 1] += 1
      whole[last] -= 1
    }

    var seconds: [Double] {
      var running = 0
      return edges.indices.map { place in
        running += whole[place]
        return edges[place] + Double(running) * length
      }
    }
  }
}
