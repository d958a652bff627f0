import Domain
import Foundation

extension FleetModel {
  /// What one who reads beside the writer knows already.
  func known(_ hasWorkload: @escaping (WorkloadID) -> Bool) -> ModelNews.Known {
    ModelNews.Known(
      number: changeNumber, seriesCount: seriesNumbers.count, lastSampleAt: accelerators.lastAt,
      trend: trend, hasWorkload: hasWorkload)
  }

  /// Takes what another process wrote; what of it is other than it was.
  mutating func take(_ news: ModelNews) -> Touched {
    var touched = Touched()
    var changed: Set<WorkloadID> = []
    var revisions = news.revisions
    var ended: [RevisionID] = []
    for (key, state) in news.states {
      switch state {
      case nil:
        if key.kind == .revision { ended.append(RevisionID(key.id)) }
        touched.add(end(key, changed: &changed))
      case .revision(let revision): revisions.append(revision)
      case let state?: touched.add(take(state, key, changed: &changed))
      }
    }
    dropUnneeded(of: changed)
    for id in ended { self.revisions[id] = nil }
    for revision in revisions { touched.add(take(revision)) }
    touched.add(takeFeed(news))
    touched.add(takeTraffic(news.traffic))
    if let points = news.trend { trend = points }
    coverage = news.coverage ?? coverage
    touched.add(takeSamples(news.samples))
    changeNumber = news.number
    return touched
  }

  /// Takes what the writer says beside the database; whether that is other than it was.
  mutating func take(_ pulse: Pulse) -> Bool {
    let before = (sync, metricsSource)
    for state in pulse.sync { sync[state.resource] = state }
    dateSource(pulse.metricsAt)
    return before != (sync, metricsSource)
  }

  private mutating func take(
    _ state: HeldState, _ key: StateKey, changed: inout Set<WorkloadID>
  ) -> Touched {
    switch state {
    case .app(let app):
      return put(app, in: \.apps[app.id], touching: .all)
    case .workload(let workload):
      let touched = put(
        workload, in: \.workloads[workload.id],
        touching: Touched(workloads: [workload.id], accelerators: true))
      if touched != Touched() { changed.insert(workload.id) }
      return touched
    case .revision(let revision): return take(revision)
    case .replica(let replica):
      return put(
        replica, in: \.replicas[replica.id],
        touching: Touched(workloads: [replica.workloadID], accelerators: true))
    case .overrides(let overrides):
      let id = WorkloadID(key.id)
      return put(overrides, in: \.overrides[id], touching: Touched(workloads: [id]))
    case .catalogue(let news):
      defer { catalogue = news }
      return catalogue == news ? Touched() : .all
    case .quotas(let news): return put(news, in: \.quotas, touching: .all)
    case .accelerator(let news):
      return put(news, in: \.identities[news.id], touching: Touched(accelerators: true))
    case .metricsSource(let news):
      guard metricsSource.undated != news else { return Touched() }
      let answeredAt = metricsSource.answeredAt
      metricsSource = news
      dateSource(answeredAt)
      return Touched(accelerators: true, everything: true)
    case .finding(let finding):
      findings[finding.id] = finding
      return Touched()
    }
  }

  private mutating func put<Item: Equatable>(
    _ item: Item, in path: WritableKeyPath<FleetModel, Item?>, touching touched: Touched
  ) -> Touched {
    guard self[keyPath: path] != item else { return Touched() }
    self[keyPath: path] = item
    return touched
  }

  /// What holds no longer, and nothing in its place.
  private mutating func end(_ key: StateKey, changed: inout Set<WorkloadID>) -> Touched {
    switch key.kind {
    case .app:
      return remove(\.apps[AppID(key.id)])
    case .workload:
      changed.insert(WorkloadID(key.id))
      return remove(\.workloads[WorkloadID(key.id)])
    case .replica: return remove(\.replicas[ReplicaID(key.id)])
    case .overrides: return remove(\.overrides[WorkloadID(key.id)])
    case .quotas: return remove(\.quotas)
    case .accelerator: return remove(\.identities[AcceleratorID(key.id)])
    case .finding:
      findings[key.id] = nil
      return Touched()
    case .revision, .catalogue, .metricsSource: return Touched()
    }
  }

  private mutating func remove<Item>(_ path: WritableKeyPath<FleetModel, Item?>) -> Touched {
    guard self[keyPath: path] != nil else { return Touched() }
    self[keyPath: path] = nil
    return .all
  }

  /// What a workload no longer names is history, and read when it is looked at.
  private mutating func dropUnneeded(of changed: Set<WorkloadID>) {
    guard !changed.isEmpty else { return }
    let old = revisions.items.indices.compactMap { place -> RevisionID? in
      guard changed.contains(revisions.items[place].workloadID) else { return nil }
      let revision = revisions.items[place]
      return needs(revision) ? nil : revision.id
    }
    for id in old { revisions[id] = nil }
  }

  private mutating func take(_ revision: Revision) -> Touched {
    let wanted = needs(revision) ? revision : nil
    guard revisions[revision.id] != wanted else { return Touched() }
    revisions[revision.id] = wanted
    return Touched(workloads: [revision.workloadID])
  }

  private mutating func takeFeed(_ news: ModelNews) -> Touched {
    let events = news.events.filter { !feedIDs.contains($0.id) }
    let others = news.activities.filter { !feedIDs.contains($0.id) }
    guard !events.isEmpty || !others.isEmpty else { return Touched() }
    add(events: events, activities: others)
    return .all
  }

  private mutating func takeTraffic(_ samples: [TrafficSample]) -> Touched {
    let news = samples.filter { traffic[$0.workloadID]?.contains($0) != true }
    add(traffic: news)
    return Touched(workloads: Set(news.map(\.workloadID)))
  }

  private mutating func takeSamples(_ samples: ModelNews.Samples?) -> Touched {
    switch samples {
    case nil: return Touched()
    case .whole(let ring, let names):
      note(names)
      accelerators = ring
    case .more(let frames, let names):
      note(names)
      for frame in frames {
        let samples = frame.series.indices.compactMap { place -> AcceleratorSample? in
          names[frame.series[place]].flatMap { identities[$0] }?.with(
            numbers: SampleUnits.numbers(frame, place), at: date(frame.at))
        }
        accelerators.add(samples, at: date(frame.at))
      }
    }
    dateSource(nil)
    return Touched(accelerators: true)
  }

  /// The time of the newest answer: of the samples, or of one that had none that were new.
  private mutating func dateSource(_ at: Date?) {
    let known = [at, metricsSource.answeredAt, accelerators.lastAt].compactMap { $0 }
      .filter { $0 > .distantPast }
    metricsSource = metricsSource.undated.dated(known.max())
  }

  private mutating func note(_ names: [Int: AcceleratorID]) {
    guard names.count != seriesNumbers.count else { return }
    for (number, name) in names { seriesNumbers[name] = number }
  }
}

extension MetricsSourceState {
  /// When the source last answered; nil when it has not, or there is none.
  var answeredAt: Date? {
    switch self {
    case .notConfigured, .waiting: nil
    case .live(_, _, let observedAt, _): observedAt
    case .failing(_, _, let lastObservedAt): lastObservedAt
    }
  }
}
