package import Domain
package import Foundation

/// A small fleet with one thing wrong, for tests of views and rules.
package enum FleetFixture {
  package static let now = Date(timeIntervalSince1970: 1_795_500_000)

  package static func facts() -> FleetFacts {
    var facts = FleetFacts(contextName: "prod", platformName: "koyeb", asOf: now)
    facts.catalogue = Catalogue(
      regions: [:],
      types: [
        InstanceTypeID("gpu-nvidia-h100"): type("gpu-nvidia-h100", "H100", "0.000916"),
        InstanceTypeID("gpu-nvidia-l4"): type("gpu-nvidia-l4", "L4", "0.000194"),
      ], readAt: now)
    facts.apps = [App(id: AppID("app"), name: "assistants", status: "HEALTHY")]
    add("chat", type: "gpu-nvidia-h100", region: "fra", ready: 2, bounds: 1...4, to: &facts)
    add("embed", type: "gpu-nvidia-l4", region: "par", ready: 3, bounds: 3...3, to: &facts)
    facts.sync = SyncResource.allCases.map {
      SyncState(resource: $0, completedAt: now, interval: .seconds(5))
    }
    return facts
  }

  package static func add(
    _ name: String, type: String, region: String, ready: Int, bounds: ClosedRange<Int>,
    to facts: inout FleetFacts
  ) {
    let revision = RevisionID("rev-\(name)-2")
    let old = RevisionID("rev-\(name)-1")
    facts.workloads.append(
      Workload(
        id: WorkloadID("wl-\(name)"), appID: AppID("app"), name: name, kind: .web,
        status: .healthy, statusText: "HEALTHY", messages: [], version: 7,
        createdAt: now.addingTimeInterval(-90_000), updatedAt: now.addingTimeInterval(-9_000),
        activeRevisionID: revision, latestRevisionID: revision))
    for (id, status, age) in [
      (revision, Revision.Status.healthy, 9_000.0), (old, .stopped, 50_000),
    ] {
      facts.revisions[id] = self.revision(
        id, of: name, status: status, age: age, type: type, region: region, bounds: bounds)
    }
    for index in 0..<ready {
      facts.replicas.append(
        Replica(
          id: ReplicaID("re-\(name)-\(index)"), workloadID: WorkloadID("wl-\(name)"),
          revisionID: revision, region: RegionID(region), type: InstanceTypeID(type), index: index,
          status: .healthy, statusText: "HEALTHY", messages: [], datacenter: nil,
          createdAt: now.addingTimeInterval(-9_000), updatedAt: now.addingTimeInterval(-9_000)))
    }
  }

  package static func revision(
    _ id: RevisionID, of name: String, status: Revision.Status, age: Double, type: String,
    region: String, bounds: ClosedRange<Int>
  ) -> Revision {
    Revision(
      id: id, workloadID: WorkloadID("wl-\(name)"), status: status,
      statusText: status.rawValue.uppercased(), messages: [], trigger: .redeploy, author: nil,
      commit: nil, createdAt: now.addingTimeInterval(-age),
      startedAt: now.addingTimeInterval(-age + 20), succeededAt: now.addingTimeInterval(-age + 60),
      terminatedAt: nil, version: 1,
      definition: Definition(
        source: .image("registry.example.com/\(name):\(id)"), regions: [RegionID(region)],
        scalings: [
          Definition.Scaling(
            regions: [], minimum: bounds.lowerBound, maximum: bounds.upperBound,
            targets: [.requestsPerSecond(20)])
        ], types: [Definition.TypeChoice(regions: [], type: InstanceTypeID(type))]))
  }

  private static func type(_ id: String, _ model: String, _ price: String) -> InstanceType {
    InstanceType(
      id: InstanceTypeID(id), displayName: id,
      accelerator: InstanceType.Accelerator(model: model, count: 1, memory: nil), processors: nil,
      memory: nil, pricePerSecond: Decimal(string: price).map { Money($0, .usd) }, regions: [])
  }
}
