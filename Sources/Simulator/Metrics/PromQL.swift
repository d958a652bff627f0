/// The part of PromQL that the simulated metrics source understands: selectors with matchers,
/// aggregations with `by` or `without`, and arithmetic or comparison with a number.
indirect enum PromQL: Equatable {
  enum Matcher: Equatable {
    case equal(String, String)
    case unequal(String, String)
  }

  case number(Double)
  case selector(String, [Matcher])
  case aggregate(String, labels: [String], isWithout: Bool, PromQL)
  case binary(String, PromQL, PromQL)

  struct Failure: Error, CustomStringConvertible {
    var description: String
  }

  init(_ text: String) throws(Failure) {
    var parser = PromQLParser(text)
    self = try parser.whole()
  }

  /// Either one number or a set of series without their names.
  enum Value {
    case scalar(Double)
    case vector([MetricSeries])
  }

  func evaluate(_ index: [String: [MetricSeries]]) throws(Failure) -> Value {
    switch self {
    case .number(let value): return .scalar(value)
    case .selector(let name, let matchers):
      return .vector(
        (index[name] ?? []).filter { series in matchers.allSatisfy { $0.holds(series) } })
    case .aggregate(let function, let labels, let isWithout, let inner):
      guard case .vector(let series) = try inner.evaluate(index) else {
        throw Failure(description: "\(function) needs a vector, not a scalar")
      }
      return .vector(Self.fold(series, function, labels, isWithout))
    case .binary(let sign, let left, let right):
      return try Self.combine(sign, try left.evaluate(index), try right.evaluate(index))
    }
  }

  private static func fold(
    _ series: [MetricSeries], _ function: String, _ labels: [String], _ isWithout: Bool
  ) -> [MetricSeries] {
    struct Group {
      var labels: [String: String]
      var values: [Double]
    }
    var groups: [[String]: Group] = [:]
    var order: [[String]] = []
    for one in series {
      let kept =
        isWithout
        ? one.labels.filter { !labels.contains($0.key) }
        : one.labels.filter { labels.contains($0.key) }
      let key =
        isWithout
        ? kept.sorted { $0.key < $1.key }.flatMap { [$0.key, $0.value] }
        : labels.map { one.labels[$0] ?? "" }
      if groups[key] == nil { order.append(key) }
      groups[key, default: Group(labels: kept, values: [])].values.append(one.value)
    }
    return order.compactMap { key in
      guard let group = groups[key] else { return nil }
      let sum = group.values.reduce(0, +)
      let value =
        switch function {
        case "sum": sum
        case "avg": sum / Double(group.values.count)
        case "min": group.values.min() ?? 0
        case "count": Double(group.values.count)
        default: group.values.max() ?? 0
        }
      return MetricSeries(name: "", labels: group.labels, value: value)
    }
  }

  private static func combine(_ sign: String, _ left: Value, _ right: Value) throws(Failure)
    -> Value
  {
    switch (left, right) {
    case (.scalar(let one), .scalar(let other)):
      guard let value = calculate(sign, one, other) else {
        throw Failure(description: "comparisons between scalars must use a vector")
      }
      return .scalar(value)
    case (.vector(let series), .scalar(let number)):
      return .vector(series.compactMap { apply(sign, $0, $0.value, number) })
    case (.scalar(let number), .vector(let series)):
      return .vector(series.compactMap { apply(sign, $0, number, $0.value) })
    case (.vector, .vector):
      throw Failure(description: "operations between two vectors are not simulated")
    }
  }

  private static func apply(
    _ sign: String, _ series: MetricSeries, _ left: Double, _ right: Double
  ) -> MetricSeries? {
    if let value = calculate(sign, left, right) {
      return MetricSeries(name: "", labels: series.labels, value: value)
    }
    let holds =
      switch sign {
      case ">": left > right
      case "<": left < right
      case ">=": left >= right
      case "<=": left <= right
      case "==": left == right
      default: left != right
      }
    return holds ? series : nil
  }

  private static func calculate(_ sign: String, _ left: Double, _ right: Double) -> Double? {
    switch sign {
    case "+": left + right
    case "-": left - right
    case "*": left * right
    case "/": left / right
    default: nil
    }
  }
}

extension PromQL.Matcher {
  fileprivate func holds(_ series: MetricSeries) -> Bool {
    switch self {
    case .equal(let label, let value): (series.labels[label] ?? "") == value
    case .unequal(let label, let value): (series.labels[label] ?? "") != value
    }
  }
}
