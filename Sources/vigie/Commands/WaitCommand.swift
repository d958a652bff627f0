import ArgumentParser
import Console
import Domain
import Engine
import Foundation
import Store
import Terminal

/// What `vigie wait` waits for.
enum WaitCondition: ExpressibleByArgument, Equatable, CustomStringConvertible {
  case healthy
  case replicas(Int)

  init?(argument: String) {
    if argument == "healthy" {
      self = .healthy
      return
    }
    let parts = argument.split(separator: "=", maxSplits: 1)
    guard parts.count == 2, parts[0] == "replicas", let count = Int(parts[1]),
      (0...10_000).contains(count)
    else { return nil }
    self = .replicas(count)
  }

  var description: String {
    switch self {
    case .healthy: "healthy"
    case .replicas(let count): "replicas=\(count)"
    }
  }

  /// Healthy is: nothing rolls out, and all that is wanted is ready.
  func isMet(by row: WorkloadRow) -> Bool {
    switch self {
    case .replicas(let count): return row.replicas.ready == count
    case .healthy:
      switch row.condition {
      case .critical, .unknown, .paused: return false
      case .warning, .idle, .healthy, .asleep: break
      }
      guard row.rollout == nil, let desired = row.replicas.desired else { return false }
      return row.replicas.ready >= desired
    }
  }
}

/// Waits for one deployment.
struct WaitCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "wait", abstract: "Wait until a deployment is healthy, or has so many replicas.",
    discussion: """
      Exit status: 0 it is so; 1 it was not within the time; 2 the command line or the \
      configuration is wrong.
      """)

  @OptionGroup var subject: WorkloadArgument

  @Option(name: .customLong("for"), help: "healthy or replicas=N.")
  var condition: WaitCondition

  @Option(help: "How long.")
  var timeout = Timeout(seconds: 300)

  @Option(name: .shortAndLong, help: "text or json.")
  var output = ActionOptions.Format.text

  @OptionGroup var connection: ConnectionOptions

  func run() throws {
    try connection.inSession { session in
      let end = Date().addingTimeInterval(timeout.seconds)
      var row = try session.find(subject.workload)
      var last = ""
      while true {
        if try session.isFresh, condition.isMet(by: row) {
          return tell(row, isMet: true)
        }
        let text = Self.progress(row)
        if text != last { ProgressLine.print(text) }
        last = text
        guard Date() < end else { break }
        try blocking { try await Task.sleep(for: .seconds(2)) }
        try session.refresh()
        guard let next = try session.row(row.id) else {
          Failures.print("\(row.name) is not there any more")
          throw ExitStatus.failure
        }
        row = next
      }
      tell(row, isMet: false)
      throw ExitStatus.failure
    }
  }
}

extension WaitCommand {
  /// Whether it came to be so, and how it stands.
  private func tell(_ row: WorkloadRow, isMet: Bool) {
    if output == .json {
      let value = ExportValue.object([
        .init("deployment_id", .text(row.id.rawValue)), .init("deployment", .text(row.name)),
        .init("condition", .text(condition.description)), .init("is_met", .bool(isMet)),
        .init("ready", .integer(row.replicas.ready)),
        .init("desired", .optional(row.replicas.desired) { .integer($0) }),
      ])
      print(value.json())
    } else if isMet {
      print(Sanitizer.clean("\(row.name): \(condition)"))
    }
    if !isMet { Failures.print("\(row.name): not \(condition) within \(timeout)") }
  }

  /// `chat: CRIT 1/2 ready, failing`.
  private static func progress(_ row: WorkloadRow) -> String {
    "\(row.name): \(row.condition.word) \(Formatting.replicas(row.replicas)) ready"
      + (row.note.isEmpty ? "" : ", \(row.note)")
  }
}
