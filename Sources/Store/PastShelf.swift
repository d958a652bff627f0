/// Keeps what the last look found while looks go on.
struct PastShelf {
  private var model: PastModel?
  private var measures: PastMeasures?
  private var wasUsed = false

  /// Lets go of it: who takes it can change it in its place.
  mutating func take() -> (model: PastModel?, measures: PastMeasures?) {
    (model.take(), measures.take())
  }

  mutating func put(_ model: PastModel, _ measures: PastMeasures) {
    self.model = model
    self.measures = measures
    wasUsed = true
  }

  /// Lets go of what nobody asked for since the last call.
  mutating func clear() {
    if !wasUsed { _ = take() }
    wasUsed = false
  }
}
