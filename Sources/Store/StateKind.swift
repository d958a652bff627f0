import Domain
import Foundation

/// What a row of `state` is of; the numbers are on disk and stay.
enum StateKind: Int {
  case app = 1
  case workload = 2
  case revision = 3
  case replica = 4
  case overrides = 5
  case catalogue = 6
  case quotas = 7
  /// Who a GPU is and who holds it; its numbers are samples.
  case accelerator = 8
  case metricsSource = 9
  /// An open finding, as it was when it opened.
  case finding = 10
}

/// Milliseconds since 1970: how instants stand in the database.
func stamp(_ date: Date) -> Int64 { Int64((date.timeIntervalSince1970 * 1000).rounded()) }

func date(_ stamp: Int64) -> Date { Date(timeIntervalSince1970: Double(stamp) / 1000) }
