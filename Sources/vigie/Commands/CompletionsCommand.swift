import ArgumentParser
import Domain
import Foundation
import Store

/// A script that teaches a shell the commands, the options, and the names of the deployments.
struct CompletionsCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "completions", abstract: "Print a script that completes commands in a shell.",
    discussion: """
      bash: vigie completions bash > ~/.local/share/bash-completion/completions/vigie
      zsh: vigie completions zsh > DIR/_vigie, with DIR in fpath before compinit
      fish: vigie completions fish > ~/.config/fish/completions/vigie.fish

      Deployments are completed from the cache, without a network.
      """)

  enum Shell: String, ExpressibleByArgument, CaseIterable {
    case bash, zsh, fish

    fileprivate var generator: CompletionShell {
      switch self {
      case .bash: .bash
      case .zsh: .zsh
      case .fish: .fish
      }
    }
  }

  @Argument(help: "bash, zsh or fish.")
  var shell: Shell

  @OptionGroup var careful: ReadOnlyOption

  func run() { print(Vigie.completionScript(for: shell.generator)) }
}

extension CompletionKind {
  /// Names of deployments, as the cache has them.
  static var workloads: CompletionKind {
    .custom { words, _, _ in
      WorkloadNames.offered(words: words, environment: ProcessInfo.processInfo.environment)
    }
  }
}

/// The names that a shell may offer: from the cache alone, and harmless to every shell.
enum WorkloadNames {
  /// Nothing is told of what is wrong: nobody reads it there.
  static func offered(words: [String], environment: [String: String]) -> [String] {
    guard let setup = try? Setup.load(environment: environment) else { return [] }
    let folder = setup.paths.cache(of: setup.contextName(named: context(in: words)))
    guard FileManager.default.fileExists(atPath: folder + "/cache.sqlite"),
      let store = try? Store(folder: folder, contextName: ""),
      let workloads = try? store.currentWorkloads()
    else { return [] }
    return safe(workloads.map { (name: $0.name, id: $0.id.rawValue) })
  }

  /// A name, or the identifier where the name is not the only one or could mean more to a shell.
  static func safe(_ workloads: [(name: String, id: String)]) -> [String] {
    let counts = Dictionary(workloads.map { ($0.name, 1) }, uniquingKeysWith: +)
    return workloads.compactMap { workload in
      if isSafe(workload.name), counts[workload.name] == 1 { return workload.name }
      return isSafe(workload.id) ? workload.id : nil
    }.sorted()
  }

  /// Letters, digits and `._-`, the first of them no sign, so that it can be no option.
  static func isSafe(_ text: String) -> Bool {
    func isPlain(_ byte: UInt8) -> Bool {
      (byte >= 48 && byte <= 57) || (byte >= 65 && byte <= 90) || (byte >= 97 && byte <= 122)
    }
    guard let first = text.utf8.first, text.utf8.count <= 128 else { return false }
    return isPlain(first)
      && text.utf8.allSatisfy { isPlain($0) || $0 == 45 || $0 == 46 || $0 == 95 }
  }

  /// What `--context` says among the words that are there already.
  static func context(in words: [String]) -> String? {
    for (index, word) in words.enumerated() {
      if word == "--context", index + 1 < words.count { return words[index + 1] }
      if word.hasPrefix("--context=") { return String(word.dropFirst("--context=".count)) }
    }
    return nil
  }
}
