package import Domain
import FoundationEssentials
import Logging
import Platform
import Store

extension ActionRunner {
  /// Whose actions are watched.
  package enum Followed: Sendable {
    case all
    /// What this process sent: the one that writes the cache watches over the others.
    case own
  }

  /// Watches what was accepted until it is seen to hold, to have failed, or ten minutes are over.
  package func follow(_ followed: Followed = .all) async {
    while !Task.isCancelled {
      var open = ((try? store.journal(limit: 50)) ?? []).filter(Self.isOpen)
      if case .own = followed {
        let own = await sent.entries
        open = open.filter { own.contains($0.id) }
      }
      for entry in open {
        guard let verdict = await judge(entry) else { continue }
        conclude(entry.id, verdict)
      }
      do { try await sleep(open.isEmpty ? .seconds(2) : .milliseconds(1500)) } catch { return }
    }
  }

  /// Watches one entry until it has ended, or for so long; nil when it has not ended by then.
  ///
  /// `progress` is told how far it has come whenever that changes.
  package func follow(
    _ id: Int64, within limit: Duration, progress: @Sendable (String) async -> Void
  ) async -> ActionOutcome? {
    let end = now().addingTimeInterval(limit / .seconds(1))
    var last = ""
    while !Task.isCancelled {
      guard let entry = try? store.journalEntry(id) else { return nil }
      // Another one may follow it too, and be first.
      guard Self.isOpen(entry) else { return entry.outcome }
      let sight = await look(entry)
      if let text = sight.text, text != last {
        last = text
        await progress(text)
      }
      if let verdict = sight.verdict {
        conclude(id, verdict)
        return verdict
      }
      guard now() < end else { return nil }
      do { try await sleep(.seconds(1)) } catch { return nil }
    }
    return nil
  }

  /// Workloads whose actions are not yet seen to their end.
  package func followed() -> [WorkloadID] {
    ((try? store.journal(limit: 50)) ?? []).filter(Self.isOpen).map(\.workloadID)
  }

  /// Writes down how it was seen to end; another process may have been first.
  private func conclude(_ id: Int64, _ outcome: ActionOutcome) {
    do { try store.conclude(id, outcome: outcome, at: now()) } catch {
      log.error("the journal failed", metadata: ["reason": "\(error.message)"])
    }
  }

  private static func isOpen(_ entry: JournalEntry) -> Bool { entry.outcome?.isOpen ?? true }

  private func judge(_ entry: JournalEntry) async -> ActionOutcome? {
    await look(entry).verdict
  }

  /// How far an action has come: how it ended, and what is seen of it, in words.
  private struct Sight {
    var verdict: ActionOutcome?
    /// Nil when nothing could be seen.
    var text: String?
  }

  private func look(_ entry: JournalEntry) async -> Sight {
    let age = now().timeIntervalSince(entry.at)
    guard entry.outcome != nil else {
      // A row without an outcome: this program, or the one before it, ended in between.
      return Sight(verdict: age > 90 ? .unknown("vigie ended before an answer came") : nil)
    }
    var sight: Sight
    do throws(PlatformError) {
      sight = try await see(entry)
    } catch {
      sight = Sight(text: "not to be seen now: \(error.message)")
    }
    if sight.verdict == nil, age > 600 {
      sight.verdict = .unknown("accepted, but not seen to its end within ten minutes")
    }
    return sight
  }

  private func see(_ entry: JournalEntry) async throws(PlatformError) -> Sight {
    switch entry.request {
    case .scale(let id, let replicas): return try await count(id, replicas)
    case .releaseOverride(let id):
      let isReleased = try await client.overrides(of: id).isEmpty
      return Sight(
        verdict: isReleased ? .done : nil, text: isReleased ? "no override is set" : "still set")
    case .setOverrides(let id, let wanted):
      let holds = Set(try await client.overrides(of: id)) == Set(wanted)
      return Sight(verdict: holds ? .done : nil, text: holds ? "they hold" : "not set yet")
    case .pause(let id):
      let workload = try await client.workload(id)
      return Sight(
        verdict: workload.status == .paused ? .done : nil, text: workload.statusText.lowercased())
    case .resume(let id): return try await resumption(id, entry)
    case .cancelRollout(_, let id):
      let revision = try await client.revision(id)
      let text = "revision \(id.short) \(revision.statusText.lowercased())"
      if revision.status == .canceled || revision.status == .stopped {
        return Sight(verdict: .done, text: text)
      }
      return Sight(
        verdict: revision.status.isServing ? .failed("it served before it was cancelled") : nil,
        text: text)
    case .bounds, .targets, .rollBack, .restart:
      guard let revision = try await madeRevision(entry) else { return Sight() }
      return sight(of: try await client.revision(revision))
    }
  }

  /// How far a revision has come that an action made.
  private func sight(of revision: Revision) -> Sight {
    let text = "revision \(revision.id.short) \(revision.statusText)"
    if revision.status.isServing { return Sight(verdict: .done, text: text) }
    guard revision.status.isFailed || revision.status == .stopped else { return Sight(text: text) }
    return Sight(
      verdict: .failed("revision \(revision.id.short) ended as \(revision.status.rawValue)"),
      text: text)
  }

  /// The revision that an action made; where the answer named none, the newest if it is another.
  private func madeRevision(_ entry: JournalEntry) async throws(PlatformError) -> RevisionID? {
    if case .accepted(let revision?) = entry.outcome { return revision }
    let latest = try await client.workload(entry.request.workloadID).latestRevisionID
    return latest == entry.before?.latestRevisionID ? nil : latest
  }

  private func count(
    _ id: WorkloadID, _ replicas: [RegionID: Int]
  ) async throws(PlatformError) -> Sight {
    var found: [Replica] = []
    while let page = try await client.replicas(of: id, offset: found.count).page {
      found += page.items
      guard page.hasMore, !page.items.isEmpty else { break }
    }
    let ready = replicas.keys.sorted().map { region in
      (region, found.count { $0.region == region && $0.status == .healthy })
    }
    let holds = ready.allSatisfy { replicas[$0.0] == $0.1 }
    let text = ready.map { "\($0.0) \($0.1) of \(replicas[$0.0] ?? 0) ready" }
    return Sight(verdict: holds ? .done : nil, text: text.joined(separator: ", "))
  }

  /// The platform names no revision when it resumes: the newest one, when it is another, is it.
  private func resumption(
    _ id: WorkloadID, _ entry: JournalEntry
  ) async throws(PlatformError) -> Sight {
    let workload = try await client.workload(id)
    guard let latest = workload.latestRevisionID, latest != entry.before?.latestRevisionID else {
      return Sight(
        verdict: workload.status == .healthy ? .done : nil, text: workload.statusText.lowercased())
    }
    return sight(of: try await client.revision(latest))
  }
}
