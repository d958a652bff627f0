import Domain
import Foundation

/// What the policies say of a deployment, with what is known of where it is.
struct PolicyPicture {
  let book: PolicyBook
  /// Nil while nothing is known.
  let snapshot: FleetSnapshot?

  func report(of id: WorkloadID?, at now: Date) -> PolicyReport {
    guard let snapshot, let row = id.flatMap(snapshot.row) else {
      let all = Set((snapshot?.workloads ?? []).flatMap { $0.regions.map(\.region) })
      return PolicyReport(book: book, subject: nil, regions: all.sorted(), at: now)
    }
    let regions = row.regions.map(\.region)
    return PolicyReport(
      book: book,
      subject: WorkloadSubject(
        context: snapshot.contextName, app: row.appName, workload: row.name),
      regions: regions, own: regions, at: now)
  }
}
