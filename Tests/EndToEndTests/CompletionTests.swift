import Foundation
import Testing

/// The completion scripts, run by the shells that are for them.
@Suite(.serialized)
struct CompletionTests {
  /// A home whose cache has names, and a platform that is away afterwards.
  private func home() throws -> ScriptedSession {
    let session = try ScriptedSession()
    #expect(try session.run("sync", "--only", "workloads").status == 0)
    for shell in ["bash", "zsh", "fish"] {
      let script = try session.run("completions", shell)
      #expect(script.status == 0, "\(shell): \(script.errors)")
      try script.output.write(
        to: session.home.appending(path: "vigie.\(shell)"), atomically: true, encoding: .utf8)
    }
    return session
  }

  /// What a shell prints when it runs a text; the platform cannot be reached from it.
  private func run(_ shell: String, _ text: String, in session: ScriptedSession) throws -> String {
    let process = Process()
    process.executableURL = URL(filePath: "/usr/bin/env")
    let clean = ["bash": ["--norc"], "zsh": ["-f"], "fish": ["--no-config", "-i"]][shell] ?? []
    process.arguments = ["timeout", "60", shell] + clean + ["-c", text]
    var variables = ScriptedCommand.variables(home: session.home)
    let folder = URL(filePath: VirtualTerminal.program).deletingLastPathComponent().path
    variables["PATH"] = folder + ":/usr/bin:/bin"
    variables["TERM"] = "xterm"
    variables["KOYEB_URL"] = "http://127.0.0.1:9"
    process.environment = variables
    process.currentDirectoryURL = session.home
    let output = Pipe()
    process.standardOutput = output
    process.standardError = output
    process.standardInput = FileHandle.nullDevice
    try process.run()
    let data = output.fileHandleForReading.readDataToEndOfFile()
    process.waitUntilExit()
    return String(decoding: data, as: UTF8.self)
  }

  private static func isThere(_ shell: String) -> Bool {
    ["/usr/bin/", "/bin/"].contains { FileManager.default.isExecutableFile(atPath: $0 + shell) }
  }

  private func bash(_ words: [String], in session: ScriptedSession) throws -> [String] {
    let list = words.map { "'\($0)'" }.joined(separator: " ")
    let text = """
      source ./vigie.bash
      COMP_WORDS=(vigie \(list)); COMP_CWORD=\(words.count)
      COMP_LINE="vigie \(words.joined(separator: " "))"; COMP_POINT=${#COMP_LINE}
      _vigie vigie '\(words.last ?? "")' '\(words.dropLast().last ?? "vigie")'
      printf '%s\\n' "${COMPREPLY[@]}"
      """
    return try run("bash", text, in: session).split(separator: "\n").map(String.init)
  }

  @Test func `bash completes commands, options and deployments`() throws {
    let session = try home()
    #expect(try bash(["resta"], in: session) == ["restart"])
    for command in ["restart", "scale", "pause", "history", "wait", "changes"] {
      #expect(
        try bash([command, "chat-"], in: session).sorted() == [
          "chat-eu", "chat-large", "chat-small",
        ], "\(command)")
    }
    #expect(try bash(["restart", "--dry"], in: session) == ["--dry-run"])
    #expect(try bash(["completions", ""], in: session).contains("fish"))
    #expect(try bash(["restart", "--context", "other", "chat-"], in: session) == [])
  }

  @Test(.enabled(if: isThere("zsh"))) func `zsh completes a deployment that is typed`() throws {
    let session = try home()
    let text = """
      zmodload zsh/zpty
      zpty -b shell "TERM=dumb zsh -f -i"
      zpty -w shell "PS1=; autoload -Uz compinit; compinit -u -D; source ./vigie.zsh"
      zpty -w shell "compdef _vigie vigie; echo REA''DY"
      zpty -r -m shell out '*READY*'
      zpty -w -n shell $'vigie restart chat-l\\t'
      zpty -r -m shell out '*chat-large*'
      print -r -- "$out"
      zpty -d shell
      """
    #expect(try run("zsh", text, in: session).contains("vigie restart chat-large"))
  }

  @Test(.enabled(if: isThere("fish"))) func `fish completes deployments`() throws {
    let session = try home()
    let text = "source ./vigie.fish; complete -C 'vigie restart chat-'"
    let found = try run("fish", text, in: session).split(separator: "\n").map(String.init)
    #expect(Set(found) == ["chat-eu", "chat-large", "chat-small"], "\(found)")
  }

  @Test func `a cache that is not there offers nothing, and is not made`() throws {
    let home = try TemporaryHome()
    let words = [
      "---completion", "restart", "--", "positional@0", "1", "0", "vigie", "restart", "",
    ]
    let result = try ScriptedCommand(words, home: home.url, environment: [:])
    #expect(!result.output.contains("chat"))
    let state = home.url.appending(path: ".local/state/vigie/koyeb/cache.sqlite")
    #expect(!FileManager.default.fileExists(atPath: state.path))
  }
}
