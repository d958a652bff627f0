import Domain
import Foundation
import GRDB

/// What is no state at the instant that was looked at last: readings of GPUs, metered runs, events
/// and traffic.
struct PastMeasures {
  private var model = FleetModel(contextName: "")
  private var names: [Int: AcceleratorID] = [:]
  private var readings = RingBuilder(step: .seconds(60))
  /// Metered runs, and the number of readings of them when they were read.
  private var usages: (runs: UsageRuns, number: Int)?

  /// Goes to an instant.
  ///
  /// After an error nothing more may be asked of it. `usageNumber` goes up when metered runs change;
  /// where it is nil they are not asked for.
  mutating func move(to instant: Date, in database: Database, usageNumber: Int? = 0) throws {
    try StateReader(database).more(into: &model, asOf: instant)
    try foldUsages(at: instant, in: database, number: usageNumber)
    if try names.count != Int.fetchOne(database, sql: "SELECT count(*) FROM series") {
      names = try SampleReader.seriesNames(database)
    }
    readings = try SampleReader.pastReadings(database, at: stamp(instant))
  }

  /// Adds what happened and what ran to the states of the same instant.
  func put(into other: inout FleetModel) {
    other.scalingEvents = model.scalingEvents
    other.activities = model.activities
    other.traffic = model.traffic
    other.trend = model.trend
    other.usages = model.usages
    other.meteredDay = model.meteredDay
    other.usagesCoveredUntil = model.usagesCoveredUntil
    other.metricsSource = other.metricsSource.dated(readings.lastAt)
  }

  /// The readings, each with the GPU that it is of; they are let go of.
  mutating func takeReadings(
    of identities: [AcceleratorID: AcceleratorSample]
  ) -> [FleetFacts.Accelerator] {
    defer { readings = RingBuilder(step: .seconds(60)) }
    return readings.facts { number in names[number].flatMap { identities[$0] } }
  }

  private mutating func foldUsages(at instant: Date, in database: Database, number: Int?) throws {
    guard let number else {
      model.usages = []
      model.meteredDay = nil
      model.usagesCoveredUntil = nil
      return
    }
    let month = UsageRuns.month(of: instant)
    let known = usages.flatMap { $0.number == number && $0.runs.month == month ? $0.runs : nil }
    let runs = try known ?? UsageRuns(database, month: month)
    usages = (runs, number)
    model.usages = runs.totals(now: instant)
    model.meteredDay = runs.day(now: instant)
    model.usagesCoveredUntil = instant
  }
}
