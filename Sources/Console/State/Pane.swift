/// The panes of the overview, in the order of their numbers.
package enum Pane: Int, Sendable, CaseIterable {
  case findings = 1
  case deployments, gpu, cost, autoscaler

  var title: String {
    switch self {
    case .findings: "FINDINGS"
    case .deployments: "DEPLOYMENTS"
    case .gpu: "GPU"
    case .cost: "COST"
    case .autoscaler: "AUTOSCALER"
    }
  }
}

/// The orders in which deployments are listed.
package enum DeploymentSort: Int, Sendable, CaseIterable {
  case worst, name, cost, utilization, age

  var label: String {
    switch self {
    case .worst: "worst"
    case .name: "name"
    case .cost: "cost"
    case .utilization: "GPU use"
    case .age: "revision age"
    }
  }
}
