import Foundation
import Platform
import Testing

@testable import Simulator

struct WorldTests {
  private let start = Date(timeIntervalSince1970: 1_795_500_000)

  private func state(_ scenario: Scenario = .calm, seed: UInt64 = 5) -> WorldState {
    WorldState(options: SimulatorOptions(seed: seed, scenario: scenario, start: start))
  }

  private func print(_ state: WorldState) throws -> String {
    let json = KoyebJSON(state: state)
    let services = state.services.map { JSONValue.object(json.service($0)) }
    let activities = state.activities.map { json.activity($0) }
    let encoder = JSONEncoder()
    encoder.outputFormatting = .sortedKeys
    return String(decoding: try encoder.encode(services + activities), as: UTF8.self)
  }

  @Test func `the same seed makes the same world`() throws {
    var one = state(.badDeploy)
    var other = state(.badDeploy)
    one.advance(to: start.addingTimeInterval(900))
    other.advance(to: start.addingTimeInterval(900))
    #expect(try print(one) == print(other))
    #expect(try print(one) != print(state(.badDeploy, seed: 6)))
  }

  @Test func `the bad deployment fails and the old one goes on serving`() throws {
    var state = state(.badDeploy)
    let index = try #require(state.services.firstIndex { $0.blueprint.name == "chat-large" })
    let before = state.services[index].activeID
    state.advance(to: start.addingTimeInterval(180))
    #expect(state.services[index].status == "DEGRADED")
    #expect(state.services[index].activeID == before)
    #expect(state.deployments[state.services[index].latestID]?.status == "ERROR")
    #expect(state.healthy(state.services[index], in: "na") > 0)
    let old = try #require(state.deployments[before])
    let healed = state.deploy(index, definition: old.definition, trigger: nil)
    state.advance(to: state.now.addingTimeInterval(180))
    #expect(state.services[index].status == "HEALTHY")
    #expect(state.services[index].activeID == healed)
  }

  @Test func `the autoscaler keeps to its bounds and rests between acts`() {
    var state = state(.trafficSpike)
    state.advance(to: start.addingTimeInterval(1200))
    for service in state.services where service.blueprint.kind == "WEB" {
      for region in service.blueprint.regions {
        #expect(state.healthy(service, in: region) <= service.blueprint.maximum)
      }
    }
    let scaled = state.activities.filter { $0.verb == "autoscaled" && $0.at > start }
    #expect(!scaled.isEmpty)
    var last: [String: Date] = [:]
    for activity in scaled {
      let key = "\(activity.service) \(activity.metadata["region"]?.text ?? "")"
      if let before = last[key] { #expect(activity.at.timeIntervalSince(before) >= 60) }
      last[key] = activity.at
    }
  }

  @Test func `an override holds until it is released`() throws {
    var state = state()
    let index = try #require(state.services.firstIndex { $0.blueprint.name == "embed" })
    state.services[index].overrides = [([], 4)]
    state.advance(to: start.addingTimeInterval(120))
    #expect(state.healthy(state.services[index], in: "par") == 4)
  }

  @Test func `usage adds up with what ran`() throws {
    var state = state(.flapping)
    state.advance(to: start.addingTimeInterval(1800))
    let json = KoyebJSON(state: state)
    let from = start.addingTimeInterval(-86_400)
    var metered = 0
    var ran = 0.0
    for instance in state.instances.values {
      metered += json.usage(instance, from: from, to: state.now)?["duration_seconds"]?.integer ?? 0
      let end = max(from, instance.terminatedAt ?? state.now)
      ran += end.timeIntervalSince(max(instance.createdAt, from))
    }
    #expect(abs(Double(metered) - ran) <= Double(state.instances.count))
  }

  @Test func `ten thousand services are made and stepped`() {
    let options = SimulatorOptions(seed: 1, services: 10_000, gpus: 2_000, start: start)
    var state = WorldState(options: options)
    state.advance(to: start.addingTimeInterval(30))
    #expect(state.services.count == 10_000)
  }
}

struct PromQLTests {
  private let index: [String: [MetricSeries]] = [
    "m": [
      MetricSeries(name: "m", labels: ["a": "1", "b": "x"], value: 2),
      MetricSeries(name: "m", labels: ["a": "1", "b": "y"], value: 5),
      MetricSeries(name: "m", labels: ["a": "2", "b": "x"], value: 9),
    ]
  ]

  private func values(_ text: String) throws -> [Double] {
    switch try PromQL(text).evaluate(index) {
    case .scalar(let value): [value]
    case .vector(let series): series.map(\.value)
    }
  }

  @Test(arguments: [
    ("m", [2.0, 5, 9]), (#"m{a="1"}"#, [2, 5]), (#"m{a!="1",b="x"}"#, [9]), ("sum(m)", [16]),
    ("max by (a) (m)", [5, 9]), ("count by (b) (m)", [2, 1]), ("avg without (b) (m)", [3.5, 9]),
    ("m > 4", [5, 9]), ("m / 2 + 1", [2, 3.5, 5.5]), ("(1 + 2) * 3", [9]), ("nothing", []),
    ("max by (a, gone) (m)", [5, 9]),
  ])
  func `the simulated part of the language`(query: String, expected: [Double]) throws {
    #expect(try values(query) == expected)
  }

  @Test(arguments: [
    "", "rate(m[5m])", "m[5m]", "m{a=~\"x\"}", "m{", "sum by (a m", "m +", "1 2", "m)",
  ])
  func `the rest is a clear error with its place`(query: String) {
    let error = #expect(throws: PromQL.Failure.self) { try PromQL(query) }
    #expect(error?.description.hasPrefix("parse error at char") == true)
  }

  @Test func `faults are read from text`() throws {
    let plan = try FaultPlan(parsing: "latency=200ms,error=0.05,path=/v1/services,expired")
    #expect(plan.latency == 200)
    #expect(plan.error == 0.05)
    #expect(plan.expired)
    for text in ["latency=x", "error=2", "nonsense", "reset="] {
      #expect(throws: FaultPlan.ParseError.self) { try FaultPlan(parsing: text) }
    }
  }
}
