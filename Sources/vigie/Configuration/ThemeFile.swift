import Foundation

/// A theme as it stands in a TOML file: roles to colours, and what it inherits.
struct ThemeFile: Equatable {
  let name: String
  /// From role to `foreground on background attributes`; those of the parents included.
  let roles: [String: String]
}

/// Finds theme files: a path, then the user's folder, then the folder that came with the binary.
struct ThemeLibrary {
  let folders: [String]

  init(paths: Paths, executable: String) {
    var folders = [paths.themes]
    var folder = URL(filePath: executable).resolvingSymlinksInPath().deletingLastPathComponent()
    for _ in 0..<4 {
      folders.append(folder.appending(path: "share/vigie/themes").path)
      folders.append(folder.appending(path: "themes").path)
      folder.deleteLastPathComponent()
    }
    self.folders = folders
  }

  init(folders: [String]) {
    self.folders = folders
  }

  /// Nil when there is no such file: the caller may know the name itself.
  func theme(_ name: String) throws(ConfigurationError) -> ThemeFile? {
    try theme(name, depth: 0)
  }

  private func theme(_ name: String, depth: Int) throws(ConfigurationError) -> ThemeFile? {
    guard let path = path(of: name) else { return nil }
    guard let data = FileManager.default.contents(atPath: path), data.count < 1 << 20,
      let text = String(data: data, encoding: .utf8)
    else {
      throw ConfigurationError(file: path, line: nil, problem: "cannot be read as UTF-8 text")
    }
    let reader = try TOMLReader(text: text, file: path)
    let own = try reader.strings("roles") ?? [:]
    let given = try reader.string("name")
    var roles: [String: String] = [:]
    if let parent = try reader.string("inherits") {
      guard depth < 8 else {
        throw reader.wrong("inherits", expected: "a theme that does not lead back to this one")
      }
      if let inherited = try theme(parent, depth: depth + 1) {
        roles = inherited.roles
      } else if parent != Self.compiledIn {
        throw reader.wrong("inherits", expected: "the name of a theme that exists")
      }
    }
    try reader.finish(allowed: "name, inherits, roles")
    return ThemeFile(name: given ?? name, roles: roles.merging(own) { _, new in new })
  }

  /// The theme that a bare binary has.
  static let compiledIn = "vigie-dark"

  private func path(of name: String) -> String? {
    if name.contains("/") { return FileManager.default.fileExists(atPath: name) ? name : nil }
    guard Configuration.isUsableName(name) else { return nil }
    return folders.map { "\($0)/\(name).toml" }
      .first { FileManager.default.fileExists(atPath: $0) }
  }
}
