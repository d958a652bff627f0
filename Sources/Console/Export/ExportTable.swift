import Terminal

/// Records as aligned columns or as CSV.
package enum ExportTable {
  /// A header line and one line per record, aligned for a terminal; unknown is `-`.
  ///
  /// Values pass the sanitiser: a name from outside must not drive the reader's terminal.
  package static func columns(_ records: [ExportValue], keys: [String]) -> String {
    let header = keys.map { $0.uppercased() }
    let rows = records.map { record in
      flatten(record, keys: keys, unknown: "-").map { Sanitizer.clean($0) }
    }
    let widths = keys.indices.map { column in
      ([header] + rows).map { DisplayWidth.of($0[column]) }.max() ?? 0
    }
    return ([header] + rows).map { row in
      var line = ""
      for (column, value) in row.enumerated() {
        line += value
        guard column < row.count - 1 else { continue }
        line += String(repeating: " ", count: widths[column] - DisplayWidth.of(value) + 2)
      }
      return line
    }.joined(separator: "\n")
  }

  /// RFC 4180 text with a header; unknown is empty.
  ///
  /// A value that a spreadsheet would run as a formula is prefixed with a quote.
  package static func csv(_ records: [ExportValue]) -> String {
    guard case .object(let first) = records.first else { return "" }
    let keys = first.map(\.key)
    let lines = records.map { record in
      flatten(record, keys: keys, unknown: "").map(field).joined(separator: ",")
    }
    return ([keys.joined(separator: ",")] + lines).joined(separator: "\r\n")
  }

  private static func field(_ value: String) -> String {
    let clean = Sanitizer.clean(value)
    let isFormula = clean.first.map { "=+-@".contains($0) } ?? false
    let text = isFormula && Double(clean) == nil ? "'" + clean : clean
    guard text.contains(where: { ",\"\n\r".contains($0) }) else { return text }
    return "\""
      + text.split(separator: "\"", omittingEmptySubsequences: false)
      .joined(separator: "\"\"") + "\""
  }

  private static func flatten(
    _ record: ExportValue, keys: [String], unknown: String
  ) -> [String] {
    guard case .object(let members) = record else { return keys.map { _ in unknown } }
    return keys.map { key in
      members.first { $0.key == key }?.value.cell(unknown: unknown) ?? unknown
    }
  }
}

extension ExportKind {
  /// The columns of the plain table; JSON and CSV have all keys.
  package var tableKeys: [String] {
    switch self {
    case .deployments:
      [
        "name", "app", "health", "status", "regions", "replicas", "machine", "gpu_utilization",
        "hourly_cost", "note",
      ]
    case .gpus:
      ["id", "model", "host", "deployment", "region", "use", "utilization", "temperature_celsius"]
    case .costs:
      ["region", "jurisdiction", "running_replicas", "per_hour", "today", "month_to_date"]
    case .budgets:
      [
        "name", "state", "limit", "month_to_date", "month_forecast", "passes_at", "deployments",
        "reason",
      ]
    case .events: ["at", "deployment", "region", "kind", "actor", "from", "to", "inferred_reason"]
    case .findings: ["severity", "kind", "subject", "region", "summary", "since", "remedy"]
    }
  }
}
