import FoundationEssentials
import TestSupport
import Testing

@testable import Domain

struct RuleTests {
  private let now = FleetFixture.now

  @Test func `money is exact and two currencies never add up`() {
    let one = Money(Decimal(string: "0.1") ?? 0, .usd)
    #expect(one.adding(Money(Decimal(string: "0.2") ?? 0, .usd))?.formatted() == "0.30")
    #expect(one.adding(Money(1, .eur)) == nil)
    #expect(Money.total([one, Money(1, .eur)]) == nil)
    #expect(Money(Decimal(string: "61204.505") ?? 0, .usd).formatted() == "61,204.51")
    #expect(Money(-3, .usd).formattedChange() == "-3.00")
    for (text, digits, shown) in [
      ("0.005", 2, "0.01"), ("-0.004", 2, "0.00"), ("999.995", 2, "1,000.00"), ("0", 2, "0.00"),
      ("1234567.891", 1, "1,234,567.9"), ("0.5", 0, "1"), ("-0.5", 0, "-1"), ("99.4999", 0, "99"),
      ("0.0000012", 4, "0.0000"), ("123456789012345678", 2, "123,456,789,012,345,678.00"),
    ] {
      #expect(Money(Decimal(string: text) ?? 1, .usd).formatted(fractionDigits: digits) == shown)
    }
    #expect(Money(3, .usd).formattedChange() == "+3.00")
  }

  @Test(arguments: [
    (3.0, "3s"), (61, "1m"), (3_720, "1h02"), (32_400, "9h00"), (40_000, "11h"), (200_000, "2d"),
    (-5, "0s"),
  ])
  func `ages are short`(seconds: Double, expected: String) {
    #expect(Formatting.age(seconds: seconds) == expected)
  }

  @Test func `the fleet costs what runs at its list price`() throws {
    let snapshot = FleetAssembler().snapshot(from: FleetFixture.facts(), now: now)
    // 2 H100 at 0.000916 and 3 L4 at 0.000194 dollars a second.
    #expect(snapshot.costs.total.perHour?.formatted(fractionDigits: 4) == "8.6904")
    #expect(snapshot.costs.regions.first?.region == RegionID("fra"))
    #expect(snapshot.costs.regions.first?.jurisdiction == "EU")
    #expect(snapshot.costs.total.monthToDate == nil, "no meter was read: unknown, not zero")
  }

  @Test func `a replica without a price is counted, not free`() {
    var facts = FleetFixture.facts()
    FleetFixture.add(
      "odd", type: "gpu-unheard-of", region: "fra", ready: 1, bounds: 1...1, to: &facts)
    let snapshot = FleetAssembler().snapshot(from: facts, now: now)
    #expect(snapshot.costs.unpricedReplicas == 1)
    #expect(snapshot.workloads.first { $0.name == "odd" }?.hourlyCost == nil)
  }

  @Test func `a failed rollout is critical and comes first`() throws {
    var facts = FleetFixture.facts()
    let id = RevisionID("rev-chat-3")
    var failed = FleetFixture.revision(
      id, of: "chat", status: .error, age: 60, type: "gpu-nvidia-h100", region: "fra", bounds: 1...4
    )
    facts.revisions[id] = failed
    let old = facts.workloads[0]
    facts.workloads[0] = Workload(
      id: old.id, appID: old.appID, name: old.name, kind: .web, status: .degraded,
      statusText: "DEGRADED", messages: [], version: 8, createdAt: old.createdAt, updatedAt: now,
      activeRevisionID: old.activeRevisionID, latestRevisionID: id)
    let snapshot = FleetAssembler().snapshot(from: facts, now: now)
    #expect(snapshot.workloads.first?.name == "chat")
    #expect(snapshot.workloads.first?.condition == .critical)
    let finding = try #require(snapshot.findings.first)
    #expect(finding.kind == .failingRollout)
    #expect(finding.remedy == .rollBack)
    failed = facts.revisions[RevisionID("rev-chat-2")] ?? failed
  }

  @Test func `idle GPUs burn money and become a finding`() throws {
    var facts = FleetFixture.facts()
    facts.accelerators = (0..<2).map { index in
      FleetFacts.Accelerator(
        latest: sample(index, utilization: 0.01), history: nil,
        idleSince: now.addingTimeInterval(-7200))
    }
    facts.metricsSource = .live(host: "h", signal: .smActive, observedAt: now, warning: nil)
    let snapshot = FleetAssembler().snapshot(from: facts, now: now)
    #expect(snapshot.accelerators.idlePerHour?.formatted() == "6.60")
    let finding = try #require(snapshot.findings.first { $0.kind == .idleAccelerators })
    #expect(finding.summary == "2xH100 idle 2h00 = USD 13.19 burnt")
    #expect(snapshot.workloads.first { $0.name == "chat" }?.condition == .idle)
  }

  @Test func `an old sample says nothing of now`() {
    let classifier = AcceleratorClassifier(
      facts: FleetFixture.facts(), now: now.addingTimeInterval(600))
    let old = FleetFacts.Accelerator(
      latest: sample(0, utilization: 0.9), history: nil, idleSince: nil)
    #expect(classifier.classify(old, isHeld: true) == .unknown)
  }

  @Test func `reversals count as flapping within their window`() {
    let events = (0..<6).map { index in
      ScalingEvent(
        id: "\(index)", at: now.addingTimeInterval(-Double(index) * 120), workloadID: nil,
        workloadName: "x", region: RegionID("fra"), from: index.isMultiple(of: 2) ? 2 : 3,
        to: index.isMultiple(of: 2) ? 3 : 2, kind: .up, actor: .autoscaler, inferredReason: nil)
    }
    #expect(ScalingAnalysis.reversals(in: events, now: now) == 5)
    #expect(ScalingAnalysis.reversals(in: events, now: now.addingTimeInterval(7200)) == 0)
  }

  private func sample(_ index: Int, utilization: Double) -> AcceleratorSample {
    AcceleratorSample(
      id: AcceleratorID("GPU-\(index)"), model: "H100", host: "gpu-1", index: "\(index)",
      attribution: AcceleratorSample.Attribution(
        replica: "re-chat-\(index)", workload: nil, region: nil),
      utilization: Ratio(utilization), signal: .smActive, memoryUsed: Bytes(70 << 30),
      memoryTotal: Bytes(80 << 30), power: nil, temperature: nil, errorCode: nil, sampledAt: now)
  }
}
