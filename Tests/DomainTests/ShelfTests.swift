import Domain
import Foundation
import Testing

struct ShelfTests {
  private struct Thing: Equatable {
    var id: Identifier<Thing>
    var value: Int
  }

  @Test func `a shelf is what a dictionary would be, whatever is put in and taken out`() {
    let seed = UInt64.random(in: .min ... .max)
    var generator = Generator(state: seed)
    var shelf = Shelf(\Thing.id)
    var model: [Identifier<Thing>: Int] = [:]
    for step in 0..<20_000 {
      // Few names, so that each comes and goes often and searches meet each other.
      let number = UInt64.random(in: 0..<200, using: &generator)
      let id: Identifier<Thing> =
        number.isMultiple(of: 3) ? Identifier("name-\(number)") : Identifier(high: number, low: 7)
      if Int.random(in: 0..<5, using: &generator) < 2 {
        shelf[id] = nil
        model[id] = nil
      } else {
        shelf[id] = Thing(id: id, value: step)
        model[id] = step
      }
      #expect(shelf[id]?.value == model[id], "seed \(seed), step \(step)")
      if step.isMultiple(of: 500) {
        #expect(shelf.count == model.count, "seed \(seed), step \(step)")
        #expect(
          Dictionary(uniqueKeysWithValues: shelf.items.map { ($0.id, $0.value) }) == model,
          "seed \(seed), step \(step)")
        for (id, value) in model {
          #expect(shelf[id]?.value == value, "seed \(seed), step \(step)")
        }
      }
    }
  }

  private struct Generator: RandomNumberGenerator {
    var state: UInt64

    mutating func next() -> UInt64 {
      state &+= 0x9E37_79B9_7F4A_7C15
      var mixed = state
      mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
      mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
      return mixed ^ (mixed >> 31)
    }
  }
}
