package import Domain
package import FoundationEssentials
package import Terminal

/// What the screen is about; a local variable of the loop, changed by `update` alone.
package struct ConsoleState: Equatable, Sendable {
  /// What was settled when the console started.
  package struct Setting: Equatable, Sendable {
    package var contextName: String
    package var isReadOnly: Bool
    package var theme: Theme
    package var glyphs: GlyphSet
    /// Seconds of the clock that pass in a real one; above 1 in a demo that runs faster.
    package var clockSpeed = 1.0
    /// Seconds of a recording that pass in one.
    package var replaySpeed = 10.0
    /// Shown once: a choice that the user may want to know of.
    package var notice: String?

    package init(
      contextName: String, isReadOnly: Bool, theme: Theme, glyphs: GlyphSet, notice: String? = nil
    ) {
      self.contextName = contextName
      self.isReadOnly = isReadOnly
      self.theme = theme
      self.glyphs = glyphs
      self.notice = notice
    }
  }

  /// One line at the bottom that goes away.
  package struct Notice: Equatable, Sendable {
    package var text: String
    package var role: Role
    package var until: Date
  }

  package var setting: Setting
  package var size: Size
  /// The instant that the screen is of: the present, or in time mode the one shown.
  package var now: Date
  /// The present, whatever is shown.
  package var clock: Date
  /// What is shown: the present, or in time mode the past.
  package var fleet: FleetSnapshot?
  /// Whether this console reads the platform, or follows one that does.
  package var duty = SyncDuty.here
  /// Set in time mode.
  package var past: PastState?
  /// When a recording was last moved on.
  package var playedAt: Date?
  /// At most two instants to compare.
  package var markedInstants: [Date] = []
  /// The page of one deployment; nil on the overview.
  package var page: PageState?
  package var focus = Pane.deployments
  package var isZoomed = false
  package var lists: [Pane: ListState] = [:]
  /// Deployments in the order shown; worked out when data, filter or sort change.
  package var visible: [Int] = []
  /// Identities of `visible`, kept since every key asks for them.
  var visibleIDs: [ObjectID] = []
  /// Deployments by what they cost now, dearest first; kept while the zoomed cost pane is shown.
  var costOrder: [Int] = []
  /// The deployment whose GPUs are shown beside the list: where the cursor came to rest.
  var followed: WorkloadID?
  /// When the cursor has rested long enough; nil while it is where it was.
  var restsAt: Date?
  /// Deployments that are marked for one action on all of them.
  package var marks = Marks()
  package var overlay: Overlay?
  package var notice: Notice?
  /// Actions that were sent and whose end is not yet seen here, by workload.
  package var pending: [WorkloadID: String] = [:]

  package init(setting: Setting, size: Size, now: Date) {
    self.setting = setting
    self.size = size
    self.now = now
    clock = now
    if let text = setting.notice {
      notice = Notice(text: text, role: .warning, until: now.addingTimeInterval(8))
    }
  }

  /// How long the cursor rests before what follows it is drawn anew: a held key on a thin line
  /// must not send a pane with every row it passes.
  static let rest = 0.25

  package subscript(list pane: Pane) -> ListState {
    get { lists[pane] ?? ListState() }
    set { lists[pane] = newValue }
  }

  /// Identities of a pane's rows as they are listed.
  func ids(of pane: Pane) -> [ObjectID] {
    guard let fleet else { return [] }
    switch pane {
    case .findings: return fleet.findings.map { ObjectID($0.id) }
    case .deployments: return visibleIDs
    case .gpu: return shownAccelerators.map { ObjectID($0.sample.id) }
    case .cost:
      return isZoomed
        ? costOrder.map { ObjectID(fleet.workloads[$0].id) }
        : fleet.costs.regions.map { ObjectID($0.region) }
    case .autoscaler: return shownEvents.map { ObjectID($0.id) }
    }
  }

  /// Whether the zoomed cost pane is what the screen shows.
  var listsCosts: Bool { isZoomed && focus == .cost }

  /// The deployment that an action would be for.
  var selectedWorkload: WorkloadRow? {
    guard let fleet else { return nil }
    if let page { return page.detail?.row ?? fleet.row(page.id) }
    let ids = ids(of: focus)
    guard let index = self[list: focus].index(in: ids) else { return nil }
    let id: WorkloadID?
    switch focus {
    case .findings: id = fleet.findings[index].workloadID
    case .deployments: return fleet.workloads[visible[index]]
    case .gpu: id = shownAccelerators[index].workloadID
    case .cost: id = isZoomed ? fleet.workloads[costOrder[index]].id : nil
    case .autoscaler: id = shownEvents[index].workloadID
    }
    return id.flatMap(fleet.row)
  }

  var shownAccelerators: [AcceleratorRow] {
    let filter = self[list: .gpu].filter.lowercased()
    let rows = fleet?.accelerators.rows ?? []
    guard !filter.isEmpty else { return rows }
    return rows.filter {
      $0.sample.model.lowercased().contains(filter)
        || ($0.workloadName ?? "").lowercased().contains(filter)
        || ($0.sample.host ?? "").lowercased().contains(filter)
    }
  }

  var shownEvents: [ScalingEvent] {
    let filter = self[list: .autoscaler].filter.lowercased()
    let events = fleet?.scalingEvents ?? []
    guard !filter.isEmpty else { return events }
    return events.filter {
      $0.workloadName.lowercased().contains(filter)
        || ($0.region?.rawValue ?? "").contains(filter)
    }
  }
}

/// The page of one deployment.
package struct PageState: Equatable, Sendable {
  package var id: WorkloadID
  package var detail: WorkloadDetail?
  package var scroll = 0

  package init(id: WorkloadID) {
    self.id = id
  }
}
