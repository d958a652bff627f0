/// One series at one instant.
package struct MetricSeries: Sendable, Equatable {
  package var name: String
  package var labels: [String: String]
  package var value: Double

  package init(name: String, labels: [String: String], value: Double) {
    self.name = name
    self.labels = labels
    self.value = value
  }
}
