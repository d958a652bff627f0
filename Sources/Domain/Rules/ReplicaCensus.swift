/// Running replicas counted by region and type.
///
/// Money is worked out for counts: adding up decimals one by one is slow for tens of thousands.
struct ReplicaCensus {
  struct Group: Hashable {
    var region: RegionID
    var type: InstanceTypeID
  }

  private(set) var counts: [Group: Int] = [:]

  init(_ replicas: [Replica]) {
    // Replicas of one workload stand together: mostly the last group goes on.
    var group: Group?
    var run = 0
    for replica in replicas where replica.status.isRunning {
      if let known = group, known.type == replica.type, known.region == replica.region {
        run += 1
        continue
      }
      if let group { counts[group, default: 0] += run }
      group = Group(region: replica.region, type: replica.type)
      run = 1
    }
    if let group { counts[group, default: 0] += run }
  }

  var byType: [InstanceTypeID: Int] {
    counts.reduce(into: [:]) { $0[$1.key.type, default: 0] += $1.value }
  }
}
