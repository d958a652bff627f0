package import FoundationEssentials

/// A budget as it stands; every figure is an estimate from list prices.
package struct BudgetState: Equatable, Sendable, Codable {
  package enum Standing: String, Sendable, Codable {
    /// Not known, and the state says why.
    case unknown
    case within
    /// Will be passed in this month at the present rate.
    case exceeding
    case passed
  }

  package let name: String
  /// In the currency that the fleet is told in, when a rate leads there.
  package let limit: Money
  package let figures: CostFigures
  /// When it is passed at the present rate; nil when not in this month, or already.
  package let passesAt: Date?
  /// Deployments that it is about.
  package let workloadCount: Int
  /// Why the month is not known.
  package let problem: String?
  /// Whether that is only because something was not read yet.
  package let isUnread: Bool
  /// What the figures leave out.
  package let omission: String?

  package init(
    name: String, limit: Money, figures: CostFigures = CostFigures(), passesAt: Date? = nil,
    workloadCount: Int = 0, problem: String? = nil, isUnread: Bool = false,
    omission: String? = nil
  ) {
    self.name = name
    self.limit = limit
    self.figures = figures
    self.passesAt = passesAt
    self.workloadCount = workloadCount
    self.problem = problem
    self.isUnread = isUnread
    self.omission = omission
  }

  package var standing: Standing {
    guard let used = figures.monthToDate, let forecast = figures.forecast,
      used.currency == limit.currency
    else { return .unknown }
    if used.amount > limit.amount { return .passed }
    return forecast.amount > limit.amount ? .exceeding : .within
  }

  /// `14,200 of 20,000 EUR`.
  package var amounts: String {
    let digits = limit.amount < 100 ? 2 : 0
    return "\(Formatting.money(figures.monthToDate, digits: digits)) of "
      + "\(limit.formatted(fractionDigits: digits)) \(limit.currency.code)"
  }

  /// `14,200 of 20,000 EUR, will be passed on 28 Nov at this rate (estimate)`.
  package var summary: String {
    let omitted = omission.map { "; \($0)" } ?? ""
    switch standing {
    case .unknown: return "\(amounts): \(problem ?? "not known")"
    case .within: return "\(amounts) (estimate\(omitted))"
    case .exceeding:
      let day = passesAt.map { " on \(Formatting.day($0))" } ?? ""
      return "\(amounts), will be passed\(day) at this rate (estimate\(omitted))"
    case .passed: return "\(amounts), passed (estimate\(omitted))"
    }
  }
}

/// What an order would do to a budget.
package struct BudgetEffect: Equatable, Sendable {
  package let name: String
  package let limit: Money
  /// To the end of the month at the present rate.
  package let before: Money
  /// With what the order costs more, at most.
  package let after: Money
  /// Whether the limit is passed already.
  package let isPassed: Bool

  package var isOver: Bool { isPassed || after.amount > limit.amount }

  /// `over 'eu': forecast ~19,200 -> ~21,400 of 20,000 EUR`.
  package var text: String {
    let digits = limit.amount < 100 ? 2 : 0
    let words = isPassed ? "'\(name)' is passed" : isOver ? "over '\(name)'" : "within '\(name)'"
    return "\(words): forecast ~\(before.formatted(fractionDigits: digits)) -> "
      + "~\(after.formatted(fractionDigits: digits)) of "
      + "\(limit.formatted(fractionDigits: digits)) \(limit.currency.code)"
  }
}
