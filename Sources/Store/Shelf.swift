import Domain

/// Items by identifier, side by side in memory.
///
/// A dictionary of items this large has as much room for what is not there as for what is; and all
/// items can be handed out as an array without a copy. Their order means nothing.
struct Shelf<Item, Subject> {
  private(set) var items: [Item] = []
  private var places: [Identifier<Subject>: Int32] = [:]
  private let id: any KeyPath<Item, Identifier<Subject>> & Sendable

  init(_ id: any KeyPath<Item, Identifier<Subject>> & Sendable) { self.id = id }

  init(_ items: [Item], _ id: any KeyPath<Item, Identifier<Subject>> & Sendable) {
    self.id = id
    self.items.reserveCapacity(items.count)
    places.reserveCapacity(items.count)
    for item in items { self[item[keyPath: id]] = item }
  }

  var keys: Dictionary<Identifier<Subject>, Int32>.Keys { places.keys }
  var count: Int { items.count }

  subscript(key: Identifier<Subject>) -> Item? {
    get { places[key].map { items[Int($0)] } }
    set {
      switch (places[key], newValue) {
      case (let place?, let item?): items[Int(place)] = item
      case (nil, let item?):
        places[key] = Int32(items.count)
        items.append(item)
      case (let place?, nil):
        // The last one takes the place of the one that goes.
        places[key] = nil
        let last = items.removeLast()
        guard Int(place) < items.count else { return }
        items[Int(place)] = last
        places[last[keyPath: id]] = place
      case (nil, nil): break
      }
    }
  }
}

extension Shelf: Sendable where Item: Sendable {}

/// What holds items by key: a shelf, or a dictionary where it is searched more than listed.
protocol ItemTable<Key, Item> {
  associatedtype Key: Hashable
  associatedtype Item
  subscript(key: Key) -> Item? { get set }
}

extension Shelf: ItemTable {}
extension Dictionary: ItemTable {
  typealias Item = Value
}
