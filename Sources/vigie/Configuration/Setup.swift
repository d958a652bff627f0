import Domain
import Foundation
import Platform

/// The configuration and the paths, read once at the start of a command.
struct Setup {
  let configuration: Configuration
  let paths: Paths

  /// What is laid down for the fleet, as it is whenever it is asked for.
  let rules: @Sendable () -> Rulebook

  static func load(environment: [String: String]) throws(ConfigurationError) -> Setup {
    let paths = try Paths(environment: environment)
    let (configuration, file) = try RuleFile.load(path: paths.configurationFile)
    return Setup(configuration: configuration, paths: paths, rules: { file.rules })
  }

  /// What a command talks to: endpoint, credentials and metrics of one context.
  func context(
    named name: String?, environment: [String: String]
  ) throws(ConfigurationError) -> ResolvedContext {
    let contexts = configuration.contexts
    if let wanted = configuredName(name) {
      guard let context = contexts.first(where: { $0.name == wanted }) else {
        let known = contexts.map(\.name).joined(separator: ", ")
        throw ConfigurationError(
          file: paths.configurationFile, line: nil,
          problem: "no context '\(wanted)'" + (known.isEmpty ? "" : "; there are \(known)"))
      }
      return try resolve(context, environment: environment)
    }
    return try resolve(nil, environment: environment)
  }

  /// The name under which a context is cached, whether or not there are credentials for it.
  func contextName(named name: String?) -> String { configuredName(name) ?? Self.unnamed }

  private static let unnamed = "koyeb"

  private func configuredName(_ name: String?) -> String? {
    let contexts = configuration.contexts
    return name ?? configuration.defaultContext ?? (contexts.count == 1 ? contexts[0].name : nil)
  }

  private func resolve(
    _ context: Configuration.Context?, environment: [String: String]
  ) throws(ConfigurationError) -> ResolvedContext {
    let own = KoyebConfiguration.of(environment: environment)
    let path = KoyebConfiguration.path(environment: environment)
    let file = try translated(path ?? "~/.koyeb.yaml") {
      () throws(PlatformError) -> KoyebConfiguration? in
      guard let path else { return nil }
      // A file that is not needed is not read, and so cannot be in the way.
      if own.token != nil || context?.tokenFile != nil || context?.tokenVariable != nil {
        return nil
      }
      return try KoyebConfiguration.load(path: path)
    }
    let url = context?.url ?? own.url ?? file?.url ?? PlatformEndpoint.koyeb
    let endpoint = try translated("address of the platform") { () throws(PlatformError) in
      try PlatformEndpoint.parse(url)
    }
    let source = try credentials(
      context, own: own, file: file, path: path, environment: environment)
    let metricsURL = context?.metrics?.url ?? environment["VIGIE_METRICS_URL"] ?? ""
    var metrics: ResolvedContext.Metrics?
    if !metricsURL.isEmpty {
      let place = try translated("address of the metrics") { () throws(PlatformError) in
        try PlatformEndpoint.parse(metricsURL)
      }
      let labels = try translated("labels of the metrics") { () throws(PlatformError) in
        try MetricsLabels(configured: context?.metrics?.labels ?? [:])
      }
      metrics = ResolvedContext.Metrics(
        endpoint: place, labels: labels, headers: MetricsHeaders(context?.metrics).make)
    }
    return ResolvedContext(
      name: context?.name ?? Self.unnamed, endpoint: endpoint, credentialSource: source.name,
      token: source.token, metrics: metrics,
      isReadOnly: context?.isReadOnly ?? false || Self.isReadOnly(environment))
  }

  /// Whether `VIGIE_READ_ONLY` forbids every action; what is no clear no is a yes.
  static func isReadOnly(_ environment: [String: String]) -> Bool {
    guard let value = environment["VIGIE_READ_ONLY"] else { return false }
    return !["", "0", "false", "no"].contains(value.lowercased())
  }

  private func credentials(
    _ context: Configuration.Context?, own: KoyebConfiguration, file: KoyebConfiguration?,
    path: String?, environment: [String: String]
  ) throws(ConfigurationError) -> (
    name: String, token: @Sendable () throws(PlatformError) -> Secret
  ) {
    if let tokenFile = context?.tokenFile {
      let read: @Sendable () throws(PlatformError) -> Secret = { () throws(PlatformError) in
        guard let text = try PrivateFile.read(tokenFile) else {
          throw .refused("\(tokenFile) does not exist")
        }
        return Secret(text.trimmingCharacters(in: .whitespacesAndNewlines))
      }
      _ = try translated(tokenFile, read)
      return (tokenFile, read)
    }
    if let variable = context?.tokenVariable {
      guard let value = environment[variable], !value.isEmpty else {
        throw ConfigurationError(
          file: paths.configurationFile, line: nil, problem: "the variable \(variable) is not set")
      }
      return ("$\(variable)", { () throws(PlatformError) in Secret(value) })
    }
    if let token = own.token {
      return ("KOYEB_TOKEN", { () throws(PlatformError) in token })
    }
    if file?.token != nil, let path {
      // Read anew each time: a token that was replaced on disk is found without a restart.
      return (
        path,
        { () throws(PlatformError) in
          guard let token = try KoyebConfiguration.load(path: path)?.token else {
            throw .unauthorized("\(path) holds no token any more")
          }
          return token
        }
      )
    }
    throw ConfigurationError(
      file: "vigie", line: nil,
      problem: "no credentials: set KOYEB_TOKEN, run 'koyeb login', or try 'vigie demo'")
  }

  private func translated<Value>(
    _ what: String, _ body: () throws(PlatformError) -> Value
  ) throws(ConfigurationError) -> Value {
    do throws(PlatformError) {
      return try body()
    } catch {
      throw ConfigurationError(file: what, line: nil, problem: error.message)
    }
  }
}

/// One account, ready to be talked to.
struct ResolvedContext: Sendable {
  struct Metrics: Sendable {
    var endpoint: PlatformEndpoint
    var labels: MetricsLabels
    var headers: @Sendable () throws(PlatformError) -> [(name: String, value: String)]
  }

  var name: String
  var endpoint: PlatformEndpoint
  /// Where the token comes from, in words; never the token.
  var credentialSource: String
  var token: @Sendable () throws(PlatformError) -> Secret
  var metrics: Metrics?
  var isReadOnly: Bool
}

/// What is sent with each question to a metrics source; secrets are read when they are needed.
struct MetricsHeaders: Sendable {
  private let settings: Configuration.Metrics?

  init(_ settings: Configuration.Metrics?) {
    self.settings = settings
  }

  @Sendable func make() throws(PlatformError) -> [(name: String, value: String)] {
    guard let settings else { return [] }
    var headers: [(name: String, value: String)] = []
    if let tenant = settings.tenant { headers.append((name: "X-Scope-OrgID", value: tenant)) }
    if let file = settings.bearerFile {
      headers.append((name: "Authorization", value: "Bearer \(try secret(file))"))
    } else if let user = settings.user, let file = settings.passwordFile {
      let pair = Data("\(user):\(try secret(file))".utf8).base64EncodedString()
      headers.append((name: "Authorization", value: "Basic \(pair)"))
    }
    return headers
  }

  private func secret(_ file: String) throws(PlatformError) -> String {
    guard let text = try PrivateFile.read(file) else { throw .refused("\(file) does not exist") }
    return text.trimmingCharacters(in: .whitespacesAndNewlines)
  }
}
