/// What an operator laid down for a fleet, in the configuration: what may be done to it, and how its
/// money is told.
package struct Rulebook: Equatable, Sendable {
  package var policies = PolicyBook()
  package var money = MoneyBook()

  package init() {}
}
