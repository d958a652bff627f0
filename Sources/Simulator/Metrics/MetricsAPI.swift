import Foundation
import Hummingbird
import Platform

/// A Prometheus HTTP API over the simulated GPUs, and their exposition for a real scraper.
struct MetricsAPI {
  let world: World

  func add(to router: Router<BasicRequestContext>) {
    router.get("/api/v1/query", use: query)
    router.post("/api/v1/query", use: query)
    router.get("/api/v1/query_range", use: range)
    router.post("/api/v1/query_range", use: range)
    router.get("/api/v1/series", use: series)
    router.get("/api/v1/labels", use: labels)
    router.get("/api/v1/label/:name/values", use: values)
    router.get("/api/v1/status/buildinfo") { _, _ in
      try Self.success(.object(["version": .string("2.53.0"), "revision": .string("simulated")]))
    }
    router.get("/metrics", use: exposition)
    router.get("/-/healthy") { _, _ in "Healthy.\n" }
    router.get("/-/ready") { _, _ in "Ready.\n" }
  }

  /// Parameters of the address, and of a form when there is one.
  private func parameters(_ request: Request) async throws -> [(name: String, value: String)] {
    var text = request.uri.query ?? ""
    if request.method == .post {
      let body = try await request.body.collect(upTo: 1 << 20)
      text += "&" + String(buffer: body)
    }
    return text.split(separator: "&").map { pair in
      let parts = pair.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
      let raw = parts.count > 1 ? String(parts[1]).replacingOccurrences(of: "+", with: " ") : ""
      return (String(parts[0]), raw.removingPercentEncoding ?? raw)
    }
  }

  private func index(at time: Date) -> [String: [MetricSeries]] {
    Dictionary(grouping: world.read { $0.acceleratorSeries(at: time) }, by: \.name)
  }

  @Sendable func query(_ request: Request, _ context: BasicRequestContext) async throws -> Response
  {
    let all = try await parameters(request)
    let now = world.now
    let time = all.first { $0.name == "time" }.flatMap { Self.instant($0.value) } ?? now
    do throws(PromQL.Failure) {
      let expression = try PromQL(all.first { $0.name == "query" }?.value ?? "")
      switch try expression.evaluate(index(at: time)) {
      case .scalar(let value):
        return
          (try? Self.success(
            Self.result("scalar", .array([Self.stamp(time), .string(Self.text(value))]))))
          ?? Response(status: .internalServerError)
      case .vector(let series): return Self.vector(series, at: time)
      }
    } catch {
      return try Self.failure("bad_data", error.description, status: .badRequest)
    }
  }

  @Sendable func range(_ request: Request, _ context: BasicRequestContext) async throws -> Response
  {
    let all = try await parameters(request)
    func value(_ name: String) -> String? { all.first { $0.name == name }?.value }
    guard let start = value("start").flatMap(Self.instant),
      let end = value("end").flatMap(Self.instant),
      let step = value("step").flatMap(Self.seconds), step > 0, end >= start
    else {
      return try Self.failure("bad_data", "start, end and step are needed", status: .badRequest)
    }
    guard end.timeIntervalSince(start) / step <= 11_000 else {
      return try Self.failure(
        "bad_data",
        "exceeded maximum resolution of 11,000 points per timeseries. "
          + "Try decreasing the query resolution (?step=XX)", status: .badRequest)
    }
    do throws(PromQL.Failure) {
      let expression = try PromQL(value("query") ?? "")
      var found: [[String: String]: [JSONValue]] = [:]
      for offset in stride(from: 0, through: end.timeIntervalSince(start), by: step) {
        let time = start.addingTimeInterval(offset)
        let result = try expression.evaluate(index(at: time))
        let series: [MetricSeries] =
          switch result {
          case .scalar(let number): [MetricSeries(name: "", labels: [:], value: number)]
          case .vector(let series): series
          }
        for one in series {
          found[Self.allLabels(one), default: []].append(
            .array([Self.stamp(time), .string(Self.text(one.value))]))
        }
      }
      let rows = found.map { labels, points -> JSONValue in
        .object(["metric": .object(labels.mapValues { .string($0) }), "values": .array(points)])
      }
      return (try? Self.success(Self.result("matrix", .array(rows))))
        ?? Response(status: .internalServerError)
    } catch {
      return try Self.failure("bad_data", error.description, status: .badRequest)
    }
  }

  @Sendable func series(_ request: Request, _ context: BasicRequestContext) async throws -> Response
  {
    let matches = try await parameters(request).filter { $0.name == "match[]" }
    guard !matches.isEmpty else {
      return try Self.failure("bad_data", "no match[] parameter provided", status: .badRequest)
    }
    let index = index(at: world.now)
    var rows: [JSONValue] = []
    for match in matches {
      do throws(PromQL.Failure) {
        guard case .vector(let found) = try PromQL(match.value).evaluate(index) else { continue }
        rows += found.map { .object(Self.allLabels($0).mapValues { .string($0) }) }
      } catch {
        return try Self.failure("bad_data", error.description, status: .badRequest)
      }
    }
    return try Self.success(.array(rows))
  }

  @Sendable func labels(_ request: Request, _ context: BasicRequestContext) throws -> Response {
    let first = world.read { $0.acceleratorSeries(at: $0.now).first }
    let names = (first.map { Array($0.labels.keys) } ?? []) + ["__name__"]
    return try Self.success(.array(names.sorted().map { .string($0) }))
  }

  @Sendable func values(_ request: Request, _ context: BasicRequestContext) throws -> Response {
    let name = try context.parameters.require("name")
    let all = world.read { $0.acceleratorSeries(at: $0.now) }
    let found = Set(all.compactMap { name == "__name__" ? $0.name : $0.labels[name] })
    return try Self.success(.array(found.sorted().map { .string($0) }))
  }

  @Sendable func exposition(_ request: Request, _ context: BasicRequestContext) throws -> Response {
    var text = ""
    for (name, series) in index(at: world.now).sorted(by: { $0.key < $1.key }) {
      text += "# HELP \(name) Simulated.\n# TYPE \(name) gauge\n"
      for one in series {
        let labels = one.labels.sorted { $0.key < $1.key }
          .map { "\($0.key)=\"\(Self.escaped($0.value))\"" }.joined(separator: ",")
        text += "\(name){\(labels)} \(Self.text(one.value))\n"
      }
    }
    return Response(
      status: .ok, headers: [.contentType: "text/plain; version=0.0.4; charset=utf-8"],
      body: ResponseBody(byteBuffer: ByteBuffer(string: text)))
  }

  // MARK: - Envelope

  /// Written by hand: twenty thousand elements are asked for every few seconds.
  private static func vector(_ series: [MetricSeries], at time: Date) -> Response {
    let stamp = String(format: "%.3f", time.timeIntervalSince1970)
    var text = #"{"status":"success","data":{"resultType":"vector","result":["#
    for (number, one) in series.enumerated() {
      if number > 0 { text += "," }
      text += #"{"metric":{"#
      var isFirst = true
      if !one.name.isEmpty {
        text += "\"__name__\":\"\(one.name)\""
        isFirst = false
      }
      for (label, value) in one.labels {
        if !isFirst { text += "," }
        isFirst = false
        text += "\"\(label)\":\"\(escaped(value))\""
      }
      text += "},\"value\":[\(stamp),\"\(Self.text(one.value))\"]}"
    }
    text += "]}}"
    return Response(
      status: .ok, headers: [.contentType: "application/json"],
      body: ResponseBody(byteBuffer: ByteBuffer(string: text)))
  }

  private static func allLabels(_ series: MetricSeries) -> [String: String] {
    series.name.isEmpty
      ? series.labels : series.labels.merging(["__name__": series.name]) { own, _ in own }
  }

  private static func escaped(_ text: String) -> String {
    text.replacingOccurrences(of: "\\", with: "\\\\").replacingOccurrences(of: "\"", with: "\\\"")
      .replacingOccurrences(of: "\n", with: "\\n")
  }

  private static func result(_ type: String, _ value: JSONValue) -> JSONValue {
    .object(["resultType": .string(type), "result": value])
  }

  private static func stamp(_ time: Date) -> JSONValue {
    .number(Decimal((time.timeIntervalSince1970 * 1000).rounded()) / 1000)
  }

  private static func text(_ value: Double) -> String {
    if value.isNaN { return "NaN" }
    if value.isInfinite { return value > 0 ? "+Inf" : "-Inf" }
    return value == value.rounded() && abs(value) < 1e15 ? String(Int64(value)) : String(value)
  }

  static func instant(_ text: String) -> Date? {
    if let seconds = Double(text) { return Date(timeIntervalSince1970: seconds) }
    return try? Date(text, strategy: .iso8601)
  }

  static func seconds(_ text: String) -> Double? {
    if let plain = Double(text) { return plain }
    let units: [Character: Double] = ["s": 1, "m": 60, "h": 3600, "d": 86_400]
    guard let unit = text.last.flatMap({ units[$0] }), let number = Double(text.dropLast()) else {
      return nil
    }
    return number * unit
  }

  private static func success(_ data: JSONValue) throws -> Response {
    try Reply.json(.object(["status": .string("success"), "data": data]))
  }

  private static func failure(
    _ type: String, _ message: String, status: HTTPResponse.Status
  ) throws -> Response {
    try Reply.json(
      .object([
        "status": .string("error"), "errorType": .string(type), "error": .string(message),
      ]), status: status)
  }
}
