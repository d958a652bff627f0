import FoundationEssentials
import Glibc
import Yams

/// What the koyeb CLI's own file says: with it set up, vigie needs nothing more.
package struct KoyebConfiguration: Equatable, Sendable {
  package var token: Secret?
  package var url: String?
  package var organization: String?

  package init(token: Secret? = nil, url: String? = nil, organization: String? = nil) {
    self.token = token
    self.url = url
    self.organization = organization
  }

  /// `KOYEB_CONFIG`, else `~/.koyeb.yaml`; nil without a home.
  package static func path(environment: [String: String]) -> String? {
    if let path = environment["KOYEB_CONFIG"], !path.isEmpty { return path }
    return environment["HOME"].map { $0 + "/.koyeb.yaml" }
  }

  /// The environment's own variables.
  package static func of(environment: [String: String]) -> KoyebConfiguration {
    func value(_ name: String) -> String? {
      environment[name].flatMap { $0.isEmpty ? nil : $0 }
    }
    return KoyebConfiguration(
      token: value("KOYEB_TOKEN").map(Secret.init), url: value("KOYEB_URL"),
      organization: value("KOYEB_ORGANIZATION"))
  }

  /// Reads the CLI's file; nil when there is none.
  ///
  /// A file that others can read is refused: the token in it is already known to them.
  package static func load(path: String) throws(PlatformError) -> KoyebConfiguration? {
    guard let text = try PrivateFile.read(path) else { return nil }
    do {
      guard let map = try Yams.load(yaml: text) as? [String: Any] else { return nil }
      func value(_ key: String) -> String? {
        (map[key] as? String).flatMap { $0.isEmpty ? nil : $0 }
      }
      return KoyebConfiguration(
        token: value("token").map(Secret.init), url: value("url"),
        organization: value("organization"))
    } catch {
      // The parser's own words may quote the line, and the line may hold the token.
      throw .refused("\(path) is not valid YAML")
    }
  }
}

/// Reads a file that holds a secret, if its owner alone can.
package enum PrivateFile {
  /// Nil when there is no such file.
  package static func read(_ path: String) throws(PlatformError) -> String? {
    let descriptor = open(path, O_RDONLY | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK)
    guard descriptor >= 0 else {
      if errno == ENOENT || errno == ENOTDIR { return nil }
      if errno == ELOOP { throw .refused("\(path) is a symbolic link; name the file itself") }
      throw .refused("\(path) cannot be read: \(String(cString: strerror(errno)))")
    }
    defer { close(descriptor) }
    var status = stat()
    guard fstat(descriptor, &status) == 0, status.st_mode & S_IFMT == S_IFREG else {
      throw .refused("\(path) is not a plain file")
    }
    guard status.st_uid == geteuid() else { throw .refused("\(path) belongs to another user") }
    guard status.st_mode & 0o077 == 0 else {
      throw .refused("\(path) can be read by others; run: chmod 600 \(path)")
    }
    guard status.st_size < 1 << 20 else { throw .refused("\(path) is too large") }
    var bytes = [UInt8](repeating: 0, count: Int(status.st_size) + 1)
    let count = Glibc.read(descriptor, &bytes, bytes.count)
    return String(decoding: bytes.prefix(max(0, count)), as: UTF8.self)
  }
}
