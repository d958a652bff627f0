import Foundation
import Testing

/// A command as a script runs it: no terminal, output and errors apart.
struct ScriptedCommand {
  let status: Int32
  let output: String
  let errors: String

  init(_ arguments: [String], home: URL, environment: [String: String]) throws {
    let process = Process()
    process.executableURL = URL(filePath: VirtualTerminal.program)
    process.arguments = arguments
    process.environment = Self.variables(home: home).merging(environment) { _, new in new }
    let folder = home.appending(path: "output-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    let files = ["out", "err"].map { folder.appending(path: $0) }
    for file in files { _ = FileManager.default.createFile(atPath: file.path, contents: nil) }
    process.standardOutput = try FileHandle(forWritingTo: files[0])
    process.standardError = try FileHandle(forWritingTo: files[1])
    process.standardInput = FileHandle.nullDevice
    try process.run()
    process.waitUntilExit()
    let texts = try files.map { try String(contentsOf: $0, encoding: .utf8) }
    status = process.terminationStatus
    output = texts[0]
    errors = texts[1]
  }

  static func variables(home: URL) -> [String: String] {
    var variables = ["HOME": home.path, "PATH": "/usr/bin:/bin", "LC_ALL": "C.UTF-8"]
    variables["SWIFT_BACKTRACE"] = "enable=no"
    variables["LD_LIBRARY_PATH"] = ProcessInfo.processInfo.environment["LD_LIBRARY_PATH"]
    return variables
  }

  /// What was printed, read as one JSON object.
  func object() throws -> [String: Any] {
    try #require(try JSONSerialization.jsonObject(with: Data(output.utf8)) as? [String: Any])
  }

  /// What was printed, read as a list of JSON objects.
  func objects() throws -> [[String: Any]] {
    try #require(try JSONSerialization.jsonObject(with: Data(output.utf8)) as? [[String: Any]])
  }

  var all: String { "status \(status)\n\(output)\n\(errors)" }
}

/// A home and a simulated platform, and commands between them.
final class ScriptedSession {
  let home: URL
  let platform: SimulatedPlatform

  init(scenario: String = "calm", speed: Int = 20) throws {
    home = FileManager.default.temporaryDirectory.appending(path: "vigie-act-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: home, withIntermediateDirectories: true)
    platform = try SimulatedPlatform(scenario: scenario, speed: speed, home: home)
  }

  deinit { try? FileManager.default.removeItem(at: home) }

  func run(_ arguments: String..., setting: [String: String] = [:]) throws -> ScriptedCommand {
    try run(arguments, setting: setting)
  }

  func run(_ arguments: [String], setting: [String: String] = [:]) throws -> ScriptedCommand {
    try ScriptedCommand(
      arguments, home: home, environment: platform.environment.merging(setting) { _, new in new })
  }

  func terminal(_ arguments: [String]) throws -> VirtualTerminal {
    try VirtualTerminal(
      arguments, home: home, rows: 50, columns: 120, environment: platform.environment)
  }
}
