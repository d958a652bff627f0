import Testing

/// The table of modules: what each may import.
///
/// SwiftPM does not see transitive imports.
private let allowed: [String: Set<String>] = [
  "Terminal": ["CNcurses", "Glibc", "Synchronization"],
  "Domain": ["FoundationEssentials"],
  "Platform": [
    "Domain", "AsyncHTTPClient", "NIOCore", "NIOHTTP1", "Logging", "Yams", "Foundation",
    "FoundationEssentials", "Synchronization", "Glibc",
  ],
  "Store": [
    "Domain", "GRDB", "Foundation", "FoundationEssentials", "Synchronization", "Glibc", "Dispatch",
  ],
  "Engine": ["Domain", "Platform", "Store", "Logging", "FoundationEssentials", "Synchronization"],
  "Console": ["Domain", "Terminal", "FoundationEssentials", "Synchronization"],
  "Simulator": [
    "Domain", "Platform", "Hummingbird", "Logging", "NIOCore", "NIOPosix", "Foundation",
    "FoundationEssentials", "Synchronization", "Glibc",
  ],
  "vigie": [
    "Console", "Domain", "Engine", "Platform", "Simulator", "Store", "Terminal", "Logging",
    "ArgumentParser", "TOMLKit", "Foundation", "Synchronization", "Dispatch", "Glibc",
  ],
]

struct ImportTests {
  @Test func `each module imports only what the table allows`() throws {
    for file in try SourceTree().sources {
      let table = try #require(allowed[file.module], "\(file.module) is not in the table")
      for line in file.lines where isImport(line) {
        let name = importedModule(line)
        #expect(table.contains(name), "\(file.path) imports \(name)")
      }
    }
  }

  @Test func `the table of imports can fail`() {
    #expect(importedModule("package import GRDB") == "GRDB")
    #expect(importedModule("import struct Domain.Money") == "Domain")
    #expect(allowed["Console"]?.contains("Store") == false)
    #expect(allowed["Engine"]?.contains("GRDB") == false)
  }

  private func isImport(_ line: String) -> Bool {
    line.hasPrefix("import ") || line.hasPrefix("package import ")
      || line.hasPrefix("public import ") || line.hasPrefix("@preconcurrency import ")
      || line.hasPrefix("@testable import ") || line.hasPrefix("internal import ")
  }

  private func importedModule(_ line: String) -> String {
    let kinds: Set<Substring> = ["struct", "enum", "class", "func", "protocol", "typealias"]
    let words = line.split(separator: " ")
    guard let index = words.firstIndex(of: "import") else { return "" }
    let rest = words[(index + 1)...].filter { !kinds.contains($0) }
    return String(rest.first?.prefix { $0 != "." && $0 != ";" } ?? "")
  }
}
