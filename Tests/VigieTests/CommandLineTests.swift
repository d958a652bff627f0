import ArgumentParser
import Domain
import Testing

@testable import vigie

struct CommandLineTests {
  @Test(
    arguments: [
      (["scale", "chat", "--wait=10m"], ["scale", "chat", "--wait", "--timeout", "10m"]),
      (["scale", "chat", "--wait"], ["scale", "chat", "--wait"]),
      (["wait", "--", "--wait=1m"], ["wait", "--", "--wait=1m"]),
      (["---completion", "scale", "--wait=1m"], ["---completion", "scale", "--wait=1m"]),
      (
        ["---completion", "scale", "--", "positional@0", "2", "vigie", "scale", "ch"],
        ["---completion", "scale", "--", "positional@0", "2", "0", "vigie", "scale", "ch"]
      ),
      (["undo", "--wait="], ["undo", "--wait", "--timeout", ""]), ([], []),
    ] as [([String], [String])])
  func `a time after wait is the time-out`(words: [String], plain: [String]) {
    #expect(CommandLineWords.plain(words) == plain)
  }

  @Test func `wait takes a time or none`() throws {
    func options(_ words: String...) throws -> ActionOptions {
      let command = try Vigie.parseAsRoot(CommandLineWords.plain(["restart", "chat"] + words))
      return try #require(command as? RestartCommand).options
    }
    #expect(try options("--wait=2m").timeout.seconds == 120)
    #expect(try options("--wait=2m").wait)
    #expect(try options("--wait").timeout.seconds == 600)
    #expect(try !options().wait)
    #expect(throws: (any Error).self) { try options("--wait=soon") }
    #expect(throws: (any Error).self) { try options("--wait=1h") }
  }

  /// Every command that runs, with the words before it.
  private static func leaves(
    _ command: any ParsableCommand.Type = Vigie.self
  ) -> [any ParsableCommand.Type] {
    let inner = command.configuration.subcommands
    return inner.isEmpty ? [command] : inner.flatMap { leaves($0) }
  }

  @Test func `every command takes read-only`() {
    #expect(Self.leaves().count > 30)
    for command in Self.leaves() {
      #expect(Vigie.helpMessage(for: command).contains("--read-only"), "\(command)")
    }
  }

  @Test(arguments: [
    "console", "demo", "simulate", "render", "get costs", "sync", "changes", "timeline",
    "incident list", "incident show 1", "record /nowhere/x", "journal list", "journal show 1",
    "journal verify", "cache stats", "cache check", "info", "keys", "scale a --replicas 1",
    "scale a --target rps=5", "release a", "rollback a", "restart a", "pause a", "resume a",
    "cancel a", "undo 1", "history a", "status", "wait a --for healthy",
    "watch --until finding=any", "handover", "completions bash", "replay /nowhere/x",
  ])
  func `read-only is understood wherever it is said`(line: String) throws {
    let words = line.split(separator: " ").map(String.init)
    _ = try Vigie.parseAsRoot(words + ["--read-only"])
  }

  @Test(
    arguments: [
      ("rps=50", .requestsPerSecond(50)), ("concurrent=8", .concurrentRequests(8)),
      ("cpu=70", .processor(percent: 70)), ("mem=80", .memory(percent: 80)),
      ("latency=250ms@p95", .responseTime(milliseconds: 250, quantile: 95)),
      ("latency=2s@p99", .responseTime(milliseconds: 2000, quantile: 99)),
    ] as [(String, Definition.Scaling.Target)])
  func `targets are read`(text: String, target: Definition.Scaling.Target) {
    #expect(TargetArgument(argument: text)?.target == target)
  }

  @Test(arguments: [
    "", "rps", "rps=", "rps=0", "rps=-1", "rps=1.5", "gpu=5", "latency=250", "latency=250ms",
    "latency=250ms@95", "latency=ms@p95", "latency=250ms@p100", "latency=250m@p95",
    "latency=99999999999999999999s@p95", "cpu=70%",
  ])
  func `what is no target is not read`(text: String) {
    #expect(TargetArgument(argument: text) == nil)
  }

  @Test(arguments: [
    "--target rps=5 --min 1 --max 2", "--target rps=5 --replicas 2", "--target rps=5 --region fra",
    "--target rps=5 --target rps=6", "--target gpu=6",
  ])
  func `targets go alone and once each`(line: String) {
    let words = line.split(separator: " ").map(String.init)
    #expect(throws: (any Error).self) { try ScaleCommand.parseAsRoot(["a"] + words) }
  }

  @Test func `targets become one order`() throws {
    let id = WorkloadID("wl-chat")
    let targets: [Definition.Scaling.Target] = [.requestsPerSecond(5), .processor(percent: 70)]
    let order = try ScaleOrder(
      replicas: nil, minimum: nil, maximum: nil, regions: [], targets: targets)
    #expect(order.request(id, known: []) == .targets(id, targets))
  }

  @Test func `a shell is offered only what is harmless to it`() {
    let hostile = [
      "$(touch /tmp/x)", "`id`", "a;b", "a b", "-rf", "a\nb", "a'b", "a\"b", "a*", "~root", "é", "",
      "a:b", "a\\b", "a|b", "a&b", "{a,b}", "!x",
    ]
    for name in hostile {
      #expect(WorkloadNames.safe([(name, "0b1c2d3e-id")]) == ["0b1c2d3e-id"], "\(name)")
      #expect(WorkloadNames.safe([(name, name)]).isEmpty, "\(name)")
    }
    #expect(
      WorkloadNames.safe([("chat", "id-1"), ("chat", "id-2"), ("embed_2.x", "id-3")])
        == ["embed_2.x", "id-1", "id-2"])
  }

  @Test func `the context of a line is the one it says`() {
    #expect(WorkloadNames.context(in: ["vigie", "scale", "--context", "prod", ""]) == "prod")
    #expect(WorkloadNames.context(in: ["vigie", "--context=dev", "scale"]) == "dev")
    #expect(WorkloadNames.context(in: ["vigie", "scale", "--context"]) == nil)
  }
}
