/// Items by identifier, side by side in memory.
///
/// A dictionary of items this large has as much room for what is not there as for what is; and all
/// items can be handed out as an array without a copy. Their order means nothing.
package struct Shelf<Item, Subject> {
  package private(set) var items: [Item] = []
  private var places: [Identifier<Subject>: Int32] = [:]
  private let id: any KeyPath<Item, Identifier<Subject>> & Sendable

  package init(_ id: any KeyPath<Item, Identifier<Subject>> & Sendable) { self.id = id }

  package init(_ items: [Item], _ id: any KeyPath<Item, Identifier<Subject>> & Sendable) {
    self.id = id
    self.items.reserveCapacity(items.count)
    places.reserveCapacity(items.count)
    for item in items { self[item[keyPath: id]] = item }
  }

  package var keys: Dictionary<Identifier<Subject>, Int32>.Keys { places.keys }
  package var count: Int { items.count }

  package subscript(key: Identifier<Subject>) -> Item? {
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

extension Shelf: Equatable where Item: Equatable {
  package static func == (left: Self, right: Self) -> Bool {
    left.count == right.count && left.places.keys.allSatisfy { left[$0] == right[$0] }
  }
}

/// What holds items by key: a shelf, or a dictionary where it is searched more than listed.
package protocol ItemTable<Key, Item> {
  associatedtype Key: Hashable
  associatedtype Item
  subscript(key: Key) -> Item? { get set }
}

extension Shelf: ItemTable {}
extension Dictionary: ItemTable {
  package typealias Item = Value
}
