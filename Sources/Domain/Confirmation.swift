/// What a person gave to confirm a plan.
package enum Confirmation: Hashable, Sendable {
  case none
  case yes
  /// The text that was typed; the workload's name confirms a dangerous plan.
  case typed(String)

  /// Whether this is enough for a tier.
  package func satisfies(_ tier: ConfirmationTier, name: String) -> Bool {
    switch (self, tier) {
    case (.none, _): false
    case (.yes, .reversible), (.yes, .costly): true
    case (.yes, .dangerous): false
    case (.typed(let text), _): text == name
    }
  }
}
