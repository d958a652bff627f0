import Domain
import FoundationEssentials
import Terminal

/// Whether costly GPUs do work: by model, and zoomed, one by one with a chart.
struct AcceleratorPane {
  let state: ConsoleState

  private var overview: AcceleratorOverview? { state.fleet?.accelerators }

  /// One line for all models: the smallest form.
  func drawStrip(in rect: Rect, on canvas: inout Canvas) {
    rule(in: rect.top(1), on: &canvas)
    guard let overview else { return }
    guard !overview.groups.isEmpty else { return drawAbsence(in: rect.inset(top: 1), on: &canvas) }
    var x = rect.x + 1
    for group in overview.groups {
      let values = group.history?.suffix(9) ?? []
      let text =
        "\(group.model) \(canvas.sparkline(values, width: 9, maximum: 1)) "
        + "\(Formatting.percent(group.utilization)) \(group.busy)/\(group.total)"
      guard x + DisplayWidth.of(text) < rect.maxX else {
        canvas.write("+", at: rect.maxX - 1, rect.y + 1, .dim)
        break
      }
      x += canvas.write(text, at: x, rect.y + 1, .graph) + 3
    }
  }

  func draw(in rect: Rect, on canvas: inout Canvas) {
    rule(in: rect.top(1), on: &canvas)
    let body = rect.inset(top: 1)
    guard let overview else { return }
    guard !overview.groups.isEmpty else { return drawAbsence(in: body, on: &canvas) }
    let spark = max(4, body.width - 25)
    for (line, group) in overview.groups.prefix(body.height).enumerated() {
      let y = body.y + line
      canvas.writeClipped(group.model, at: body.x + 1, y, width: 9)
      canvas.writeTrailing("\(group.busy)/\(group.total)", endingAt: body.x + 17, y)
      canvas.writeTrailing(Formatting.percent(group.utilization), endingAt: body.x + 22, y)
      let values = group.history?.suffix(spark) ?? []
      canvas.write(
        canvas.sparkline(values, width: spark, maximum: 1), at: body.x + 23, y, .graph, width: spark
      )
    }
    let line = overview.groups.count
    guard line < body.height else { return }
    let idle = Formatting.money(overview.idlePerHour)
    canvas.writeClipped(
      "idle now \(idle)/h \(canvas.glyphs.dot) \(signal)", at: body.x + 1, body.y + line,
      width: body.width - 1, .idle)
  }

  func drawZoomed(in rect: Rect, on canvas: inout Canvas) {
    rule(in: rect.top(1), on: &canvas)
    let body = rect.inset(top: 1)
    guard let overview else { return }
    guard !overview.rows.isEmpty else { return drawAbsence(in: body, on: &canvas) }
    let rows = state.shownAccelerators
    let index = state[list: .gpu].index(in: state.ids(of: .gpu))
    let chart = body.height >= 16 ? body.height / 3 : 0
    let table = body.inset(bottom: chart)
    let header =
      "  USE    GPU        HOST         UTIL past                 MEM GB    PWR  TEMP  XID  DEPLOYMENT"
    canvas.write(header, at: table.x + 1, table.y, .dim, width: table.width - 1)
    let lines = table.inset(top: 1)
    let first = state[list: .gpu].firstRow(index: index, height: lines.height, count: rows.count)
    for (line, row) in rows.dropFirst(first).prefix(lines.height).enumerated() {
      let isChosen = first + line == index
      AcceleratorLine(row: row, isChosen: isChosen).draw(
        in: Rect(x: lines.x, y: lines.y + line, width: lines.width, height: 1), on: &canvas)
      if isChosen {
        canvas.select(Rect(x: lines.x, y: lines.y + line, width: lines.width, height: 1))
      }
    }
    guard chart > 0, let index, rows.indices.contains(index) else { return }
    drawChart(
      rows[index], in: Rect(x: body.x, y: body.maxY - chart, width: body.width, height: chart),
      on: &canvas)
  }

  private func drawChart(_ row: AcceleratorRow, in rect: Rect, on canvas: inout Canvas) {
    let who = row.workloadName.map { " of \(Sanitizer.clean($0))" } ?? ""
    canvas.rule(
      nil, "\(row.sample.model) \(row.sample.host ?? "") GPU \(row.sample.index ?? "-")\(who)",
      detail: signal, in: rect.top(1), isFocused: false)
    guard let history = row.history else {
      canvas.write("no history yet", at: rect.x + 1, rect.y + 1, .dim)
      return
    }
    let span = Double(history.count) * Double(history.step.components.seconds)
    Chart(
      values: history.values, maximum: 1, topLabel: "100%", bottomLabel: "0%",
      startLabel: "-" + Formatting.age(seconds: span), endLabel: "now"
    ).draw(
      in: rect.inset(top: 1), style: canvas.theme[.graph], axisStyle: canvas.theme[.dim],
      glyphs: canvas.glyphs, on: &canvas.frame)
  }

  private var signal: String {
    switch overview?.source {
    case .live(_, let signal?, _, _): "signal \(signal.label)"
    case .live(_, nil, _, _): "no busy signal"
    case nil, .notConfigured, .waiting, .failing: "no signal"
    }
  }

  private func rule(in rect: Rect, on canvas: inout Canvas) {
    canvas.rule(
      3,
      "GPU"
        + (overview.map { $0.rows.isEmpty ? "" : " \($0.groups.reduce(0) { $0 + $1.total })" } ?? ""),
      detail: detail(on: canvas, width: rect.width), in: rect, isFocused: state.focus == .gpu)
  }

  private func detail(on canvas: Canvas, width: Int) -> String {
    guard let overview else { return "" }
    switch overview.source {
    case .notConfigured: return "no source"
    case .waiting: return "waiting for the first sample"
    case .failing(_, _, let last):
      return "OFFLINE " + Formatting.coarseAge(from: last, to: canvas.now)
    case .live(_, let signal, _, let warning):
      func count(_ use: AcceleratorUse) -> Int {
        overview.groups.reduce(0) { $0 + ($1.counts[use] ?? 0) }
      }
      var parts = ["\(count(.busy)) busy"]
      let idle = count(.idle)
      let loaded = count(.loadedIdle)
      if loaded > 0 { parts.append("\(loaded) loaded idle") }
      if idle > 0 { parts.append("\(idle) idle") }
      if count(.empty) > 0 { parts.append("\(count(.empty)) empty") }
      if count(.unknown) > 0 { parts.append("\(count(.unknown)) unknown") }
      if width >= 70, let signal { parts.append(signal.label) }
      if warning != nil { parts.append("partial") }
      return parts.joined(separator: " ")
    }
  }

  private func drawAbsence(in rect: Rect, on canvas: inout Canvas) {
    guard let overview else { return }
    let held = overview.allocated.sorted { $0.key < $1.key }.map { "\($0.value)x\($0.key)" }
    let holds = held.isEmpty ? "" : "; held: " + held.joined(separator: " ")
    let text: String
    switch overview.source {
    case .notConfigured: text = "no source: set VIGIE_METRICS_URL to a Prometheus\(holds)"
    case .waiting(let host): text = "waiting for \(host)\(holds)"
    case .failing(let host, let reason, _): text = "\(host): \(reason)\(holds)"
    case .live: text = "the source knows no GPU\(holds)"
    }
    canvas.writeClipped(text, at: rect.x + 1, rect.y, width: rect.width - 2, .dim)
  }
}

/// One GPU as a line of a table.
struct AcceleratorLine {
  let row: AcceleratorRow
  let isChosen: Bool

  func draw(in rect: Rect, on canvas: inout Canvas) {
    let sample = row.sample
    var x = rect.x
    let y = rect.y
    func put(_ text: String, _ columns: Int, _ role: Role, on canvas: inout Canvas) {
      canvas.writeClipped(text, at: x, y, width: columns, role)
      x += columns + 1
    }
    func right(_ text: String, _ columns: Int, on canvas: inout Canvas) {
      canvas.writeTrailing(text, endingAt: x + columns, y)
      x += columns + 1
    }
    put(isChosen ? ">" : "", 1, .header, on: &canvas)
    put(word, 7, role, on: &canvas)
    put(sample.model, 10, .text, on: &canvas)
    put("\(sample.host ?? "-")/\(sample.index ?? "-")", 12, .text, on: &canvas)
    right(Formatting.percent(sample.utilization), 4, on: &canvas)
    put(
      canvas.sparkline(row.history?.suffix(20) ?? [], width: 20, maximum: 1), 20, .graph,
      on: &canvas)
    right(
      "\(Formatting.gibibytes(sample.memoryUsed))/\(Formatting.gibibytes(sample.memoryTotal))", 7,
      on: &canvas)
    right(sample.power.map { "\(Int($0.value))W" } ?? "-", 6, on: &canvas)
    right(sample.temperature.map { "\(Int($0.value))C" } ?? "-", 5, on: &canvas)
    right(sample.errorCode.map(String.init) ?? "-", 4, on: &canvas)
    x += 1
    let idle = row.idleSince.map { " idle \(Formatting.age(from: $0, to: canvas.now))" } ?? ""
    put((row.workloadName ?? "-") + idle, max(0, rect.maxX - x), .text, on: &canvas)
  }

  private var word: String {
    switch row.use {
    case .busy: "busy"
    case .idle: "idle"
    case .loadedIdle: "loaded"
    case .empty: "empty"
    case .unknown: "????"
    }
  }

  private var role: Role {
    switch row.use {
    case .busy: .healthy
    case .idle, .loadedIdle: .idle
    case .empty: .asleep
    case .unknown: .unknown
    }
  }
}
