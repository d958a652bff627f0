import Testing

struct StyleTests {
  @Test func `no file is longer than 400 lines`() throws {
    let tree = try SourceTree()
    for file in tree.sources + tree.tests {
      #expect(file.lines.count <= 401, "\(file.path) has \(file.lines.count) lines")
    }
  }

  @Test func `the user interface is never tied to the main actor`() throws {
    for file in try SourceTree().sources {
      #expect(!contains("@MainActor", in: file), "\(file.path)")
    }
  }

  @Test func `time comes in everywhere but at the edges`() throws {
    let edges: Set<String> = ["vigie", "Simulator"]
    for file in try SourceTree().sources where !edges.contains(file.module) {
      for word in ["Date()", "Date.now", "Task.sleep(", "Task.detached"] {
        #expect(!contains(word, in: file), "\(file.path) uses \(word)")
      }
    }
  }

  @Test func `unchecked sendability stays where it is explained`() throws {
    let edges: Set<String> = ["Terminal", "vigie"]
    for file in try SourceTree().sources where !edges.contains(file.module) {
      for word in ["@unchecked Sendable", "nonisolated(unsafe)"] {
        #expect(!contains(word, in: file), "\(file.path) uses \(word)")
      }
    }
  }

  @Test func `nothing is named for being handy`() throws {
    let names = ["Utils", "Helpers", "Common", "Manager", "+Extensions"]
    for file in try SourceTree().sources {
      for name in names { #expect(!file.name.contains(name), "\(file.path)") }
    }
  }

  @Test func `no trap and no unfinished place in the product`() throws {
    for file in try SourceTree().sources {
      for word in ["try!", "fatalError(", "TODO", "FIXME"] {
        #expect(!contains(word, in: file), "\(file.path) has \(word)")
      }
    }
  }

  /// Looks past comments: they may name what code must not do.
  private func contains(_ word: String, in file: SourceTree.File) -> Bool {
    file.lines.contains { line in
      let code = line.drop { $0 == " " }
      guard !code.hasPrefix("//") else { return false }
      // A whole word: `optionalDate()` is not `Date()`.
      return code.ranges(of: word).contains { range in
        range.lowerBound == code.startIndex
          || !code[code.index(before: range.lowerBound)].isLetter
      }
    }
  }
}
