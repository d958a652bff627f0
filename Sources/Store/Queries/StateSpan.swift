import GRDB

/// Finds the states that held at an instant, in the indexes alone.
enum StateSpan {
  /// Lengths of intervals in milliseconds, each with those below it: an interval of a class ends
  /// within that length of any instant at which it held.
  ///
  /// The index `state_span` is of these very numbers.
  private static let lengths: [Int64] = [
    60_000, 240_000, 960_000, 3_840_000, 15_360_000, 61_440_000, 245_760_000,
  ]
  /// Three thousand years: no interval is longer.
  private static let longest: Int64 = 100_000_000_000_000

  private static let lengthClass: String = {
    let cases = lengths.enumerated().map { number, length in
      "WHEN valid_until - valid_from < \(length) THEN \(number)"
    }
    return "(CASE \(cases.joined(separator: " ")) ELSE \(lengths.count) END)"
  }()

  /// Kind, identifier and beginning of all states but findings that held at `:at`: those that
  /// still hold and began before, and those that ended since.
  static let heldAt: String = {
    let classes = (lengths + [longest]).enumerated().map { "(\($0), \($1))" }
    let kinds = "kind < \(StateKind.finding.rawValue)"
    return """
      SELECT kind, id, valid_from FROM state INDEXED BY state_open
      WHERE valid_until IS NULL AND valid_from <= :at AND \(kinds)
      UNION ALL
      SELECT kind, id, valid_from
      FROM (VALUES \(classes.joined(separator: ", "))) AS span
      CROSS JOIN state INDEXED BY state_span
      ON \(lengthClass) = span.column1
        AND valid_until > :at AND valid_until <= :at + span.column2
      WHERE valid_from <= :at AND \(kinds)
      """
  }()
}
