import Foundation

/// The simulated platform in a process of its own, so that no waiting test can hold it up.
final class SimulatedPlatform {
  private let process = Process()
  /// What the lines that it prints would set in a shell.
  private(set) var environment: [String: String] = [:]

  init(scenario: String = "calm", speed: Int = 20, home: URL) throws {
    process.executableURL = URL(filePath: VirtualTerminal.program)
    process.arguments = [
      "simulate", "--seed", "7", "--scenario", scenario, "--speed", String(speed), "--rate-limit",
      "0",
    ]
    process.environment = ScriptedCommand.variables(home: home)
    let pipe = Pipe()
    process.standardOutput = pipe
    process.standardError = FileHandle.nullDevice
    process.standardInput = FileHandle.nullDevice
    try process.run()
    var text = ""
    while environment.count < 3 {
      let data = pipe.fileHandleForReading.availableData
      guard !data.isEmpty else { throw CocoaError(.executableLoad) }
      text += String(decoding: data, as: UTF8.self)
      // The last line may not be whole yet.
      for line in text.split(separator: "\n", omittingEmptySubsequences: false).dropLast() {
        let parts = line.dropFirst("export ".count).split(separator: "=", maxSplits: 1)
        if parts.count == 2 { environment[String(parts[0])] = String(parts[1]) }
      }
    }
  }

  deinit {
    process.terminate()
    process.waitUntilExit()
  }

  /// Requests that would have changed something, in order; dry runs are not among them.
  var writes: [String] {
    get throws {
      let text = try request("GET", "/_simulator/writes")
      return try JSONDecoder().decode([String].self, from: Data(text.utf8))
    }
  }

  /// Such as `reset=1,method=PUT`; nothing is none.
  func setFaults(_ text: String) throws {
    _ = try request("PUT", "/_simulator/faults", body: text)
  }

  private func request(_ method: String, _ path: String, body: String = "") throws -> String {
    let port = environment["KOYEB_URL"]?.split(separator: ":").last.flatMap { UInt16($0) } ?? 0
    let descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
    defer { close(descriptor) }
    var limit = timeval(tv_sec: 10, tv_usec: 0)
    setsockopt(
      descriptor, SOL_SOCKET, SO_RCVTIMEO, &limit, socklen_t(MemoryLayout<timeval>.size))
    var address = sockaddr_in()
    address.sin_family = sa_family_t(AF_INET)
    address.sin_port = port.bigEndian
    address.sin_addr.s_addr = inet_addr("127.0.0.1")
    let status = withUnsafePointer(to: &address) { pointer in
      pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
        connect(descriptor, $0, socklen_t(MemoryLayout<sockaddr_in>.size))
      }
    }
    guard status == 0 else { throw CocoaError(.fileReadUnknown) }
    let text =
      "\(method) \(path) HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: close\r\n"
      + "Content-Length: \(body.utf8.count)\r\n\r\n\(body)"
    let bytes = Array(text.utf8)
    guard write(descriptor, bytes, bytes.count) == bytes.count else {
      throw CocoaError(.fileWriteUnknown)
    }
    return try answer(descriptor)
  }

  private func answer(_ descriptor: Int32) throws -> String {
    var text = ""
    var buffer = [UInt8](repeating: 0, count: 65_536)
    while true {
      if let body = Self.wholeBody(of: text) { return body }
      let count = read(descriptor, &buffer, buffer.count)
      guard count > 0 else { throw CocoaError(.fileReadUnknown) }
      text += String(decoding: buffer.prefix(count), as: UTF8.self)
    }
  }

  /// Nil while more is to come.
  private static func wholeBody(of text: String) -> String? {
    guard let end = text.range(of: "\r\n\r\n") else { return nil }
    let head = text[..<end.lowerBound].lowercased()
    let body = String(text[end.upperBound...])
    let length = head.components(separatedBy: "content-length: ").dropFirst().first
      .flatMap { Int($0.prefix { $0.isNumber }) }
    return length.map { body.utf8.count >= $0 } ?? false ? body : nil
  }
}
