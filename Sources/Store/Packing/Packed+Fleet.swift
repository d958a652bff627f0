import Domain
import Foundation

extension Catalogue: Payload {}
extension Quotas: Payload {}
extension MetricsSourceState: Payload {}
extension Finding: Payload {}
extension SyncState: Payload {}
extension FleetSnapshot: Payload {}

extension App: Packed {
  func write(to writer: inout PackedWriter) {
    writer.write(id)
    writer.write(name)
    writer.write(status)
  }

  init(from reader: inout PackedReader) throws {
    self.init(
      id: try reader.identifier(), name: try reader.string(), status: try reader.string())
  }
}

extension Workload: Packed {
  func write(to writer: inout PackedWriter) {
    writer.write(id)
    writer.write(appID)
    writer.write(name)
    writer.write(kind.rawValue)
    writer.write(status.rawValue)
    writer.write(statusText)
    writer.write(messages)
    writer.write(optional: version)
    writer.write(optional: createdAt)
    writer.write(optional: updatedAt)
    writer.write(optional: activeRevisionID)
    writer.write(optional: latestRevisionID)
  }

  init(from reader: inout PackedReader) throws {
    self.init(
      id: try reader.identifier(), appID: try reader.identifier(), name: try reader.string(),
      kind: Kind(rawValue: try reader.string()) ?? .unknown,
      status: Status(rawValue: try reader.string()) ?? .unknown, statusText: try reader.string(),
      messages: try reader.strings(), version: try reader.optional { try $0.unsigned() },
      createdAt: try reader.optionalDate(), updatedAt: try reader.optionalDate(),
      activeRevisionID: try reader.optionalIdentifier(),
      latestRevisionID: try reader.optionalIdentifier())
  }
}

extension Replica: Packed {
  func write(to writer: inout PackedWriter) {
    writer.write(id)
    writer.write(workloadID)
    writer.write(optional: revisionID)
    writer.write(region)
    writer.write(type)
    writer.write(optional: index)
    writer.write(status.rawValue)
    writer.write(statusText)
    writer.write(messages)
    writer.write(optional: datacenter)
    writer.write(optional: createdAt)
    writer.write(optional: updatedAt)
  }

  init(from reader: inout PackedReader) throws {
    self.init(
      id: try reader.identifier(), workloadID: try reader.identifier(),
      revisionID: try reader.optionalIdentifier(), region: try reader.identifier(),
      type: try reader.identifier(), index: try reader.optionalInt(),
      status: Status(rawValue: try reader.string()) ?? .unknown, statusText: try reader.string(),
      messages: try reader.strings(), datacenter: try reader.optionalString(),
      createdAt: try reader.optionalDate(), updatedAt: try reader.optionalDate())
  }
}

/// What a row of overrides holds.
struct Overrides: Packed {
  var items: [ScalingOverride]

  init(_ items: [ScalingOverride]) { self.items = items }

  func write(to writer: inout PackedWriter) {
    writer.write(items) { writer, item in
      writer.write(item.regions)
      writer.write(item.replicas)
    }
  }

  init(from reader: inout PackedReader) throws {
    items = try reader.array { reader in
      ScalingOverride(regions: try reader.identifiers(), replicas: try reader.int())
    }
  }

  init(from decoder: any Decoder) throws {
    items = try [ScalingOverride](from: decoder)
  }

  func encode(to encoder: any Encoder) throws { try items.encode(to: encoder) }
}
