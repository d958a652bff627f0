import Domain
import Foundation

extension AcceleratorSample: Packed {
  func write(to writer: inout PackedWriter) {
    writer.write(id)
    writer.write(model)
    writer.write(optional: host)
    writer.write(optional: index)
    writer.write(optional: attribution.replica)
    writer.write(optional: attribution.workload)
    writer.write(optional: attribution.region)
    writer.write(optional: utilization?.value)
    writer.write(optional: signal?.rawValue)
    writer.write(optional: memoryUsed.map { Int($0.count) })
    writer.write(optional: memoryTotal.map { Int($0.count) })
    writer.write(optional: power?.value)
    writer.write(optional: temperature?.value)
    writer.write(optional: errorCode)
    writer.write(sampledAt)
  }

  init(from reader: inout PackedReader) throws {
    self.init(
      id: try reader.identifier(), model: try reader.string(), host: try reader.optionalString(),
      index: try reader.optionalString(),
      attribution: Attribution(
        replica: try reader.optionalString(), workload: try reader.optionalString(),
        region: try reader.optionalString()),
      utilization: try reader.optionalDouble().flatMap { Ratio($0) },
      signal: try reader.optionalString().flatMap { AcceleratorSignal(rawValue: $0) },
      memoryUsed: try reader.optionalInt().map { Bytes(Int64($0)) },
      memoryTotal: try reader.optionalInt().map { Bytes(Int64($0)) },
      power: try reader.optionalDouble().map { Watts($0) },
      temperature: try reader.optionalDouble().map { Celsius($0) },
      errorCode: try reader.optionalInt(), sampledAt: try reader.date())
  }
}

extension TrafficSample: Packed {
  func write(to writer: inout PackedWriter) {
    writer.write(workloadID)
    writer.write(sampledAt)
    writer.write(optional: requestsPerSecond)
    writer.write(optional: latencyP50?.value)
    writer.write(optional: latencyP99?.value)
    writer.write(optional: processor?.value)
    writer.write(optional: memory.map { Int($0.count) })
  }

  init(from reader: inout PackedReader) throws {
    self.init(
      workloadID: try reader.identifier(), sampledAt: try reader.date(),
      requestsPerSecond: try reader.optionalDouble(),
      latencyP50: try reader.optionalDouble().map { Milliseconds($0) },
      latencyP99: try reader.optionalDouble().map { Milliseconds($0) },
      processor: try reader.optionalDouble().flatMap { Ratio($0) },
      memory: try reader.optionalInt().map { Bytes(Int64($0)) })
  }
}

extension ScalingEvent: Packed {
  func write(to writer: inout PackedWriter) {
    writer.write(id)
    writer.write(at)
    writer.write(optional: workloadID)
    writer.write(workloadName)
    writer.write(optional: region)
    writer.write(optional: from)
    writer.write(optional: to)
    writer.write(kind.rawValue)
    writer.write(actor.rawValue)
    writer.write(optional: inferredReason)
  }

  init(from reader: inout PackedReader) throws {
    let id = try reader.string()
    let at = try reader.date()
    let workloadID: WorkloadID? = try reader.optionalIdentifier()
    let name = try reader.string()
    let region: RegionID? = try reader.optionalIdentifier()
    let from = try reader.optionalInt()
    let to = try reader.optionalInt()
    guard let kind = Kind(rawValue: try reader.string()),
      let actor = Actor(rawValue: try reader.string())
    else { throw PackedReader.Damaged() }
    self.init(
      id: id, at: at, workloadID: workloadID, workloadName: name, region: region, from: from,
      to: to, kind: kind, actor: actor, inferredReason: try reader.optionalString())
  }
}

extension Activity: Packed {
  func write(to writer: inout PackedWriter) {
    writer.write(id)
    writer.write(at)
    writer.write(verb)
    writer.write(objectType)
    writer.write(objectName)
    writer.write(optional: workloadID)
    writer.write(optional: workloadName)
    writer.write(optional: actor)
    writer.write(messages)
  }

  init(from reader: inout PackedReader) throws {
    self.init(
      id: try reader.string(), at: try reader.date(), verb: try reader.string(),
      objectType: try reader.string(), objectName: try reader.string(),
      workloadID: try reader.optionalIdentifier(), workloadName: try reader.optionalString(),
      actor: try reader.optionalString(), messages: try reader.strings())
  }
}
