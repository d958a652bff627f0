import Foundation
import Testing

/// Several vigies on one context, as on a bastion.
@Suite(.serialized)
struct SharedCacheTests {
  private func isLive(_ terminal: VirtualTerminal) -> Bool {
    terminal.text.contains("LIVE") && terminal.text.contains("embed")
  }

  @Test func `a second console follows, acts, and takes over when the first is killed`() throws {
    let session = try ScriptedSession()
    let first = try session.terminal([])
    #expect(first.wait(until: isLive), "\(first.text)")
    let second = try session.terminal([])
    #expect(second.wait(until: isLive), "\(second.text)")
    #expect(second.wait(seconds: 5) { $0.lines[0].contains("follows") }, "\(second.lines[0])")
    #expect(!first.lines[0].contains("follows"))

    // What a command does is seen by both; neither it nor the second console reads lists.
    let scaled = try session.run("scale", "embed", "--replicas", "3", "--yes")
    #expect(scaled.status == 0, "\(scaled.all)")
    #expect(try session.platform.writes.count == 1)
    for terminal in [first, second] {
      #expect(terminal.wait(seconds: 30) { $0.text.contains("3/3") }, "\(terminal.text)")
    }

    kill(first.process, SIGKILL)
    #expect(second.wait(for: "this console syncs now", seconds: 5), "\(second.text)")
    #expect(second.wait(seconds: 5) { !$0.lines[0].contains("follows") })
    second.type("q")
    #expect(second.exitCode() == 0)
    let check = try session.run("cache", "check")
    #expect(check.status == 0, "\(check.all)")
  }

  @Test func `commands beside a console take what it knows, or say who has the cache`() throws {
    let session = try ScriptedSession()
    let console = try session.terminal([])
    #expect(console.wait(until: isLive), "\(console.text)")
    let list = try session.run("get", "deployments", "-o", "json")
    #expect(list.status == 0, "\(list.all)")
    #expect(try !list.objects().isEmpty)
    #expect(list.errors.isEmpty, "\(list.errors)")
    let history = try session.run("history", "embed", "-o", "json")
    #expect(try history.objects().count > 1, "\(history.all)")
    for arguments in [["sync", "--once"], ["cache", "prune"]] {
      let refused = try session.run(arguments)
      #expect(refused.status == 1)
      #expect(refused.errors.contains("written by another vigie (process \(console.process))"))
      #expect(refused.errors.split(separator: "\n").count == 1, "\(refused.errors)")
    }
    console.type("q")
    #expect(console.exitCode() == 0)
    #expect(try session.run("sync", "--once").status == 0)
  }
}
