package import Domain
import Platform
import Store

/// What one reading of everything did.
package struct SyncReport: Sendable {
  package struct Line: Sendable {
    package var resource: SyncResource
    /// Nil when it was whole.
    package var failure: String?

    package init(resource: SyncResource, failure: String?) {
      self.resource = resource
      self.failure = failure
    }
  }

  package var lines: [Line] = []

  package init(lines: [Line] = []) {
    self.lines = lines
  }

  package var isWhole: Bool { lines.allSatisfy { $0.failure == nil } }
}

extension SyncEngine {
  /// Reads everything once, in order; or only some lists.
  package func syncOnce(only chosen: Set<SyncResource>? = nil) async -> SyncReport {
    var report = SyncReport()
    var order: [SyncResource] = [
      .catalogue, .apps, .workloads, .replicas, .revisions, .overrides, .activities, .traffic,
      .quotas, .usages,
    ]
    if tools.metrics != nil { order.append(.accelerators) }
    for resource in order where chosen?.contains(resource) ?? true {
      let failure = await attempt(resource)
      if let failure {
        try? tools.store.failSweep(
          resource, failure: failure.message, retryAt: nil, at: tools.now(),
          interval: interval(resource))
      }
      report.lines.append(SyncReport.Line(resource: resource, failure: failure?.message))
    }
    return report
  }
}
