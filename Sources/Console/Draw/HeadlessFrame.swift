package import Domain
package import Terminal

/// One frame without a terminal: the same views as on screen.
package struct HeadlessFrame {
  private let setting: ConsoleState.Setting
  private let size: Size
  private let snapshot: FleetSnapshot
  /// Set when the snapshot is of the past.
  private let past: PastState?
  private let detail: (WorkloadID) throws -> WorkloadDetail?

  package init(
    setting: ConsoleState.Setting, size: Size, snapshot: FleetSnapshot,
    past: PastState? = nil,
    detail: @escaping (WorkloadID) throws -> WorkloadDetail?
  ) {
    self.setting = setting
    self.size = size
    self.snapshot = snapshot
    self.past = past
    self.detail = detail
  }

  /// `overview`, a pane's name, or a deployment's name or identifier; nil for none of them.
  package func frame(_ screen: String) throws -> Frame? {
    var state = ConsoleState(setting: setting, size: size, now: snapshot.asOf)
    _ = update(&state, with: .fleet(snapshot))
    state.past = past
    if past != nil { state.now = snapshot.asOf }
    switch screen {
    case "overview": break
    case "findings": zoom(.findings, &state)
    case "deployments": zoom(.deployments, &state)
    case "gpu": zoom(.gpu, &state)
    case "cost": zoom(.cost, &state)
    case "autoscaler": zoom(.autoscaler, &state)
    default:
      let found = snapshot.workloads.first { $0.name == screen || $0.id.rawValue == screen }
      guard let row = found else { return nil }
      state.page = PageState(id: row.id)
      state.page?.detail = try detail(row.id)
    }
    return draw(state, in: size)
  }

  private func zoom(_ pane: Pane, _ state: inout ConsoleState) {
    state.focus = pane
    state.isZoomed = true
    arrange(&state)
  }
}
