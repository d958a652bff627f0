/// Reads the simulated part of PromQL; an error names the character where it stopped.
struct PromQLParser {
  private let characters: [Character]
  private var position = 0

  private static let aggregations: Set<String> = ["sum", "max", "min", "avg", "count"]

  init(_ text: String) {
    characters = Array(text)
  }

  mutating func whole() throws(PromQL.Failure) -> PromQL {
    let expression = try comparison()
    skipSpace()
    guard position == characters.count else { throw failure("unexpected text") }
    return expression
  }

  private mutating func comparison() throws(PromQL.Failure) -> PromQL {
    var left = try sum()
    while let sign = take(anyOf: [">=", "<=", "==", "!=", ">", "<"]) {
      left = .binary(sign, left, try sum())
    }
    return left
  }

  private mutating func sum() throws(PromQL.Failure) -> PromQL {
    var left = try product()
    while let sign = take(anyOf: ["+", "-"]) { left = .binary(sign, left, try product()) }
    return left
  }

  private mutating func product() throws(PromQL.Failure) -> PromQL {
    var left = try primary()
    while let sign = take(anyOf: ["*", "/"]) { left = .binary(sign, left, try primary()) }
    return left
  }

  private mutating func primary() throws(PromQL.Failure) -> PromQL {
    skipSpace()
    if take(anyOf: ["("]) != nil {
      let inner = try comparison()
      guard take(anyOf: [")"]) != nil else { throw failure("')' is missing") }
      return inner
    }
    if let first = peek(), first.isNumber {
      let text = run { $0.isNumber || $0 == "." || $0 == "e" }
      guard let value = Double(text) else { throw failure("'\(text)' is not a number") }
      return .number(value)
    }
    let name = run { $0.isLetter || $0.isNumber || $0 == "_" || $0 == ":" }
    guard !name.isEmpty else { throw failure("an expression is missing") }
    if Self.aggregations.contains(name) { return try aggregation(name) }
    skipSpace()
    if peek() == "(" { throw failure("the function '\(name)' is not simulated") }
    let matchers = try matchers()
    skipSpace()
    if peek() == "[" { throw failure("range selectors are not simulated") }
    return .selector(name, matchers)
  }

  private mutating func aggregation(_ name: String) throws(PromQL.Failure) -> PromQL {
    var labels: [String] = []
    var isWithout = false
    skipSpace()
    let word = run(\.isLetter)
    if !word.isEmpty {
      guard word == "by" || word == "without" else { throw failure("unexpected '\(word)'") }
      isWithout = word == "without"
      guard take(anyOf: ["("]) != nil else { throw failure("'(' is missing") }
      while true {
        skipSpace()
        let label = run { $0.isLetter || $0.isNumber || $0 == "_" }
        if !label.isEmpty { labels.append(label) }
        if take(anyOf: [","]) != nil { continue }
        guard take(anyOf: [")"]) != nil else { throw failure("')' is missing") }
        break
      }
    }
    guard take(anyOf: ["("]) != nil else { throw failure("'(' is missing") }
    let inner = try comparison()
    guard take(anyOf: [")"]) != nil else { throw failure("')' is missing") }
    return .aggregate(name, labels: labels, isWithout: isWithout, inner)
  }

  private mutating func matchers() throws(PromQL.Failure) -> [PromQL.Matcher] {
    guard take(anyOf: ["{"]) != nil else { return [] }
    var result: [PromQL.Matcher] = []
    while take(anyOf: ["}"]) == nil {
      skipSpace()
      let label = run { $0.isLetter || $0.isNumber || $0 == "_" }
      if take(anyOf: ["=~", "!~"]) != nil {
        throw failure("regular expressions are not simulated")
      }
      guard !label.isEmpty, let sign = take(anyOf: ["!=", "="]) else {
        throw failure("a label matcher is missing")
      }
      guard take(anyOf: ["\""]) != nil else { throw failure("a quoted value is missing") }
      let value = run { $0 != "\"" }
      guard take(anyOf: ["\""]) != nil else { throw failure("a quote is missing") }
      result.append(sign == "=" ? .equal(label, value) : .unequal(label, value))
      _ = take(anyOf: [","])
    }
    return result
  }

  private func peek() -> Character? { position < characters.count ? characters[position] : nil }

  private mutating func skipSpace() {
    while let next = peek(), next.isWhitespace { position += 1 }
  }

  private mutating func take(anyOf words: [String]) -> String? {
    skipSpace()
    for word in words where characters[position...].starts(with: word) {
      position += word.count
      return word
    }
    return nil
  }

  private mutating func run(_ isPart: (Character) -> Bool) -> String {
    let start = position
    while let next = peek(), isPart(next) { position += 1 }
    return String(characters[start..<position])
  }

  private func failure(_ message: String) -> PromQL.Failure {
    PromQL.Failure(description: "parse error at char \(position + 1): \(message)")
  }
}
