import Foundation
import Testing

/// The commands that print, run as a script would run them.
@Suite(.serialized)
struct HeadlessTests {
  struct Result {
    let status: Int32
    let output: String
    let errors: String
  }

  private func run(
    _ arguments: [String], home: URL, environment: [String: String] = [:]
  ) throws -> Result {
    let process = Process()
    process.executableURL = URL(filePath: VirtualTerminal.program)
    process.arguments = arguments
    var variables = ["HOME": home.path, "PATH": "/usr/bin:/bin", "LC_ALL": "C.UTF-8"]
    variables["SWIFT_BACKTRACE"] = "enable=no"
    variables["LD_LIBRARY_PATH"] = ProcessInfo.processInfo.environment["LD_LIBRARY_PATH"]
    process.environment = variables.merging(environment) { _, new in new }
    let folder = home.appending(path: "output")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    let files = ["out", "err"].map { folder.appending(path: $0) }
    for file in files { _ = FileManager.default.createFile(atPath: file.path, contents: nil) }
    process.standardOutput = try FileHandle(forWritingTo: files[0])
    process.standardError = try FileHandle(forWritingTo: files[1])
    process.standardInput = FileHandle.nullDevice
    try process.run()
    process.waitUntilExit()
    let texts = try files.map { try String(contentsOf: $0, encoding: .utf8) }
    return Result(status: process.terminationStatus, output: texts[0], errors: texts[1])
  }

  @Test func `without a terminal the console points to the commands that print`() throws {
    let home = try TemporaryHome()
    let result = try run(["demo"], home: home.url)
    #expect(result.status == 2)
    #expect(result.errors.contains("vigie render"))
    #expect(result.errors.split(separator: "\n").count == 1)
  }

  @Test func `nothing configured is one clear sentence`() throws {
    let home = try TemporaryHome()
    let result = try run(["get", "deployments"], home: home.url)
    #expect(result.status == 2)
    #expect(result.errors.contains("KOYEB_TOKEN"))
    #expect(result.errors.contains("vigie demo"))
  }

  @Test func `a mistake in the configuration names its line`() throws {
    let home = try TemporaryHome()
    let folder = home.url.appending(path: ".config/vigie")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    let file = folder.appending(path: "config.toml")
    try "theme = \"vigie-dark\"\ncolour = true\n".write(to: file, atomically: true, encoding: .utf8)
    try FileManager.default.setAttributes([.posixPermissions: 0o600], ofItemAtPath: file.path)
    let result = try run(["info"], home: home.url)
    #expect(result.status == 2)
    #expect(result.errors.contains("config.toml:2"))
    #expect(result.errors.contains("colour"))
  }

  @Test func `the platform away and no cache is said, not crashed`() throws {
    let home = try TemporaryHome()
    let result = try run(
      ["sync", "--once"], home: home.url,
      environment: ["KOYEB_URL": "http://127.0.0.1:9", "KOYEB_TOKEN": "not-a-real-token"])
    #expect(result.status == 1)
    #expect(!(result.output + result.errors).contains("not-a-real-token"))
  }

  @Test func `a token on the command line does not exist`() throws {
    let home = try TemporaryHome()
    let result = try run(["--token", "x"], home: home.url)
    #expect(result.status != 0)
  }

  @Test(arguments: [
    ["get", "deployments", "--at", "-15m"], ["changes", "--since", "-2h", "--until", "-1h"],
    ["record", "/tmp/never-written.vigie", "--since", "-1h"],
  ])
  func `what was not recorded is said in a sentence`(arguments: [String]) throws {
    let home = try TemporaryHome()
    let account = ["KOYEB_URL": "http://127.0.0.1:9", "KOYEB_TOKEN": "not-a-real-token"]
    let result = try run(arguments, home: home.url, environment: account)
    #expect(result.status == 1, "\(result.errors)")
    #expect(result.errors.contains("recorded"), "\(result.errors)")
    #expect(result.errors.split(separator: "\n").count == 1)
    #expect(!FileManager.default.fileExists(atPath: "/tmp/never-written.vigie"))
  }

  @Test func `a file that is no recording is said, and nothing opens`() throws {
    let home = try TemporaryHome()
    let result = try run(["replay", "/etc/passwd"], home: home.url)
    #expect(result.status == 2 || result.status == 1)
    #expect(result.errors.split(separator: "\n").count == 1)
    #expect(result.errors.contains("/etc/passwd is not a recording"), "\(result.errors)")
  }
}
