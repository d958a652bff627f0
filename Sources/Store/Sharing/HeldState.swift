import Domain
import Foundation
import GRDB

/// One state that holds now, of whatever it is.
enum HeldState {
  case app(App)
  case workload(Workload)
  case revision(Revision)
  case replica(Replica)
  case overrides([ScalingOverride])
  case catalogue(Catalogue)
  case quotas(Quotas)
  case accelerator(AcceleratorSample)
  case metricsSource(MetricsSourceState)
  case finding(Finding)
}

/// Which object a state is of.
struct StateKey: Hashable {
  var kind: StateKind
  /// As it stands on disk.
  var id: String
}

extension StateReader {
  /// Objects of which a state began or ended at an instant or later.
  func changed(since low: Int64) throws -> [StateKey] {
    var keys: [StateKey] = []
    func add(_ rows: RowCursor) throws {
      while let row = try rows.next() {
        guard let kind = StateKind(rawValue: row[0]) else { continue }
        keys.append(StateKey(kind: kind, id: row[1]))
      }
    }
    try add(
      Row.fetchCursor(
        try database.cachedStatement(
          sql: "SELECT kind, id FROM state INDEXED BY state_began WHERE valid_from >= ?"),
        arguments: [low]))
    let ended = try database.cachedStatement(
      sql: "SELECT kind, id FROM state WHERE place BETWEEN ? AND ? AND valid_until >= ?")
    for places in StatePlace.places(endedSince: low) {
      try add(
        Row.fetchCursor(ended, arguments: [places.lowerBound, places.upperBound, low]))
    }
    return Array(Set(keys))
  }

  /// What holds now of an object; nil when nothing does.
  func held(_ key: StateKey) throws -> HeldState? {
    let statement = try database.cachedStatement(
      sql: "SELECT payload FROM state WHERE kind = ? AND id = ? AND valid_until IS NULL")
    let rows = try Row.fetchCursor(statement, arguments: [key.kind.rawValue, key.id])
    guard let row = try rows.next() else { return nil }
    switch key.kind {
    case .app: return .app(try value(row, 0))
    case .workload: return .workload(try value(row, 0))
    case .revision: return .revision(try value(row, 0))
    case .replica: return .replica(try value(row, 0))
    case .overrides:
      let overrides: Overrides = try value(row, 0)
      return .overrides(overrides.items)
    case .catalogue: return .catalogue(try value(row, 0))
    case .quotas: return .quotas(try value(row, 0))
    case .accelerator: return .accelerator(try value(row, 0))
    case .metricsSource: return .metricsSource(try value(row, 0))
    case .finding: return .finding(try value(row, 0))
    }
  }

  /// All revisions of a workload that hold now.
  func revisions(of id: WorkloadID) throws -> [Revision] {
    let rows = try Row.fetchCursor(
      try database.cachedStatement(
        sql: """
          SELECT payload FROM state INDEXED BY state_owner
          WHERE kind = ? AND owner = ? AND valid_until IS NULL
          """),
      arguments: [StateKind.revision.rawValue, id.rawValue])
    var revisions: [Revision] = []
    while let row = try rows.next() { revisions.append(try value(row, 0)) }
    return revisions
  }
}
