import Domain

/// What must be given or asked before a plan is sent from a script or a shell.
struct ConfirmationRule: Equatable {
  /// `--yes`.
  var isYes: Bool
  /// `--confirm NAME`.
  var typed: String?
  /// Whether somebody is there to be asked.
  var isTerminal: Bool

  enum Decision: Equatable {
    case confirmed(Confirmation)
    /// A yes is asked for; with it the confirmation holds.
    case ask(Confirmation)
    /// The name is asked for.
    case askName
    case refused(String)
  }

  func decision(on plan: ActionPlan) -> Decision {
    let name = plan.workloadName
    if let typed, typed != name {
      return .refused("--confirm says '\(typed)', and the deployment is '\(name)'")
    }
    let isDangerous = plan.tier == .dangerous
    let given = typed.map { Confirmation.typed($0) } ?? .yes
    if isYes {
      guard isDangerous, typed == nil else { return .confirmed(given) }
      return .refused("this plan is dangerous: it needs --confirm \(name) as well as --yes")
    }
    guard isTerminal else {
      let more = isDangerous && typed == nil ? " and --confirm \(name)" : ""
      return .refused("not confirmed: nobody can be asked here, so it needs --yes" + more)
    }
    return isDangerous && typed == nil ? .askName : .ask(given)
  }
}
