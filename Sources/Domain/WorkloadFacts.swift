/// What the cache knows of one workload beyond the fleet's facts.
package struct WorkloadFacts: Equatable, Sendable {
  /// Newest first.
  package var revisions: [Revision]
  /// How long each was seen in health; a revision that is missing never was.
  package var healthyFor: [RevisionID: Duration]
  /// Newest first.
  package var scalingEvents: [ScalingEvent]
  package var activities: [Activity]
  package var journal: [JournalEntry]

  package init(
    revisions: [Revision] = [], healthyFor: [RevisionID: Duration] = [:],
    scalingEvents: [ScalingEvent] = [], activities: [Activity] = [],
    journal: [JournalEntry] = []
  ) {
    self.revisions = revisions
    self.healthyFor = healthyFor
    self.scalingEvents = scalingEvents
    self.activities = activities
    self.journal = journal
  }
}
