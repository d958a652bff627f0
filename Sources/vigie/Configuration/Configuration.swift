import Domain
import Foundation
import Store

/// What `config.toml` says; every part of it is optional.
struct Configuration: Equatable {
  /// One account that vigie watches.
  struct Context: Equatable {
    var name: String
    var url: String?
    var organization: String?
    var tokenFile: String?
    var tokenVariable: String?
    var isReadOnly = false
    var metrics: Metrics?
  }

  /// A Prometheus-compatible source of GPU metrics.
  struct Metrics: Equatable {
    var url: String
    /// Sent as `X-Scope-OrgID`: the tenant of a Mimir or Cortex.
    var tenant: String?
    var bearerFile: String?
    var user: String?
    var passwordFile: String?
    /// From vigie's label names to the source's.
    var labels: [String: String] = [:]
  }

  var defaultContext: String?
  var theme: String?
  var ascii: Bool?
  var contexts: [Context] = []
  /// What may be done to the fleet, and how its money is told.
  var rules = Rulebook()
  /// How long the cache keeps what.
  var retention = Retention()

  /// Reads the file; none at all is an empty configuration.
  static func load(path: String) throws(ConfigurationError) -> Configuration {
    guard let data = FileManager.default.contents(atPath: path) else {
      if FileManager.default.fileExists(atPath: path) {
        throw ConfigurationError(file: path, line: nil, problem: "cannot be read")
      }
      return Configuration()
    }
    try refuseForeignWriters(path)
    guard let text = String(data: data, encoding: .utf8) else {
      throw ConfigurationError(file: path, line: nil, problem: "is not UTF-8 text")
    }
    return try parse(text, file: path)
  }

  static func parse(_ text: String, file: String) throws(ConfigurationError) -> Configuration {
    let reader = try TOMLReader(text: text, file: file)
    var configuration = Configuration()
    configuration.defaultContext = try reader.string("context")
    configuration.theme = try reader.string("theme")
    configuration.ascii = try reader.bool("ascii")
    for (name, table) in try reader.subtable("contexts")?.subtables() ?? [] {
      guard isUsableName(name) else {
        throw ConfigurationError(
          file: file, line: nil,
          problem: "context name '\(name)' must be letters, digits, '-', '_' or '.'")
      }
      configuration.contexts.append(try context(name, table))
    }
    if let cache = try reader.subtable("cache") {
      configuration.retention = try retention(cache)
    }
    configuration.rules.policies = PolicyTables.book(reader)
    configuration.rules.money = try MoneyBook(reader)
    try reader.finish(
      allowed:
        "context, theme, ascii, contexts, cache, policy, jurisdictions, currency, rates, budget")
    if let name = configuration.defaultContext,
      !configuration.contexts.contains(where: { $0.name == name })
    {
      throw reader.wrong("context", expected: "the name of a table under [contexts]")
    }
    return configuration
  }

  private static func retention(_ table: TOMLReader) throws(ConfigurationError) -> Retention {
    var retention = Retention()
    if let text = try table.string("keep") {
      guard let seconds = TimeExpression.duration(text), seconds >= 3600 else {
        throw table.wrong("keep", expected: "a time of an hour or more, such as \"14d\"")
      }
      retention.kept = .seconds(seconds)
      retention.raw = min(retention.raw, retention.kept)
    }
    if let text = try table.string("max_size") {
      guard let bytes = size(text), bytes >= 1 << 20 else {
        throw table.wrong("max_size", expected: "a size of a MiB or more, such as \"2GiB\"")
      }
      retention.maximumBytes = bytes
    }
    try table.finish(allowed: "keep, max_size")
    return retention
  }

  /// Bytes of `512MiB` or `2GiB`; nil when it is no such text.
  private static func size(_ text: String) -> Int? {
    for (unit, shift) in [("GiB", 30), ("MiB", 20)] where text.hasSuffix(unit) {
      guard let count = Int(text.dropLast(3)), (1...4096).contains(count) else { return nil }
      return count << shift
    }
    return nil
  }

  /// A context names a folder, so it must not leave its place.
  static func isUsableName(_ name: String) -> Bool {
    !name.isEmpty && !name.hasPrefix(".") && name.count <= 64
      && name.unicodeScalars.allSatisfy {
        $0.isASCII
          && ($0.properties.isAlphabetic || ("0"..."9").contains($0)
            || "-_.".unicodeScalars.contains($0))
      }
  }

  private static func context(
    _ name: String, _ table: TOMLReader
  ) throws(ConfigurationError) -> Context {
    var context = Context(name: name)
    if let platform = try table.string("platform"), platform != "koyeb" {
      throw table.wrong("platform", expected: "\"koyeb\"")
    }
    context.url = try table.string("url")
    context.organization = try table.string("organization")
    context.tokenFile = try table.string("token_file")
    context.tokenVariable = try table.string("token_env")
    context.isReadOnly = try table.bool("read_only") ?? false
    if let metrics = try table.subtable("metrics") {
      guard let url = try metrics.string("url") else {
        throw table.wrong("metrics", expected: "a table with a url")
      }
      var source = Metrics(url: url)
      source.tenant = try metrics.string("tenant")
      source.bearerFile = try metrics.string("bearer_file")
      source.user = try metrics.string("user")
      source.passwordFile = try metrics.string("password_file")
      source.labels = try metrics.strings("labels") ?? [:]
      try metrics.finish(allowed: "url, tenant, bearer_file, user, password_file, labels")
      context.metrics = source
    }
    try table.finish(
      allowed: "platform, url, organization, token_file, token_env, read_only, metrics")
    return context
  }

  private static func refuseForeignWriters(_ path: String) throws(ConfigurationError) {
    let attributes = try? FileManager.default.attributesOfItem(atPath: path)
    guard let mode = attributes?[.posixPermissions] as? Int else { return }
    if mode & 0o022 != 0 {
      throw ConfigurationError(
        file: path, line: nil, problem: "others may write to it; run: chmod go-w \(path)")
    }
  }
}
