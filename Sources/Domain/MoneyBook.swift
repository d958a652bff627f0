/// How money is told: in which currency, and what may be spent in a month.
package struct MoneyBook: Equatable, Sendable {
  package var rates = RateTable()
  package var budgets: [Budget] = []

  package init(rates: RateTable = RateTable(), budgets: [Budget] = []) {
    self.rates = rates
    self.budgets = budgets
  }
}
