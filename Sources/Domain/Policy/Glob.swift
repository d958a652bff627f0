/// A pattern for names: `*` stands for any text, `?` for any one character.
package struct Glob: Hashable, Sendable {
  package let text: String
  private let pattern: [Character]

  package init(_ text: String) {
    self.text = text
    pattern = Array(text)
  }

  /// Whether the whole name fits; upper and lower case differ.
  package func matches(_ name: String) -> Bool {
    let name = Array(name)
    var place = 0
    var position = 0
    // Where the last `*` stood, and up to where it reaches so far.
    var star: (place: Int, reach: Int)?
    while position < name.count {
      if place < pattern.count, pattern[place] == "*" {
        star = (place, position)
        place += 1
      } else if place < pattern.count, pattern[place] == "?" || pattern[place] == name[position] {
        place += 1
        position += 1
      } else if let last = star {
        star = (last.place, last.reach + 1)
        place = last.place + 1
        position = last.reach + 1
      } else {
        return false
      }
    }
    return pattern[place...].allSatisfy { $0 == "*" }
  }
}
