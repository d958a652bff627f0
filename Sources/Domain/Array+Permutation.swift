extension Array {
  /// Puts the elements into an order in their own place: of a large fleet a second copy of its rows
  /// is megabytes, and each takes and gives up a share of a dozen texts.
  ///
  /// `order` tells for each place which element comes there.
  mutating func permute(into order: [Int32]) {
    var order = order
    for start in order.indices where Int(order[start]) != start {
      var place = start
      while Int(order[place]) != start {
        let source = Int(order[place])
        swapAt(place, source)
        order[place] = Int32(place)
        place = source
      }
      order[place] = Int32(place)
    }
  }
}
