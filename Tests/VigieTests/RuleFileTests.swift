import Domain
import Foundation
import Testing

@testable import vigie

/// The rules of a running console are those of the file.
struct RuleFileTests {
  private func write(_ text: String, _ path: String) throws {
    try text.write(toFile: path, atomically: true, encoding: .utf8)
    try FileManager.default.setAttributes([.posixPermissions: 0o600], ofItemAtPath: path)
  }

  @Test func `a file that changes is read again, and one that is wrong or gone refuses`() throws {
    let path = NSTemporaryDirectory() + "rules-\(UUID().uuidString).toml"
    defer { try? FileManager.default.removeItem(atPath: path) }
    let first = "[[policy]]\nname = \"a\"\nprotected = true\n"
    try write(first, path)
    let (configuration, file) = try RuleFile.load(path: path)
    #expect(configuration.rules == file.rules)
    #expect(file.rules.policies.policies.map(\.name) == ["a"])
    try write(first + "[[policy]]\nname = \"b\"\nread_only = true\n", path)
    #expect(file.rules.policies.policies.map(\.name) == ["a", "b"])
    try write(first + "[[policy]]\nname = 3\n", path)
    #expect(file.rules.policies.defect?.contains(":5") == true, "\(file.rules.policies)")
    try write("nonsense", path)
    #expect(file.rules.policies.defect?.contains("not valid TOML") == true)
    try FileManager.default.removeItem(atPath: path)
    #expect(file.rules.policies.defect?.contains("gone") == true)
    try write(first, path)
    #expect(file.rules == configuration.rules)
    try FileManager.default.setAttributes([.posixPermissions: 0o666], ofItemAtPath: path)
    #expect(file.rules.policies.defect?.contains("chmod") == true)
  }

  @Test func `a file that comes later is heeded`() throws {
    let path = NSTemporaryDirectory() + "rules-\(UUID().uuidString).toml"
    defer { try? FileManager.default.removeItem(atPath: path) }
    let (_, file) = try RuleFile.load(path: path)
    #expect(file.rules == Rulebook())
    try write("[[policy]]\nname = \"a\"\nprotected = true\n", path)
    #expect(file.rules.policies.policies.count == 1)
  }
}
