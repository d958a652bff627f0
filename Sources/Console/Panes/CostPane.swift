import Domain
import FoundationEssentials
import Terminal

/// What each region costs, and zoomed, each deployment; all of it an estimate from list prices.
struct CostPane {
  let state: ConsoleState

  private var costs: CostOverview? { state.fleet?.costs }

  func drawStrip(in rect: Rect, on canvas: inout Canvas) {
    rule(in: rect.top(1), on: &canvas)
    guard let costs, costs.pricedAt != nil else {
      return drawAbsence(in: rect.inset(top: 1), on: &canvas)
    }
    var x = rect.x + 1
    for region in costs.regions {
      let text =
        "\(region.region) \(region.jurisdiction ?? "?") \(Formatting.money(region.figures.perHour))"
      guard x + text.count < rect.maxX - 2 else {
        canvas.write("+", at: rect.maxX - 1, rect.y + 1, .dim)
        break
      }
      x += canvas.write(text, at: x, rect.y + 1, .money) + 3
    }
  }

  func draw(in rect: Rect, on canvas: inout Canvas) {
    rule(in: rect.top(1), on: &canvas)
    let body = rect.inset(top: 1)
    guard let costs, costs.pricedAt != nil else { return drawAbsence(in: body, on: &canvas) }
    let footer = body.height >= 4 ? 2 : 0
    let most = costs.regions.compactMap { $0.figures.perHour?.amount }.max() ?? 0
    let rows = max(0, body.height - footer)
    for (line, region) in costs.regions.prefix(rows).enumerated() {
      let y = body.y + line
      canvas.write("\(region.region)", at: body.x + 1, y, .text, width: 5)
      canvas.write(region.jurisdiction ?? "?", at: body.x + 6, y, .dim, width: 3)
      canvas.writeTrailing(
        Formatting.money(region.figures.perHour), endingAt: body.x + 17, y, .money)
      let room = body.width - 20
      guard room > 0, most > 0, let amount = region.figures.perHour?.amount else { continue }
      let share = Double("\(amount / most)") ?? 0
      let length = max(amount > 0 ? 1 : 0, Int((share * Double(room)).rounded()))
      canvas.write(
        String(repeating: canvas.glyphs.bar, count: min(room, length)), at: body.x + 18, y, .graph)
    }
    guard footer > 0 else { return }
    let line = body.y + min(costs.regions.count, rows)
    let total = costs.total
    canvas.writeClipped(
      "today ~\(Formatting.money(total.today)) \(canvas.glyphs.dot) month ~\(Formatting.money(total.monthToDate, digits: 0))",
      at: body.x + 1, line, width: body.width - 2, .money)
    canvas.writeClipped(
      "forecast ~\(Formatting.money(total.forecast, digits: 0))\(unpriced)", at: body.x + 1,
      line + 1,
      width: body.width - 2, .dim)
  }

  func drawZoomed(in rect: Rect, on canvas: inout Canvas) {
    rule(in: rect.top(1), on: &canvas)
    let body = rect.inset(top: 1)
    guard let costs, costs.pricedAt != nil else { return drawAbsence(in: body, on: &canvas) }
    let upper = min(costs.regions.count + 2, body.height / 3)
    canvas.write(
      "REGION      REPLICAS       NOW/h        TODAY   MONTH TO DATE      FORECAST     IDLE/h",
      at: body.x + 1, body.y, .dim, width: body.width - 1)
    for (line, region) in costs.regions.prefix(max(0, upper - 1)).enumerated() {
      figures(
        "\(region.region) \(region.jurisdiction ?? "?")", "\(region.runningReplicas)",
        region.figures,
        idle: region.idlePerHour, y: body.y + 1 + line, x: body.x + 1, on: &canvas)
    }
    let budgets = BudgetLines(budgets: costs.budgets)
    let section = budgets.height(in: body.height)
    budgets.draw(
      in: Rect(x: body.x, y: body.y + upper, width: body.width, height: section), on: &canvas)
    let top = body.y + upper + section
    let priced = costs.pricedAt.map { Formatting.age(from: $0, to: canvas.now) } ?? "-"
    canvas.rule(
      nil, "BY DEPLOYMENT", detail: "estimate: seconds run x list price read \(priced) ago",
      in: Rect(
        x: body.x, y: top, width: body.width, height: 1), isFocused: false)
    let order = state.costOrder
    let chart = body.height >= 24 ? body.height / 4 : 0
    drawChart(
      in: Rect(x: body.x, y: body.maxY - chart, width: body.width, height: chart), on: &canvas)
    let list = Rect(
      x: body.x, y: top + 1, width: body.width, height: body.maxY - chart - top - 1)
    let index = state[list: .cost].index(in: state.ids(of: .cost))
    let first = state[list: .cost].firstRow(index: index, height: list.height, count: order.count)
    for (line, place) in order.dropFirst(first).prefix(list.height).enumerated() {
      let y = list.y + line
      guard let row = state.fleet?.workloads[place] else { continue }
      let own = costs.figures(of: row)
      let name = Clipping.middle(Sanitizer.clean(row.name), to: 14, glyphs: canvas.glyphs)
      figures(name, "\(row.replicas.ready)", own, idle: nil, y: y, x: list.x + 1, on: &canvas)
      if first + line == index {
        canvas.select(Rect(x: list.x, y: y, width: list.width, height: 1))
      }
    }
  }

  /// What the fleet has cost an hour over the last day, by the platform's meter.
  private func drawChart(in rect: Rect, on canvas: inout Canvas) {
    guard rect.height >= 4, let day = state.fleet?.day else { return }
    let code = costs?.currency.code ?? ""
    canvas.rule(
      nil, "\(code)/h OVER 24 h", detail: "metered runs x list prices, an estimate",
      in: rect.top(1), isFocused: false)
    guard let burn = day.lines[.burn] else {
      canvas.write("the platform's meter was not read yet", at: rect.x + 1, rect.y + 1, .dim)
      return
    }
    let top = burn.values.compactMap { $0 }.max() ?? 0
    Chart(
      values: burn.values, maximum: max(top, 0.01), topLabel: "\(Int(top.rounded(.up)))",
      bottomLabel: "0", startLabel: "-24h", endLabel: "now"
    ).draw(
      in: rect.inset(top: 1), style: canvas.theme[.graph], axisStyle: canvas.theme[.dim],
      glyphs: canvas.glyphs, on: &canvas.frame)
  }

  private func figures(
    _ name: String, _ replicas: String, _ figures: CostFigures, idle: Money?, y: Int, x: Int,
    on canvas: inout Canvas
  ) {
    canvas.write(name, at: x, y, .text, width: 14)
    canvas.writeTrailing(replicas, endingAt: x + 20, y)
    canvas.writeTrailing(Formatting.money(figures.perHour), endingAt: x + 32, y, .money)
    canvas.writeTrailing(Formatting.money(figures.today), endingAt: x + 45, y)
    canvas.writeTrailing(Formatting.money(figures.monthToDate), endingAt: x + 61, y)
    canvas.writeTrailing(Formatting.money(figures.forecast), endingAt: x + 75, y, .dim)
    canvas.writeTrailing(Formatting.money(idle), endingAt: x + 86, y, .idle)
  }

  private var unpriced: String {
    guard let costs, costs.unpricedReplicas > 0 else { return "" }
    return ", \(costs.unpricedReplicas) replicas without a price"
  }

  private func rule(in rect: Rect, on canvas: inout Canvas) {
    let code = costs?.currency.code ?? ""
    let total = costs?.total
    let month = Formatting.money(total?.monthToDate, digits: 0)
    let forecast = Formatting.money(total?.forecast, digits: 0)
    var parts: [String] = []
    if let rate = costs?.fixedRate {
      parts.append(rect.width >= 60 ? rate.text : "\(rate.rate)/\(rate.from.code)")
    }
    if total?.monthToDate != nil {
      parts.append(rect.width >= 60 ? "month ~\(month), forecast ~\(forecast)" : "estimate")
    }
    canvas.rule(
      4, "COST \(code)/h", detail: parts.joined(separator: ", "), in: rect,
      isFocused: state.focus == .cost)
  }

  private func drawAbsence(in rect: Rect, on canvas: inout Canvas) {
    canvas.write("no prices read yet", at: rect.x + 1, rect.y, .dim)
  }
}
