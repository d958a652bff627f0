import FoundationEssentials

/// Where an API is: https anywhere, http on loopback alone, nothing hidden in the address.
package struct PlatformEndpoint: Hashable, Sendable, CustomStringConvertible {
  package let host: String
  /// Scheme, host, port and path without a slash at the end.
  package let base: String

  package var description: String { base }

  /// Koyeb's own address.
  package static let koyeb = "https://app.koyeb.com"

  /// Refuses with a sentence what could send a token elsewhere.
  package static func parse(_ text: String) throws(PlatformError) -> PlatformEndpoint {
    let isPlain = text.utf8.allSatisfy { $0 > 0x20 && $0 < 0x7F && $0 != UInt8(ascii: "\\") }
    guard isPlain, !text.isEmpty else {
      throw .refused("an address must be plain characters without spaces")
    }
    guard let components = URLComponents(string: text),
      let scheme = components.scheme?.lowercased(),
      let host = components.host?.lowercased(), !host.isEmpty
    else { throw .refused("'\(text)' is not an address like https://app.koyeb.com") }
    guard components.user == nil, components.password == nil, !text.contains("@") else {
      throw .refused("an address must not carry a user or a password")
    }
    guard components.query == nil, components.fragment == nil, !text.contains("?"),
      !text.contains("#")
    else { throw .refused("an address must not carry a query or a fragment") }
    let bare = host.hasPrefix("[") ? String(host.dropFirst().dropLast()) : host
    guard scheme == "https" || (scheme == "http" && isLoopback(bare)) else {
      throw .refused("'\(scheme)' is not allowed for \(bare): https, or http on loopback")
    }
    guard !isLinkLocal(bare), !bare.contains("%") else {
      throw .refused("\(bare) is a link-local address")
    }
    if let port = components.port, !(1...65_535).contains(port) {
      throw .refused("port \(port) does not exist")
    }
    var path = components.path
    guard !path.contains("//"), !path.split(separator: "/").contains("..") else {
      throw .refused("the path of an address must be plain")
    }
    while path.hasSuffix("/") { path.removeLast() }
    let printed = bare.contains(":") ? "[\(bare)]" : bare
    let port = components.port.map { ":\($0)" } ?? ""
    return PlatformEndpoint(host: printed + port, base: "\(scheme)://\(printed)\(port)\(path)")
  }

  private init(host: String, base: String) {
    self.host = host
    self.base = base
  }

  private static func isLoopback(_ host: String) -> Bool {
    if host == "localhost" || host == "::1" { return true }
    let parts = host.split(separator: ".", omittingEmptySubsequences: false)
    return parts.count == 4 && parts[0] == "127"
      && parts.allSatisfy { UInt8($0) != nil }
  }

  private static func isLinkLocal(_ host: String) -> Bool {
    host.hasPrefix("169.254.") || host.hasPrefix("fe80:") || host.contains("169.254.169.254")
      || host.hasPrefix("::ffff:a9fe")
  }
}
