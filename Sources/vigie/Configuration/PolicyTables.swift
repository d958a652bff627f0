import Domain
import Foundation

/// Reads `[[policy]]` and `[jurisdictions]`.
///
/// A mistake there does not end the program: it makes a book by which everything is refused.
enum PolicyTables {
  static func book(_ reader: TOMLReader) -> PolicyBook {
    // Asked for first: a mistake in the one must not make the other an unknown key.
    for key in ["policy", "jurisdictions"] { reader.expect(key) }
    do throws(ConfigurationError) {
      let jurisdictions = try jurisdictions(reader)
      var policies: [Policy] = []
      for table in try reader.tables("policy") {
        let policy = try policy(table)
        guard !policies.contains(where: { $0.name == policy.name }) else {
          throw table.wrong("name", expected: "another one: '\(policy.name)' is there already")
        }
        policies.append(policy)
      }
      return PolicyBook(policies: policies, jurisdictions: jurisdictions)
    } catch {
      return PolicyBook(defect: error.description)
    }
  }

  private static func jurisdictions(
    _ reader: TOMLReader
  ) throws(ConfigurationError) -> JurisdictionTable {
    let names = try reader.strings("jurisdictions") ?? [:]
    var table = JurisdictionTable()
    for (region, name) in names {
      let code = name.uppercased()
      guard !code.isEmpty, code.count <= 12 else {
        throw reader.wrong("jurisdictions", expected: "regions with short names, such as \"EU\"")
      }
      table.overrides[RegionID(region)] = code
    }
    return table
  }

  private static func policy(_ table: TOMLReader) throws(ConfigurationError) -> Policy {
    guard let name = try table.string("name") else { throw table.problem("a policy needs a name") }
    guard !name.isEmpty, name.count <= 64, !name.contains("'"), !name.contains(where: \.isNewline)
    else { throw table.wrong("name", expected: "1 to 64 characters on one line, without '") }
    var policy = Policy(name: name)
    if let match = try table.subtable("match") {
      policy.match = try WorkloadMatch(match)
      try match.finish(allowed: "context, app, workload, label")
    }
    if let residency = try table.list("residency") {
      let codes = residency.map { $0.uppercased() }
      guard !codes.isEmpty, !codes.contains("") else {
        throw table.wrong("residency", expected: "jurisdictions, such as [\"EU\"]")
      }
      policy.residency = codes
    }
    policy.isProtected = try table.bool("protected") ?? false
    policy.isReadOnly = try table.bool("read_only") ?? false
    policy.freezes.frozen = try windows("freeze", table)
    policy.freezes.allowed = try windows("allow", table)
    if let text = try table.string("max_hourly_increase") {
      guard let money = Money(configured: text) else {
        throw table.wrong(
          "max_hourly_increase", expected: "an amount and a currency, such as \"50 EUR\"")
      }
      policy.maximumHourlyIncrease = money
    }
    try table.finish(
      allowed: "name, match, residency, protected, read_only, freeze, allow, max_hourly_increase")
    let asksNothing =
      policy.residency.isEmpty && !policy.isProtected && !policy.isReadOnly
      && policy.freezes.isEmpty && policy.maximumHourlyIncrease == nil
    // A rule that its writer believes in and that does nothing is the worst of all.
    if asksNothing { throw table.problem("policy '\(name)' asks for nothing") }
    return policy
  }

  private static func windows(
    _ key: String, _ table: TOMLReader
  ) throws(ConfigurationError) -> [FreezeWindow] {
    var windows: [FreezeWindow] = []
    for text in try table.list(key) ?? [] {
      do throws(FreezeWindow.Problem) {
        windows.append(try FreezeWindow(text, zones: ZoneFiles.zone))
      } catch {
        throw table.wrong(key, expected: "spans of time: \(error.text)")
      }
    }
    return windows
  }
}

/// The zone files of this machine, and without them what comes with the program.
enum ZoneFiles {
  static func zone(_ name: String) -> ClockZone? {
    let isName = name.unicodeScalars.allSatisfy {
      $0.isASCII && ($0.properties.isAlphabetic || "/_-+0123456789".unicodeScalars.contains($0))
    }
    guard isName, !name.hasPrefix("/"), !name.isEmpty else { return nil }
    for folder in ["/usr/share/zoneinfo", "/usr/lib/zoneinfo"] {
      guard let data = FileManager.default.contents(atPath: "\(folder)/\(name)"),
        data.count < 1 << 20, let zone = ClockZone(name: name, file: Array(data))
      else { continue }
      return zone
    }
    return ClockZone.builtIn(name)
  }
}
