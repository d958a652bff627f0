/// Which of many items belong to which workload, told by their places: nothing is copied.
///
/// A dictionary of arrays would hold every replica of a large fleet a second time.
struct WorkloadPlaces {
  /// Where the places of each workload begin in `order`; one more than there are workloads.
  private var starts: [Int32]
  private var order: [Int32]

  /// `owner` names the workload of an item.
  ///
  /// Items of none, or of one without a number, are left out; the others keep their order.
  init(count: Int, numbers: [WorkloadID: Int32], owner: (Int) -> WorkloadID?) {
    let owners = (0..<count).map { owner($0).flatMap { numbers[$0] } ?? -1 }
    starts = [Int32](repeating: 0, count: numbers.count + 1)
    for number in owners where number >= 0 { starts[Int(number) + 1] += 1 }
    for number in starts.indices.dropFirst() { starts[number] += starts[number - 1] }
    order = [Int32](repeating: 0, count: Int(starts.last ?? 0))
    var next = starts
    for (place, number) in owners.enumerated() where number >= 0 {
      order[Int(next[Int(number)])] = Int32(place)
      next[Int(number)] += 1
    }
  }

  func isEmpty(_ number: Int) -> Bool { starts[number] == starts[number + 1] }

  /// A workload's items out of all of them.
  func items<Item>(_ number: Int, of all: [Item]) -> [Item] {
    let range = Int(starts[number])..<Int(starts[number + 1])
    guard !range.isEmpty else { return [] }
    return order[range].map { all[Int($0)] }
  }
}
