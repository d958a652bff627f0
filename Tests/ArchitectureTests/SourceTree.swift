import Foundation

/// The repository's Swift files, read from where this file stands.
struct SourceTree {
  struct File {
    /// From the repository's root: `Sources/Domain/Money.swift`.
    let path: String
    let lines: [String]

    var module: String { String(path.split(separator: "/")[1]) }
    var name: String { String(path.split(separator: "/").last ?? "") }
  }

  let sources: [File]
  let tests: [File]

  init() throws {
    let root = URL(filePath: #filePath).deletingLastPathComponent()
      .deletingLastPathComponent().deletingLastPathComponent()
    sources = try Self.files(under: "Sources", root: root)
    tests = try Self.files(under: "Tests", root: root)
  }

  private static func files(under folder: String, root: URL) throws -> [File] {
    let base = root.appending(path: folder)
    let names =
      FileManager.default.enumerator(atPath: base.path)?.compactMap { $0 as? String } ?? []
    return try names.filter { $0.hasSuffix(".swift") }.sorted().map { name in
      let text = try String(contentsOf: base.appending(path: name), encoding: .utf8)
      return File(path: folder + "/" + name, lines: text.components(separatedBy: "\n"))
    }
  }
}
