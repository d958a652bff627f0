import Domain
import Engine
import Foundation
import Store

/// What a command about one deployment works with: the cache and a session with the platform.
struct ActionSession {
  let source: HeadlessSource
  let session: LiveSession
  /// Where another vigie that reads the platform is told of the deployment; nil where none does.
  private let wish: WishFile?

  init(connection: ConnectionOptions) throws {
    source = try HeadlessSource(connection: connection)
    session = try source.live(isReadOnly: connection.readOnly)
    wish = source.store.isWriter ? nil : source.store.makeWish()
  }

  /// Reads what names need, finds the deployment, then reads what is about it.
  func find(_ text: String) throws -> WorkloadRow {
    let report = try sync([.apps, .workloads])
    let row = try known(text, isWhole: report.isWhole)
    let asked = Date()
    try focus(on: row.id)
    if let shared = try SharedReading(store: source.store)
      .report(of: [.revisions, .overrides], since: asked)
    {
      source.report(shared)
      return try self.row(row.id) ?? row
    }
    var lists: Set<SyncResource> = [.catalogue, .revisions, .overrides, .quotas]
    // Those of a large fleet are hundreds of pages: its own are read with the revisions.
    if try !isLarge || !hasReplicas { lists.insert(.replicas) }
    try sync(lists)
    return try self.row(row.id) ?? row
  }

  /// Finds the deployment in the cache; what is not found ends the command with one sentence.
  func known(_ text: String, isWhole: Bool) throws -> WorkloadRow {
    let snapshot = try source.snapshot()
    let resolution = snapshot.resolve(text)
    if case .found(let id) = resolution, let row = snapshot.row(id) { return row }
    Failures.print(WorkloadReference.problem(text, resolution) ?? "'\(text)' is not known")
    throw isWhole ? ExitStatus.usage : ExitStatus.failure
  }

  /// Reads lists again; what fails is told on standard error.
  @discardableResult
  func sync(_ lists: Set<SyncResource>) throws -> SyncReport {
    let session = session
    let shared = try SharedReading(store: source.store).report(of: lists)
    let report = try shared ?? blocking { await session.engine.syncOnce(only: lists) }
    source.report(report)
    return report
  }

  /// Whether what tells of deployments was read without a failure the last time.
  var isFresh: Bool {
    get throws {
      let sync = try source.snapshot().sync
      return [.workloads, .replicas].allSatisfy { resource in
        sync.contains { $0.resource == resource && $0.completedAt != nil && $0.failure == nil }
      }
    }
  }

  /// Reads again what tells how a deployment stands.
  @discardableResult
  func refresh() throws -> SyncReport {
    try sync(
      try isLarge
        ? [.revisions, .overrides] : [.workloads, .replicas, .revisions, .overrides])
  }

  /// Everything about this one is read from here on, whatever the size of the fleet.
  func focus(on id: WorkloadID) throws {
    wish?.change { wish in
      wish.focus = [id.rawValue]
      wish.opened = id.rawValue
    }
    let session = session
    try blocking { await session.engine.focus(on: [id]) }
  }

  func row(_ id: WorkloadID) throws -> WorkloadRow? { try source.snapshot().row(id) }

  /// The revisions that are known, newest first.
  func revisions(of id: WorkloadID) throws -> [RevisionRow] {
    try source.detail(of: id)?.revisions ?? []
  }

  func plan(_ request: ActionRequest, waiver: Waiver? = nil) throws -> ActionPlan {
    let session = session
    return try blocking { await session.runner.plan(request, waiver: waiver) }
  }

  /// Sends, once, and writes it down.
  func perform(
    _ plan: ActionPlan, confirmation: Confirmation
  ) throws -> ActionRunner.Performed {
    let session = session
    return try blocking { await session.runner.performed(plan, confirmation: confirmation) }
  }

  /// Follows what was accepted to its end; nil when that did not come in time.
  func follow(
    _ entry: Int64, within limit: Duration, progress: @escaping @Sendable (String) -> Void
  ) throws -> ActionOutcome? {
    let session = session
    return try blocking {
      await session.runner.follow(entry, within: limit) { progress($0) }
    }
  }

  func close() {
    let session = session
    try? blocking { await session.close() }
  }

  private var isLarge: Bool {
    get throws {
      SyncMachine.Schedule(fleetSize: try source.snapshot().workloadCount).isLarge
    }
  }

  private var hasReplicas: Bool {
    get throws {
      try source.snapshot().sync.contains { $0.resource == .replicas && $0.completedAt != nil }
    }
  }
}
