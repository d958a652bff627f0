/// What shall go wrong on the way to the simulated platform.
package struct FaultPlan: Equatable, Sendable, Codable {
  /// Milliseconds added to each answer.
  package var latency = 0
  /// Shares of the requests, 0…1, that end in each way.
  package var error = 0.0
  package var reset = 0.0
  package var truncated = 0.0
  package var malformed = 0.0
  package var html = 0.0
  package var hang = 0.0
  package var limited = 0.0
  /// The request is carried out, and its answer is lost.
  package var dropped = 0.0
  /// The request is carried out, and its answer breaks off.
  package var cut = 0.0
  /// Every token is refused.
  package var expired = false
  /// Only paths that begin so; empty for all.
  package var path = ""
  /// Only this method; empty for all.
  package var method = ""

  package init() {}

  package struct ParseError: Error, CustomStringConvertible {
    package let description: String
  }

  /// Reads `latency=200ms,error=0.05,path=/v1/services,expired`.
  package init(parsing text: String) throws(ParseError) {
    self.init()
    for part in text.split(separator: ",") {
      let words = part.split(separator: "=", maxSplits: 1).map(String.init)
      let value = words.count > 1 ? words[1] : ""
      switch words.first {
      case "latency":
        let digits = value.hasSuffix("ms") ? String(value.dropLast(2)) : value
        guard let number = Int(digits), (0...600_000).contains(number) else {
          throw ParseError(description: "latency must be like 200ms, not '\(value)'")
        }
        latency = number
      case "error": error = try Self.share(words[0], value)
      case "reset": reset = try Self.share(words[0], value)
      case "truncated": truncated = try Self.share(words[0], value)
      case "malformed": malformed = try Self.share(words[0], value)
      case "html": html = try Self.share(words[0], value)
      case "hang": hang = try Self.share(words[0], value)
      case "limited": limited = try Self.share(words[0], value)
      case "dropped": dropped = try Self.share(words[0], value)
      case "cut": cut = try Self.share(words[0], value)
      case "expired": expired = true
      case "path": path = value
      case "method": method = value
      default:
        throw ParseError(
          description:
            "no fault '\(words.first ?? "")'; there are latency, error, reset, truncated, "
            + "malformed, html, hang, limited, dropped, cut, expired, path, method")
      }
    }
  }

  private static func share(_ name: String, _ value: String) throws(ParseError) -> Double {
    guard let number = Double(value), (0...1).contains(number) else {
      throw ParseError(description: "\(name) must be a share between 0 and 1, not '\(value)'")
    }
    return number
  }
}
