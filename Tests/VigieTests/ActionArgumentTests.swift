import ArgumentParser
import Domain
import Testing

@testable import vigie

struct ActionArgumentTests {
  private let id = WorkloadID("wl-chat")
  private let known = [RegionID("fra"), RegionID("par")]

  private func order(_ arguments: [String]) throws -> ScaleOrder {
    let command = try #require(try ScaleCommand.parseAsRoot(arguments) as? ScaleCommand)
    return try ScaleOrder(
      replicas: command.replicas, minimum: command.minimum, maximum: command.maximum,
      regions: command.region)
  }

  @Test func `a count without a region is for all of them`() throws {
    #expect(
      try order(["chat", "--replicas", "4"]).request(id, known: known)
        == .scale(id, replicas: [RegionID("fra"): 4, RegionID("par"): 4]))
  }

  @Test(arguments: [["--region", "fra", "--region", "was"], ["--region", "fra,was"]])
  func `named regions are the only ones`(words: [String]) throws {
    #expect(
      try order(["chat", "--replicas", "4"] + words).request(id, known: known)
        == .scale(id, replicas: [RegionID("fra"): 4, RegionID("was"): 4]))
  }

  @Test func `bounds go together and are of every region`() throws {
    #expect(
      try order(["chat", "--min", "1", "--max", "6"]).request(id, known: known)
        == .bounds(id, minimum: 1, maximum: 6))
  }

  @Test(arguments: [
    ["chat"], ["chat", "--min", "1"], ["chat", "--max", "1"],
    ["chat", "--replicas", "2", "--min", "1", "--max", "3"], ["chat", "--replicas", "two"],
    ["chat", "--min", "1", "--max", "3", "--region", "fra"], ["--replicas", "2"],
    ["chat", "--replicas", "2", "--timeout", "1h"], ["chat", "--replicas", "2", "--timeout", "x"],
  ])
  func `what cannot be meant is told before anything is read`(words: [String]) {
    #expect(throws: (any Error).self) { try ScaleCommand.parseAsRoot(words) }
  }

  @Test func `times are written as they are everywhere`() {
    #expect(Timeout(argument: "90s")?.seconds == 90)
    #expect(Timeout(argument: "1h30m")?.duration == .seconds(5400))
    #expect(Timeout(argument: "0s") == nil)
    #expect(Timeout(argument: "10") == nil)
  }

  @Test func `conditions are read, and what is none is not`() {
    #expect(WaitCondition(argument: "healthy") == .healthy)
    #expect(WaitCondition(argument: "replicas=3") == .replicas(3))
    for text in ["replicas", "replicas=", "replicas=-1", "ready", ""] {
      #expect(WaitCondition(argument: text) == nil, "\(text)")
    }
    #expect(WatchCondition(argument: "finding=critical") == .severity(.critical))
    #expect(WatchCondition(argument: "finding=failing_rollout") == .kind(.failingRollout))
    #expect(WatchCondition(argument: "finding=") == nil)
    #expect(WatchCondition(argument: "critical") == nil)
  }

  @Test(
    arguments: [
      (.accepted(nil), 0), (.done, 0), (.failed("x"), 1), (.refused("x"), 3), (.stale("x"), 4),
      (.unknown("x"), 5),
    ] as [(ActionOutcome, Int32)])
  func `every outcome has its status`(outcome: ActionOutcome, status: Int32) {
    #expect(ExitStatus.of(outcome).rawValue == status)
  }

  @Test(arguments: [
    ("1", true), ("true", true), ("yes", true), ("on", true), ("", false), ("0", false),
    ("no", false), ("False", false),
  ])
  func `the variable forbids unless it clearly does not`(value: String, expected: Bool) {
    #expect(Setup.isReadOnly(["VIGIE_READ_ONLY": value]) == expected)
    #expect(!Setup.isReadOnly([:]))
  }
}
