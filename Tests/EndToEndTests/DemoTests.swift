import Foundation
import Testing

/// The real binary on a pseudo-terminal, with the simulated platform inside it.
@Suite(.serialized)
struct DemoTests {
  private static let panes = ["FINDINGS", "DEPLOYMENTS", "GPU", "COST", "AUTOSCALER"]

  private func demo(
    _ home: URL, rows: Int = 23, columns: Int = 80, arguments: [String] = [],
    environment: [String: String] = [:]
  ) throws -> VirtualTerminal {
    try VirtualTerminal(
      ["demo", "--seed", "7"] + arguments, home: home, rows: rows, columns: columns,
      environment: environment)
  }

  private func isFilled(_ terminal: VirtualTerminal) -> Bool {
    Self.panes.allSatisfy(terminal.text.contains) && terminal.text.contains("USD")
      && terminal.text.contains("LIVE")
  }

  @Test func `the five panes fill at 80 by 23`() throws {
    let home = try TemporaryHome()
    let terminal = try demo(home.url)
    #expect(terminal.wait(until: isFilled), "\(terminal.text)")
    terminal.type("q")
    #expect(terminal.exitCode() == 0)
    #expect(!terminal.isOnAlternateScreen)
    #expect(terminal.isCursorShown)
    #expect(terminal.isSane)
  }

  @Test(arguments: [(40, 120), (60, 200), (15, 60)])
  func `other sizes are filled to their edges`(rows: Int, columns: Int) throws {
    let home = try TemporaryHome()
    let terminal = try demo(home.url, rows: rows, columns: columns)
    #expect(terminal.wait(seconds: 30) { $0.text.contains("LIVE") && $0.text.contains("USD") })
    #expect(terminal.text.contains("CRIT") || terminal.text.contains("OK"))
    terminal.type("q")
    #expect(terminal.exitCode() == 0)
  }

  @Test func `a resize repaints at the new size and keeps the program alive`() throws {
    let home = try TemporaryHome()
    let terminal = try demo(home.url)
    #expect(terminal.wait(until: isFilled))
    for (rows, columns) in [(40, 120), (1, 1), (5, 20), (60, 200), (23, 80)] {
      terminal.resize(rows: rows, columns: columns)
      _ = terminal.wait(seconds: 0.2) { _ in false }
    }
    #expect(terminal.wait(until: isFilled), "\(terminal.text)")
    terminal.type("q")
    #expect(terminal.exitCode() == 0)
  }

  @Test(arguments: [SIGTERM, SIGHUP, SIGINT, SIGQUIT])
  func `the terminal is restored on a signal`(signal: Int32) throws {
    let home = try TemporaryHome()
    let terminal = try demo(home.url)
    #expect(terminal.wait(until: isFilled))
    kill(terminal.process, signal)
    #expect(terminal.exitCode() != nil)
    #expect(!terminal.isOnAlternateScreen)
    #expect(terminal.isCursorShown)
    #expect(terminal.isSane)
  }

  @Test(arguments: [SIGSEGV, SIGABRT, SIGILL])
  func `the terminal is restored on a crash`(signal: Int32) throws {
    let home = try TemporaryHome()
    let terminal = try demo(home.url)
    #expect(terminal.wait(until: isFilled))
    kill(terminal.process, signal)
    #expect(terminal.exitCode() == -signal)
    #expect(!terminal.isOnAlternateScreen)
    #expect(terminal.isCursorShown)
    #expect(terminal.isSane)
  }

  @Test func `a lost connection ends the program`() throws {
    let home = try TemporaryHome()
    let terminal = try demo(home.url)
    #expect(terminal.wait(until: isFilled))
    terminal.hangUp()
    #expect(terminal.exitCode(seconds: 3) != nil)
  }

  @Test(arguments: ["xterm-256color", "screen", "tmux-256color", "linux", "vt100", "xterm-ghostty"])
  func `every terminal name opens`(name: String) throws {
    let home = try TemporaryHome()
    let terminal = try demo(home.url, environment: ["TERM": name])
    #expect(terminal.wait(for: "DEPLOYMENTS"), "\(terminal.text)")
    terminal.type("q")
    #expect(terminal.exitCode() == 0)
  }

  @Test func `a locale without UTF-8 gets ASCII only`() throws {
    let home = try TemporaryHome()
    let terminal = try demo(home.url, environment: ["LC_ALL": "C", "LANG": "C"])
    #expect(terminal.wait(for: "DEPLOYMENTS"))
    #expect(terminal.record.allSatisfy { $0 < 0x80 })
  }

  @Test func `NO_COLOR sends no colour`() throws {
    let home = try TemporaryHome()
    let terminal = try demo(home.url, environment: ["NO_COLOR": "1"])
    #expect(terminal.wait(for: "DEPLOYMENTS"))
    let text = String(decoding: terminal.record, as: UTF8.self)
    #expect(!text.contains("\u{1B}[38;"))
    #expect(!text.contains("\u{1B}[48;"))
    #expect(!text.contains(/\x1b\[(?:\d+;)*(?:3[0-7]|4[0-7])(?:;\d+)*m/))
  }

  @Test func `a dumb terminal is told so in one line`() throws {
    let home = try TemporaryHome()
    let terminal = try demo(home.url, environment: ["TERM": "dumb"])
    #expect(terminal.exitCode() == 2)
    #expect(terminal.text.contains("vigie render") || terminal.text.contains("vigie get"))
  }

  @Test func `three marked deployments are restarted once their number is typed`() throws {
    let home = try TemporaryHome()
    let terminal = try demo(home.url, arguments: ["--scenario", "calm"])
    #expect(terminal.wait(until: isFilled))
    terminal.type(" ")
    #expect(terminal.wait(for: "1 marked"), "\(terminal.text)")
    terminal.type("\u{1C}")
    #expect(terminal.wait { !$0.text.contains("marked") }, "\(terminal.text)")
    terminal.type(" j j ")
    #expect(terminal.wait(for: "3 marked"), "\(terminal.text)")
    terminal.type("r3\r")
    #expect(terminal.wait(for: "3 deployments: [_]"), "keys typed ahead are dropped")
    _ = terminal.wait(seconds: 1) { _ in false }
    terminal.type("3\r")
    #expect(terminal.wait(for: "3 accepted"), "\(terminal.text)")
    terminal.type("\u{1B}@")
    #expect(
      terminal.wait { $0.text.ranges(of: "/redeploy").count == 3 }, "\(terminal.text)")
  }

  @Test func `help lists the keys and goes away again`() throws {
    let home = try TemporaryHome()
    let terminal = try demo(home.url)
    #expect(terminal.wait(until: isFilled))
    terminal.type("?")
    #expect(terminal.wait(for: "go to the findings"))
    terminal.type(String(repeating: "j", count: 20))
    #expect(terminal.wait(for: "roll back: preview first"), "\(terminal.text)")
    terminal.type("\u{1B}")
    #expect(terminal.wait(until: isFilled), "\(terminal.text)")
  }
}
