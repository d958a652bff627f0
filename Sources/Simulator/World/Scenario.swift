/// What goes wrong in the simulated world.
package enum Scenario: String, Sendable, CaseIterable {
  case calm
  /// A new revision of a chat model runs out of memory while it loads.
  case badDeploy = "bad-deploy"
  /// More requests than the most replicas can take.
  case trafficSpike = "traffic-spike"
  /// Load that swings around the autoscaler's target.
  case flapping
  /// All replicas of one region are unhealthy.
  case regionOutage = "region-outage"
  /// Traffic to the GPU services stops.
  case idleGPUs = "idle-gpus"
}
