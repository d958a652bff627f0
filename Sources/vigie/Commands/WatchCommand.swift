import ArgumentParser
import Console
import Domain
import Engine
import Foundation

/// What `vigie watch` waits for.
enum WatchCondition: ExpressibleByArgument, Equatable, CustomStringConvertible {
  /// A finding as bad as this, or worse.
  case severity(Finding.Severity)
  case kind(Finding.Kind)

  init?(argument: String) {
    let parts = argument.split(separator: "=", maxSplits: 1).map(String.init)
    guard parts.count == 2, parts[0] == "finding" else { return nil }
    switch parts[1] {
    case "critical": self = .severity(.critical)
    case "warning": self = .severity(.warning)
    case "information", "any": self = .severity(.information)
    default:
      guard let kind = Finding.Kind(rawValue: parts[1]) else { return nil }
      self = .kind(kind)
    }
  }

  var description: String {
    switch self {
    case .severity(.critical): "finding=critical"
    case .severity(.warning): "finding=warning"
    case .severity(.information): "finding=any"
    case .kind(let kind): "finding=\(kind.rawValue)"
    }
  }

  func isMet(by finding: Finding) -> Bool {
    switch self {
    case .severity(let severity): finding.severity <= severity
    case .kind(let kind): finding.kind == kind
    }
  }
}

/// Follows the fleet until something is found.
struct WatchCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "watch", abstract: "Follow the fleet until there is a finding; prints it.",
    discussion: """
      Exit status: 0 it was found; 1 it was not within the time; 2 the command line or the \
      configuration is wrong.
      """)

  @Option(help: "finding=critical, finding=warning, finding=any, or a kind of finding.")
  var until: WatchCondition

  @Option(help: "How long; without it until it is stopped.")
  var timeout: Timeout?

  @Option(name: .shortAndLong, help: "text or json.")
  var output = ActionOptions.Format.text

  @OptionGroup var connection: ConnectionOptions

  func run() throws {
    try connection.onCache { source in
      let session = try source.live(isReadOnly: true)
      let (condition, limit, start) = (until, timeout?.duration, Date())
      let found: [Finding] = try blocking {
        let work = Task { await session.run() }
        let found = await Self.first(condition, session.feed, limit: limit, from: start)
        work.cancel()
        await session.close()
        return found
      }
      switch output {
      case .json: print(ExportValue.list(found.map(FleetExport.record)).json())
      case .text: for finding in found { print(StatusExport.line(finding)) }
      }
      guard found.isEmpty else { return }
      Failures.print("no \(until)" + (timeout.map { " within \($0)" } ?? ""))
      throw ExitStatus.failure
    }
  }

  /// The findings that fit, of the first picture that has any and is not from before.
  private static func first(
    _ condition: WatchCondition, _ feed: FleetFeed, limit: Duration?, from start: Date
  ) async -> [Finding] {
    await withTaskGroup(of: [Finding].self) { group in
      group.addTask {
        var told: String?
        for await snapshot in feed.snapshots() {
          let failure = snapshot.sync.first { $0.resource == .workloads }?.failure
          if let failure, failure != told { ProgressLine.print("workloads: \(failure)") }
          told = failure
          let isRead = snapshot.sync.contains {
            $0.resource == .workloads && $0.completedAt.map { $0 >= start } ?? false
          }
          let fitting = snapshot.findings.filter(condition.isMet)
          if isRead || fitting.contains(where: { $0.kind == .staleSource }), !fitting.isEmpty {
            return fitting
          }
        }
        return []
      }
      if let limit {
        group.addTask {
          try? await Task.sleep(for: limit)
          return []
        }
      }
      let first = await group.next() ?? []
      group.cancelAll()
      return first
    }
  }
}
