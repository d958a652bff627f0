package import Domain
import FoundationEssentials
import NIOCore
import NIOHTTP1

/// All GPUs at one instant, by one metrics source.
package struct AcceleratorReading: Equatable, Sendable {
  package var samples: [AcceleratorSample]
  /// The best signal that any GPU had.
  package var signal: AcceleratorSignal?
  /// The engine's own words when its answer may lack something.
  package var warning: String?
}

/// A Prometheus-compatible HTTP API: Prometheus, Thanos, Mimir, VictoriaMetrics.
package struct MetricsClient: Sendable {
  package let endpoint: PlatformEndpoint
  private let transport: HTTPTransport
  private let labels: MetricsLabels
  private let positions: MetricsLabels.Positions
  private let headers: @Sendable () throws(PlatformError) -> [(name: String, value: String)]

  /// `headers` carry the tenant and the authorization, read anew for each request.
  package init(
    endpoint: PlatformEndpoint, transport: HTTPTransport, labels: MetricsLabels,
    headers: @escaping @Sendable () throws(PlatformError) -> [(name: String, value: String)]
  ) {
    self.endpoint = endpoint
    self.transport = transport
    self.labels = labels
    positions = MetricsLabels.Positions(labels)
    self.headers = headers
  }

  /// Reads every GPU: how busy, how full, how hot, and who has it.
  package func accelerators() async throws(PlatformError) -> AcceleratorReading {
    async let streaming = vector("DCGM_FI_PROF_SM_ACTIVE", by: labels.all)
    async let used = vector("DCGM_FI_DEV_FB_USED", by: labels.identity)
    async let free = vector("DCGM_FI_DEV_FB_FREE", by: labels.identity)
    async let reserved = vector("DCGM_FI_DEV_FB_RESERVED", by: labels.identity)
    async let power = vector("DCGM_FI_DEV_POWER_USAGE", by: labels.identity)
    async let heat = vector("DCGM_FI_DEV_GPU_TEMP", by: labels.identity)
    async let errors = vector("DCGM_FI_DEV_XID_ERRORS", by: labels.identity)
    var signals: [(AcceleratorSignal, Answer)] = [(.smActive, try await streaming.get())]
    let memory = Memory(
      used: values(try await used.get()), free: values(try await free.get()),
      reserved: values(try await reserved.get()))
    let temperatures = values(try await heat.get())
    // The lesser signals are asked for only when a GPU lacks the better one: with all their labels
    // they are the largest answers.
    let others: [(AcceleratorSignal, String)] = [
      (.engineActive, "DCGM_FI_PROF_GR_ENGINE_ACTIVE"), (.utilization, "DCGM_FI_DEV_GPU_UTIL"),
    ]
    for (signal, metric) in others {
      let told = Set(signals.flatMap { values($0.1).keys })
      let known = Set(temperatures.keys).union(memory.used.keys)
      if !told.isEmpty, known.isSubset(of: told) { break }
      signals.append((signal, try await vector(metric, by: labels.all).get()))
    }
    var reading = assemble(
      signals, memory: memory, power: values(try await power.get()), heat: temperatures,
      errors: values(try await errors.get()))
    let warnings = signals.compactMap(\.1.warning)
    reading.warning = warnings.first.map { String($0.prefix(200)) }
    return reading
  }

  private struct Memory {
    var used: [String: Double]
    var free: [String: Double]
    var reserved: [String: Double]

    /// Mebibytes to bytes, of a card whose parts are all known.
    func total(_ id: String) -> Bytes? {
      guard let used = used[id], let free = free[id] else { return nil }
      return .mebibytes(used + free + (reserved[id] ?? 0))
    }
  }

  private struct Answer: Sendable {
    var vector: PrometheusVector
    var warning: String?
  }

  private func assemble(
    _ signals: [(AcceleratorSignal, Answer)], memory: Memory, power: [String: Double],
    heat: [String: Double], errors: [String: Double]
  ) -> AcceleratorReading {
    var found: Set<String> = []
    var samples: [AcceleratorSample] = []
    var best: AcceleratorSignal?
    for (signal, answer) in signals {
      let vector = answer.vector
      for element in vector.indices {
        guard let value = vector.values[element], let id = identity(of: element, in: vector),
          found.insert(id).inserted
        else { continue }
        best = best ?? signal
        let share = signal == .utilization ? value / 100 : value
        samples.append(
          sample(
            id, of: element, in: vector, share: share, signal: signal, memory: memory,
            power: power[id], heat: heat[id], error: errors[id]))
      }
    }
    return AcceleratorReading(samples: samples, signal: best, warning: nil)
  }

  private func sample(
    _ id: String, of element: Int, in vector: PrometheusVector, share: Double,
    signal: AcceleratorSignal, memory: Memory, power: Double?, heat: Double?, error: Double?
  ) -> AcceleratorSample {
    func label(_ positions: Range<Int>) -> String? { vector.label(positions, of: element) }
    return AcceleratorSample(
      id: AcceleratorID(id), model: Self.shortModel(label(positions.model) ?? "GPU"),
      host: label(positions.host), index: label(positions.index),
      attribution: AcceleratorSample.Attribution(
        replica: label(positions.replica), workload: label(positions.workload),
        region: label(positions.region)),
      utilization: Ratio(min(max(share, 0), 1)), signal: signal,
      memoryUsed: memory.used[id].map { .mebibytes($0) }, memoryTotal: memory.total(id),
      power: power.flatMap { $0 < 1e6 ? Watts($0) : nil },
      temperature: heat.flatMap { $0 < 200 ? Celsius($0) : nil },
      errorCode: error.flatMap { $0 > 0 && $0 < 1000 ? Int($0) : nil },
      sampledAt: Date(timeIntervalSince1970: vector.times[element]))
  }

  /// `NVIDIA H100 80GB HBM3` to `H100`: what people say and what fits a column.
  static func shortModel(_ name: String) -> String {
    let words = name.split(separator: " ").filter { word in
      let text = word.uppercased()
      return text != "NVIDIA" && text != "TESLA" && text != "GEFORCE" && !text.hasPrefix("HBM")
        && !(text.hasSuffix("GB") && text.first?.isNumber == true)
    }
    return words.isEmpty ? name : words.joined(separator: "-").uppercased()
  }

  /// Time-sliced duplicates have one identity and fold into one.
  private func identity(of element: Int, in vector: PrometheusVector) -> String? {
    guard let id = vector.label(positions.id, of: element) else { return nil }
    return vector.label(positions.slice, of: element).map { "\(id)/\($0)" } ?? id
  }

  private func values(_ answer: Answer) -> [String: Double] {
    let vector = answer.vector
    var result: [String: Double] = [:]
    result.reserveCapacity(vector.indices.count)
    for element in vector.indices {
      guard let value = vector.values[element], let id = identity(of: element, in: vector) else {
        continue
      }
      result[id] = max(result[id] ?? value, value)
    }
    return result
  }

  private func vector(
    _ metric: String, by names: [String]
  ) async -> Result<Answer, PlatformError> {
    let query = "max by (\(names.joined(separator: ", "))) (\(metric))"
    do throws(PlatformError) {
      var all = try headers()
      all.append((name: "Content-Type", value: "application/x-www-form-urlencoded"))
      let body = try await transport.send(
        HTTPTransport.Request(
          method: .POST, url: endpoint.base + "/api/v1/query", route: "metrics query",
          headers: all, body: ByteBuffer(string: "query=" + KoyebClient.escape(query))))
      return .success(try Self.read(body, labels: names))
    } catch {
      return .failure(error)
    }
  }

  private static func read(
    _ body: ByteBuffer, labels: [String]
  ) throws(PlatformError) -> Answer {
    let vector: PrometheusVector
    do {
      vector = try body.withUnsafeReadableBytes { try PrometheusScanner.scan($0, labels: labels) }
    } catch {
      throw .unreadable(route: "metrics query", detail: "not an answer of the Prometheus API")
    }
    guard vector.status == "success" else {
      throw .rejected(
        status: 422, message: "\(vector.errorType ?? "error"): \((vector.error ?? "").prefix(200))",
        fields: [])
    }
    let partial = vector.isPartial ? "the answer is partial" : nil
    return Answer(vector: vector, warning: vector.warnings.first ?? partial)
  }
}
