package import Domain
package import FoundationEssentials

/// A value on its way out of the program, as JSON knows it; objects keep their order.
package indirect enum ExportValue: Equatable, Sendable {
  case null
  case bool(Bool)
  case integer(Int)
  case decimal(Decimal)
  case real(Double)
  case text(String)
  case list([ExportValue])
  case object([Member])

  /// One key of an object.
  package struct Member: Equatable, Sendable {
    package let key: String
    package let value: ExportValue

    package init(_ key: String, _ value: ExportValue) {
      self.key = key
      self.value = value
    }
  }

  package static func optional<Value>(
    _ value: Value?, _ wrap: (Value) -> ExportValue
  ) -> ExportValue {
    value.map(wrap) ?? .null
  }

  /// RFC 3339, UTC, whole seconds.
  package static func time(_ date: Date?) -> ExportValue {
    optional(date) { .text($0.formatted(.iso8601)) }
  }

  /// An estimate from list prices, and marked as one.
  package static func money(_ money: Money?) -> ExportValue {
    optional(money) {
      .object([
        Member("amount", .decimal($0.amount)), Member("currency", .text($0.currency.code)),
        Member("estimate", .bool(true)),
      ])
    }
  }

  /// What somebody laid down: no estimate.
  package static func amount(_ money: Money) -> ExportValue {
    .object([
      Member("amount", .decimal(money.amount)), Member("currency", .text(money.currency.code)),
      Member("estimate", .bool(false)),
    ])
  }

  /// What a cell of a table or a CSV file shows; unknown is `-` in a table and empty in CSV.
  package func cell(unknown: String) -> String {
    switch self {
    case .null: unknown
    case .bool(let value): value ? "true" : "false"
    case .integer(let value): String(value)
    case .decimal(let value): value.description
    case .real(let value): String(value)
    case .text(let value): value
    case .list(let values): values.map { $0.cell(unknown: unknown) }.joined(separator: " ")
    case .object(let members) where members.first?.key == "amount":
      (members.last?.value == .bool(false) ? "" : "~")
        + members.prefix(2).map { $0.value.cell(unknown: unknown) }.joined(separator: " ")
    case .object(let members) where members.first?.key == "ready":
      members.map { $0.value.cell(unknown: unknown) }.joined(separator: "/")
    case .object(let members):
      members.map { $0.value.cell(unknown: unknown) }.joined(separator: " ")
    }
  }
}
