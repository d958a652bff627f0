/// One action on several workloads, as it would be sent: what goes, what does not, and why.
package struct BulkPlan: Equatable, Sendable {
  /// What a row that goes wrong means for those after it.
  package enum OnError: Sendable {
    case stop, goOn
  }

  /// A workload that was chosen, and what is to be done to it.
  package struct Target: Hashable, Sendable {
    /// Where it stands in the list that a person sees; what is not seen comes first.
    package enum Place: Int, Sendable {
      case vanished, hidden, shown
    }

    package enum Wish: Hashable, Sendable {
      case request(ActionRequest)
      /// Why there is nothing to ask for.
      case impossible(String)
    }

    package let id: WorkloadID
    package let name: String
    package let place: Place
    package let wish: Wish

    package init(id: WorkloadID, name: String, place: Place, wish: Wish) {
      self.id = id
      self.name = name
      self.place = place
      self.wish = wish
    }

    package var request: ActionRequest? {
      if case .request(let request) = wish { request } else { nil }
    }
  }

  package struct Row: Equatable, Sendable {
    package let target: Target
    /// Nil when it cannot be done at all.
    package let plan: ActionPlan?
    /// Why nothing is sent for it; nil when it is.
    package let refusal: String?
  }

  /// What an hour costs more or less, in all.
  package struct CostChange: Equatable, Sendable {
    /// The sum of what is known; nil when nothing is, or when there are several currencies.
    package let perHour: Money?
    /// Rows whose price is not known.
    package let unpriced: Int
  }

  /// Each workload once: those that vanished, those that a filter hides, then the others.
  package let rows: [Row]

  package init(_ targets: [Target], plans: [ActionPlan]) {
    var seen: Set<WorkloadID> = []
    let known = Dictionary(
      plans.map { ($0.request, $0) }, uniquingKeysWith: { first, _ in first })
    rows = targets.filter { seen.insert($0.id).inserted }.enumerated()
      .sorted { ($0.element.place.rawValue, $0.offset) < ($1.element.place.rawValue, $1.offset) }
      .map { Self.row($0.element, $0.element.request.flatMap { known[$0] }) }
  }

  private static func row(_ target: Target, _ plan: ActionPlan?) -> Row {
    let refusal: String?
    switch target.wish {
    case _ where target.place == .vanished: refusal = "not there any more"
    case .impossible(let reason): refusal = reason
    case .request:
      refusal =
        plan == nil
        ? "no plan was made"
        : plan?.refusal ?? (plan?.isProtected == true ? "protected: act on it alone" : nil)
    }
    return Row(target: target, plan: plan, refusal: refusal)
  }

  /// What is sent, in this order.
  package var sendable: [ActionPlan] {
    rows.compactMap { $0.refusal == nil ? $0.plan : nil }
  }

  /// How many writes reach the platform at most.
  package var requestCount: Int { sendable.reduce(0) { $0 + $1.calls.count } }

  package var costChange: CostChange {
    let changes = sendable.map(\.costChange)
    let known = changes.compactMap { $0 }
    var sum = known.first
    for change in known.dropFirst() { sum = sum?.adding(change) }
    return CostChange(perHour: sum, unpriced: changes.count - known.count)
  }

  /// Whether another would do the same to the same, whenever it was worked out.
  package func doesTheSame(as other: BulkPlan) -> Bool {
    rows.elementsEqual(other.rows) { left, right in
      left.target.id == right.target.id && left.refusal == right.refusal
        && left.plan?.request == right.plan?.request && left.plan?.regions == right.plan?.regions
        && left.plan?.costChange == right.plan?.costChange
    }
  }
}

/// How far an action on several workloads has come.
package enum BulkProgress: Equatable, Sendable {
  case began(WorkloadID)
  case ended(WorkloadID, ActionOutcome)
  /// Nothing more is sent.
  case finished
}

extension ActionOutcome {
  /// Whether the platform took it.
  package var isTaken: Bool {
    switch self {
    case .accepted, .done: true
    case .failed, .refused, .stale, .unknown: false
    }
  }
}
