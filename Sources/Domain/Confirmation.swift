/// What a person gave to confirm a plan.
package enum Confirmation: Hashable, Sendable {
  case none
  case yes
  /// The text that was typed; the workload's name confirms a dangerous plan.
  case typed(String)
  /// The number that was typed for several workloads at once, and how many they are.
  case counted(typed: String, of: Int)

  /// Whether this is enough for a tier.
  ///
  /// What is protected is never one of several: it is confirmed by its own name.
  package func satisfies(
    _ tier: ConfirmationTier, name: String, isProtected: Bool = false
  ) -> Bool {
    switch (self, tier) {
    case (.none, _): false
    case (.yes, .reversible), (.yes, .costly): true
    case (.yes, .dangerous): false
    case (.typed(let text), _): text == name
    case (.counted(let text, let count), _): count >= 2 && text == "\(count)" && !isProtected
    }
  }
}
