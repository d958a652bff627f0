import Console
import Foundation
import Testing

@testable import vigie

struct ReadmeTests {
  private func root() -> URL {
    URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
      .deletingLastPathComponent()
  }

  @Test func `the key table is the keymap's own`() throws {
    let text = try String(contentsOf: root().appending(path: "README.md"), encoding: .utf8)
    #expect(text.contains(Keymap.standard.markdown))
  }

  @Test func `the picture is the real screen`() throws {
    let text = try String(contentsOf: root().appending(path: "README.md"), encoding: .utf8)
    let screen = root().appending(path: "Tests/JourneyTests/Screens/overview-80x23.txt")
    #expect(text.contains(try String(contentsOf: screen, encoding: .utf8)))
  }

  @Test func `every theme file loads`() throws {
    let folder = root().appending(path: "themes")
    let library = ThemeLibrary(folders: [folder.path])
    let names = try FileManager.default.contentsOfDirectory(atPath: folder.path)
    #expect(names.count >= 5)
    for name in names {
      let file = try #require(try library.theme(String(name.dropLast(5))))
      _ = try Theme(name: file.name, roles: file.roles)
    }
  }

  @Test func `the theme that is compiled in is the one in its file`() throws {
    let library = ThemeLibrary(folders: [root().appending(path: "themes").path])
    let file = try #require(try library.theme("vigie-dark"))
    #expect(
      try Theme(name: file.name, roles: file.roles, base: .monochrome)[.critical]
        == Theme.standard[.critical])
    #expect(try Theme(name: "x", roles: file.roles) == Theme(name: "x", roles: [:]))
  }
}
