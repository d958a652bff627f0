import Domain
import Foundation

extension Revision: Packed {
  func write(to writer: inout PackedWriter) {
    writer.write(id)
    writer.write(workloadID)
    writer.write(status.rawValue)
    writer.write(statusText)
    writer.write(messages)
    writer.write(trigger.rawValue)
    writer.write(optional: author)
    writer.write(optional: commit)
    writer.write(createdAt)
    writer.write(optional: startedAt)
    writer.write(optional: succeededAt)
    writer.write(optional: terminatedAt)
    writer.write(optional: version)
    writer.block { definition.write(to: &$0) }
  }

  init(from reader: inout PackedReader) throws {
    self.init(
      id: try reader.identifier(), workloadID: try reader.identifier(),
      status: Status(rawValue: try reader.string()) ?? .unknown, statusText: try reader.string(),
      messages: try reader.strings(), trigger: Trigger(rawValue: try reader.string()) ?? .unknown,
      author: try reader.optionalString(), commit: try reader.optionalString(),
      createdAt: try reader.date(), startedAt: try reader.optionalDate(),
      succeededAt: try reader.optionalDate(), terminatedAt: try reader.optionalDate(),
      version: try reader.optional { try $0.unsigned() },
      definition: try reader.shared(\.definitions) { try Definition(from: &$0) })
  }
}

extension Revision {
  /// Whether a payload is of one on its way; its definition is not looked at.
  static func isRollingOut(payload: Data) throws -> Bool {
    guard payload.first == PackedFormat.number else {
      return try Revision(payload: payload).status.isRollingOut
    }
    return try payload.withUnsafeBytes { bytes in
      var reader = PackedReader(bytes, from: 1)
      let _: (RevisionID, WorkloadID) = (try reader.identifier(), try reader.identifier())
      return (Status(rawValue: try reader.string()) ?? .unknown).isRollingOut
    }
  }
}

extension Definition {
  func write(to writer: inout PackedWriter) {
    write(source: source, to: &writer)
    writer.block { $0.write(regions) }
    writer.block { $0.write(scalings) { $1.write(to: &$0) } }
    writer.block { writer in
      writer.write(types) { writer, choice in
        writer.write(choice.regions)
        writer.write(choice.type)
      }
    }
    writer.write(variables) { writer, variable in
      writer.write(variable.name)
      writer.write(optional: variable.secretName)
      writer.write(optional: variable.fingerprint)
    }
    for list in [ports, routes, configFiles] { writer.block { $0.write(list) } }
    writer.write(hasVolumes)
    writer.write(optional: strategy)
  }

  init(from reader: inout PackedReader) throws {
    self.init(
      source: try Self.source(from: &reader),
      regions: try reader.shared(\.regions) { try $0.identifiers() },
      scalings: try reader.shared(\.scalings) { try $0.array { try Scaling(from: &$0) } },
      types: try reader.shared(\.types) { reader in
        try reader.array { reader in
          TypeChoice(regions: try reader.identifiers(), type: try reader.identifier())
        }
      },
      variables: try reader.array { reader in
        Variable(
          name: try reader.string(), secretName: try reader.optionalString(),
          fingerprint: try reader.optionalString())
      },
      ports: try reader.shared(\.lists) { try $0.strings() },
      routes: try reader.shared(\.lists) { try $0.strings() },
      configFiles: try reader.shared(\.lists) { try $0.strings() },
      hasVolumes: try reader.bool(), strategy: try reader.optionalString())
  }

  private func write(source: Source, to writer: inout PackedWriter) {
    switch source {
    case .unknown: writer.write(0)
    case .image(let name):
      writer.write(1)
      writer.write(name)
    case .git(let repository, let branch, let commit):
      writer.write(2)
      writer.write(repository)
      writer.write(optional: branch)
      writer.write(optional: commit)
    case .archive(let id):
      writer.write(3)
      writer.write(id)
    case .database: writer.write(4)
    }
  }

  private static func source(from reader: inout PackedReader) throws -> Source {
    switch try reader.int() {
    case 0: .unknown
    case 1: .image(try reader.string())
    case 2:
      .git(
        repository: try reader.string(), branch: try reader.optionalString(),
        commit: try reader.optionalString())
    case 3: .archive(try reader.string())
    case 4: .database
    default: throw PackedReader.Damaged()
    }
  }
}

extension Definition.Scaling {
  func write(to writer: inout PackedWriter) {
    writer.write(regions)
    writer.write(minimum)
    writer.write(maximum)
    writer.write(targets) { $1.write(to: &$0) }
  }

  init(from reader: inout PackedReader) throws {
    self.init(
      regions: try reader.identifiers(), minimum: try reader.int(), maximum: try reader.int(),
      targets: try reader.array { try Target(from: &$0) })
  }
}

extension Definition.Scaling.Target {
  func write(to writer: inout PackedWriter) {
    switch self {
    case .processor(let percent):
      writer.write(0)
      writer.write(percent)
    case .memory(let percent):
      writer.write(1)
      writer.write(percent)
    case .requestsPerSecond(let count):
      writer.write(2)
      writer.write(count)
    case .concurrentRequests(let count):
      writer.write(3)
      writer.write(count)
    case .responseTime(let milliseconds, let quantile):
      writer.write(4)
      writer.write(milliseconds)
      writer.write(quantile)
    case .idle(let deep, let light):
      writer.write(5)
      writer.write(optional: deep)
      writer.write(optional: light)
    }
  }

  init(from reader: inout PackedReader) throws {
    switch try reader.int() {
    case 0: self = .processor(percent: try reader.int())
    case 1: self = .memory(percent: try reader.int())
    case 2: self = .requestsPerSecond(try reader.int())
    case 3: self = .concurrentRequests(try reader.int())
    case 4: self = .responseTime(milliseconds: try reader.int(), quantile: try reader.int())
    case 5:
      self = .idle(deepSeconds: try reader.optionalInt(), lightSeconds: try reader.optionalInt())
    default: throw PackedReader.Damaged()
    }
  }
}
