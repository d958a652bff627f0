import Foundation
package import Testing

/// Compares text with a file that a person has looked at.
package struct Golden {
  private let folder: URL

  /// Files stand in `Screens` beside the test that asks.
  package init(beside file: String = #filePath) {
    folder = URL(filePath: file).deletingLastPathComponent().appending(path: "Screens")
  }

  /// `RECORD=1` writes the file anew; one that is new fails once, so that nobody commits it unseen.
  package func expect(
    _ text: String, equals name: String, location: SourceLocation = #_sourceLocation
  ) throws {
    let file = folder.appending(path: name + ".txt")
    let isRecording = ProcessInfo.processInfo.environment["RECORD"] == "1"
    let known = try? String(contentsOf: file, encoding: .utf8)
    if isRecording || known == nil {
      try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
      try (text + "\n").write(to: file, atomically: true, encoding: .utf8)
      if !isRecording {
        Issue.record("\(name) was new; look at it and run again", sourceLocation: location)
      }
      return
    }
    let wanted = known?.split(separator: "\n", omittingEmptySubsequences: false) ?? []
    let found = (text + "\n").split(separator: "\n", omittingEmptySubsequences: false)
    for (number, pair) in zip(wanted, found).enumerated() where pair.0 != pair.1 {
      Issue.record(
        "\(name) line \(number + 1)\n wanted \(pair.0)\n found  \(pair.1)", sourceLocation: location
      )
    }
    #expect(wanted.count == found.count, "\(name): number of lines", sourceLocation: location)
  }
}
