import FoundationEssentials

/// An answer to an instant query, as far as vector results go.
struct PrometheusReply: Decodable {
  struct Element: Decodable {
    var metric: [String: String]
    /// Unix seconds.
    var time: Double
    /// Nil for NaN, infinities and what is no number.
    var value: Double?

    private enum Key: String, CodingKey {
      case metric, value
    }

    init(from decoder: any Decoder) throws {
      let container = try decoder.container(keyedBy: Key.self)
      metric = try container.decode([String: String].self, forKey: .metric)
      var pair = try container.nestedUnkeyedContainer(forKey: .value)
      time = try pair.decode(Double.self)
      let number = Double(try pair.decode(String.self))
      value = number.flatMap { $0.isFinite && !Self.isSentinel($0) ? $0 : nil }
    }

    /// What DCGM writes for "not supported" and "not permitted".
    private static func isSentinel(_ value: Double) -> Bool {
      (2_147_483_632...2_147_483_635).contains(value)
        || (140_737_488_355_328...140_737_488_355_331).contains(value)
        || value >= 9.2e18
    }
  }

  struct Contents: Decodable {
    var result: [Element]?
  }

  var status: String
  var data: Contents?
  var errorType: String?
  var error: String?
  var warnings: [String]?
  var isPartial: Bool?
}
