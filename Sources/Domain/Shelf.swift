/// Items by identifier, side by side in memory.
///
/// A dictionary of items this large has as much room for what is not there as for what is; and all
/// items can be handed out as an array without a copy. Their order means nothing. The index holds
/// places alone, four bytes each: the identifiers stand in the items.
package struct Shelf<Item, Subject> {
  package private(set) var items: [Item] = []
  /// A table of places by hash, -1 where it is empty; its size is a power of two.
  private var table: [Int32] = []
  private let id: any KeyPath<Item, Identifier<Subject>> & Sendable

  package init(_ id: any KeyPath<Item, Identifier<Subject>> & Sendable) { self.id = id }

  package init(_ items: [Item], _ id: any KeyPath<Item, Identifier<Subject>> & Sendable) {
    self.id = id
    reserve(items.count)
    for item in items { add(item) }
  }

  /// Makes room for so many items, and no more than that.
  package mutating func reserve(_ count: Int) {
    items.reserveCapacity(count)
    grow(toHold: count)
  }

  package mutating func add(_ item: Item) { self[item[keyPath: id]] = item }

  package var keys: [Identifier<Subject>] { items.map { $0[keyPath: id] } }
  package var count: Int { items.count }

  package subscript(key: Identifier<Subject>) -> Item? {
    get { slot(of: key).map { items[Int(table[$0])] } }
    set {
      switch (slot(of: key), newValue) {
      case (let slot?, let item?): items[Int(table[slot])] = item
      case (nil, let item?):
        grow(toHold: items.count + 1)
        insert(Int32(items.count), for: key)
        items.append(item)
      case (let slot?, nil): remove(at: slot)
      case (nil, nil): break
      }
    }
  }

  /// Where the table holds an item's place; nil when it is not there.
  private func slot(of key: Identifier<Subject>) -> Int? {
    guard !table.isEmpty else { return nil }
    let mask = table.count - 1
    var slot = key.hashValue & mask
    while table[slot] >= 0 {
      if items[Int(table[slot])][keyPath: id] == key { return slot }
      slot = (slot + 1) & mask
    }
    return nil
  }

  private mutating func insert(_ place: Int32, for key: Identifier<Subject>) {
    let mask = table.count - 1
    var slot = key.hashValue & mask
    while table[slot] >= 0 { slot = (slot + 1) & mask }
    table[slot] = place
  }

  /// At most two thirds of the table are in use, so that a search is short.
  private mutating func grow(toHold count: Int) {
    guard count * 3 > table.count * 2 else { return }
    var size = max(8, table.count)
    while count * 3 > size * 2 { size *= 2 }
    table = [Int32](repeating: -1, count: size)
    for (place, item) in items.enumerated() { insert(Int32(place), for: item[keyPath: id]) }
  }

  private mutating func remove(at hole: Int) {
    let place = Int(table[hole])
    close(hole)
    // The last one takes the place of the one that goes.
    let lastPlace = items.count - 1
    if place != lastPlace, let slot = slot(of: items[lastPlace][keyPath: id]) {
      table[slot] = Int32(place)
    }
    items.swapAt(place, lastPlace)
    items.removeLast()
  }

  /// Empties a slot and moves up what was put further on because of it.
  private mutating func close(_ hole: Int) {
    let mask = table.count - 1
    var hole = hole
    table[hole] = -1
    var slot = (hole + 1) & mask
    while table[slot] >= 0 {
      let home = items[Int(table[slot])][keyPath: id].hashValue & mask
      // Whether the hole lies on the way from its home to where it stands.
      if (slot - home) & mask >= (slot - hole) & mask {
        table[hole] = table[slot]
        table[slot] = -1
        hole = slot
      }
      slot = (slot + 1) & mask
    }
  }
}

extension Shelf: Sendable where Item: Sendable {}

extension Shelf: Equatable where Item: Equatable {
  package static func == (left: Self, right: Self) -> Bool {
    left.count == right.count
      && left.items.allSatisfy { right[$0[keyPath: left.id]] == $0 }
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
