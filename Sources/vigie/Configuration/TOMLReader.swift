import Foundation
import TOMLKit

/// Reads one table strictly: a wrong type or a key that nobody asked for is an error with its line.
final class TOMLReader {
  private let table: TOMLTable
  private let path: [String]
  private let source: TOMLSource
  private var known: Set<String> = []

  private init(table: TOMLTable, path: [String], source: TOMLSource) {
    self.table = table
    self.path = path
    self.source = source
  }

  convenience init(text: String, file: String) throws(ConfigurationError) {
    do {
      self.init(
        table: try TOMLTable(string: text), path: [], source: TOMLSource(text: text, file: file))
    } catch let error as TOMLParseError {
      throw ConfigurationError(
        file: file, line: error.source.begin.line, problem: "not valid TOML: \(error.description)")
    } catch {
      throw ConfigurationError(file: file, line: nil, problem: "not valid TOML: \(error)")
    }
  }

  func string(_ key: String) throws(ConfigurationError) -> String? {
    guard let value = value(key) else { return nil }
    guard let string = value.string else { throw wrong(key, expected: "text in quotes") }
    return string
  }

  func bool(_ key: String) throws(ConfigurationError) -> Bool? {
    guard let value = value(key) else { return nil }
    guard let bool = value.bool else { throw wrong(key, expected: "true or false") }
    return bool
  }

  func strings(_ key: String) throws(ConfigurationError) -> [String: String]? {
    guard let reader = try subtable(key) else { return nil }
    var result: [String: String] = [:]
    for name in reader.table.keys { result[name] = try reader.string(name) }
    return result
  }

  func subtable(_ key: String) throws(ConfigurationError) -> TOMLReader? {
    guard let value = value(key) else { return nil }
    guard let inner = value.table else { throw wrong(key, expected: "a table") }
    return TOMLReader(table: inner, path: path + [key], source: source)
  }

  /// The tables of `[[key]]`, in the order of the file.
  func tables(_ key: String) throws(ConfigurationError) -> [TOMLReader] {
    guard let value = value(key) else { return [] }
    guard let array = value.array else {
      throw wrong(key, expected: "tables, each begun by [[\(key)]]")
    }
    var readers: [TOMLReader] = []
    for (index, element) in array.enumerated() {
      guard let inner = element.table else { throw wrong(key, expected: "tables and nothing else") }
      readers.append(
        TOMLReader(table: inner, path: path + [key, TOMLSource.place(index)], source: source))
    }
    return readers
  }

  /// One text, or a list of them.
  func list(_ key: String) throws(ConfigurationError) -> [String]? {
    guard let value = value(key) else { return nil }
    if let text = value.string { return [text] }
    guard let array = value.array else { throw wrong(key, expected: "text in quotes, or a list") }
    var texts: [String] = []
    for element in array {
      guard let text = element.string else { throw wrong(key, expected: "a list of texts") }
      texts.append(text)
    }
    return texts
  }

  /// An error about this table itself.
  func problem(_ text: String) -> ConfigurationError {
    ConfigurationError(file: source.file, line: source.line(of: path), problem: text)
  }

  /// What this table lacks.
  func missing(_ key: String, _ what: String) -> ConfigurationError {
    problem("'\(path.filter { !$0.hasPrefix("#") }.joined(separator: "."))' needs \(key): \(what)")
  }

  /// The tables under this one, by name.
  func subtables() throws(ConfigurationError) -> [(name: String, reader: TOMLReader)] {
    var result: [(name: String, reader: TOMLReader)] = []
    for name in table.keys {
      if let reader = try subtable(name) { result.append((name, reader)) }
    }
    return result
  }

  /// Makes a key one that may be there, whether or not it is read.
  func expect(_ key: String) { known.insert(key) }

  /// Refuses every key that was not asked for.
  func finish(allowed: String) throws(ConfigurationError) {
    for key in table.keys where !known.contains(key) {
      throw ConfigurationError(
        file: source.file, line: source.line(of: path + [key]),
        problem: "unknown key '\(key)'; known here: \(allowed)")
    }
  }

  func wrong(_ key: String, expected: String) -> ConfigurationError {
    ConfigurationError(
      file: source.file, line: source.line(of: path + [key]),
      problem:
        "'\((path + [key]).filter { !$0.hasPrefix("#") }.joined(separator: "."))' must be \(expected)"
    )
  }

  private func value(_ key: String) -> (any TOMLValueConvertible)? {
    known.insert(key)
    return table[key]
  }
}

/// The text of a TOML file, to find on which line a key stands: the parser does not say.
struct TOMLSource {
  let text: String
  let file: String

  func line(of path: [String]) -> Int? {
    guard let key = path.last else { return nil }
    if path.contains(where: { $0.hasPrefix("#") }) { return lineInArray(path) }
    var section: [String] = []
    var best: Int?
    for (index, raw) in text.split(separator: "\n", omittingEmptySubsequences: false).enumerated() {
      let line = raw.drop { $0 == " " || $0 == "\t" }
      if line.hasPrefix("[") {
        section = line.drop { $0 == "[" }.prefix { $0 != "]" }
          .split(separator: ".").map { Self.unquoted($0) }
        if section == path { return index + 1 }
        continue
      }
      let name = Self.unquoted(line.prefix { $0 != "=" })
      let full = section + name.split(separator: ".").map { Self.unquoted($0) }
      if full == path { return index + 1 }
      if name == key, best == nil { best = index + 1 }
    }
    return best
  }

  /// How a table of an array is named in a path: `#0` is the first.
  static func place(_ index: Int) -> String { "#\(index)" }

  /// The line of a key in one of several tables of a name, or of the nearest that is around it.
  private func lineInArray(_ path: [String]) -> Int? {
    var counts: [String: Int] = [:]
    var section: [String] = []
    var found: [[String]: Int] = [:]
    for (index, raw) in text.split(separator: "\n", omittingEmptySubsequences: false).enumerated() {
      let line = raw.drop { $0 == " " || $0 == "\t" }
      if line.hasPrefix("[") {
        let names = line.drop { $0 == "[" }.prefix { $0 != "]" }
          .split(separator: ".").map { Self.unquoted($0) }
        if line.hasPrefix("[["), let name = names.last {
          section = names + [Self.place(counts[name, default: 0])]
          counts[name, default: 0] += 1
        } else if let first = names.first, let count = counts[first], count > 0 {
          section = [first, Self.place(count - 1)] + names.dropFirst()
        } else {
          section = names
        }
        found[section] = index + 1
        continue
      }
      guard line.contains("=") else { continue }
      let name = line.prefix { $0 != "=" }.split(separator: ".").map { Self.unquoted($0) }
      let full = section + name
      if found[full] == nil { found[full] = index + 1 }
    }
    var path = path
    while !path.isEmpty {
      if let line = found[path] { return line }
      path.removeLast()
    }
    return nil
  }

  private static func unquoted(_ text: Substring) -> String {
    text.filter { $0 != "\"" && $0 != "'" && $0 != " " && $0 != "\t" }
  }
}
