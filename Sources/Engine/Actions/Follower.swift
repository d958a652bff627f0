package import Domain
import FoundationEssentials
import Platform
import Store

extension ActionRunner {
  /// Watches what was accepted until it is seen to hold, to have failed, or ten minutes are over.
  package func follow() async {
    while !Task.isCancelled {
      let open = ((try? store.journal(limit: 50)) ?? []).filter(Self.isOpen)
      for entry in open {
        guard let verdict = await judge(entry) else { continue }
        settle(entry.id, verdict)
      }
      do { try await sleep(open.isEmpty ? .seconds(2) : .milliseconds(1500)) } catch { return }
    }
  }

  /// Workloads whose actions are not yet seen to their end.
  package func followed() -> [WorkloadID] {
    ((try? store.journal(limit: 50)) ?? []).filter(Self.isOpen).map(\.workloadID)
  }

  private static func isOpen(_ entry: JournalEntry) -> Bool {
    switch entry.outcome {
    case nil, .accepted: true
    case .done, .failed, .refused, .stale, .unknown: false
    }
  }

  private func judge(_ entry: JournalEntry) async -> ActionOutcome? {
    let age = now().timeIntervalSince(entry.at)
    guard entry.outcome != nil else {
      // A row without an outcome: this program, or the one before it, ended in between.
      return age > 90 ? .unknown("vigie ended before an answer came") : nil
    }
    let timeout: ActionOutcome? =
      age > 600 ? .unknown("accepted, but not seen to its end within ten minutes") : nil
    do throws(PlatformError) {
      switch entry.request {
      case .scale(let id, let replicas):
        return try await holds(id, replicas) ? .done : timeout
      case .releaseOverride(let id):
        return try await client.overrides(of: id).isEmpty ? .done : timeout
      case .bounds, .rollBack:
        guard case .accepted(let revision?) = entry.outcome else { return timeout }
        let status = try await client.revision(revision).status
        if status.isServing { return .done }
        if status.isFailed || status == .stopped {
          return .failed("revision \(revision.short) ended as \(status.rawValue)")
        }
        return timeout
      }
    } catch {
      return timeout
    }
  }

  private func holds(
    _ id: WorkloadID, _ replicas: [RegionID: Int]
  ) async throws(PlatformError) -> Bool {
    let found = try await client.replicas(of: id, offset: 0).page?.items ?? []
    return replicas.allSatisfy { region, count in
      found.count { $0.region == region && $0.status == .healthy } == count
    }
  }
}
