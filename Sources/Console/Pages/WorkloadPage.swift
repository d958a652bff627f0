import Domain
import FoundationEssentials
import Terminal

/// Everything about one deployment on one page that scrolls.
struct WorkloadPage {
  let state: ConsoleState

  func draw(in rect: Rect, on canvas: inout Canvas) {
    guard let page = state.page else { return }
    guard let detail = page.detail else {
      let name = state.selectedWorkload?.name ?? page.id.short
      canvas.write("reading \(Sanitizer.clean(name))", at: 1, rect.y, .dim)
      return
    }
    let row = detail.row
    let title = "\(Sanitizer.clean(row.appName))/\(Sanitizer.clean(row.name))"
    canvas.rule(
      nil, title, detail: "\(row.condition.word) \(row.statusText) \(row.note)", in: rect.top(1),
      isFocused: true)
    let lines = self.lines(detail, on: canvas)
    let height = rect.height - 1
    let first = min(page.scroll, max(0, lines.count - height))
    for (index, line) in lines.dropFirst(first).prefix(height).enumerated() {
      let y = rect.y + 1 + index
      if line.isTitle {
        canvas.rule(
          nil, line.text, detail: "", in: Rect(x: 0, y: y, width: rect.width, height: 1),
          isFocused: false)
      } else {
        canvas.writeClipped(line.text, at: 2, y, width: rect.width - 3, line.role)
      }
    }
    if lines.count > height, first + height < lines.count {
      canvas.writeTrailing(" more below ", endingAt: rect.maxX - 2, rect.maxY - 1, .dim)
    }
  }

  private struct Line {
    var text: String
    var role: Role = .text
    var isTitle = false
  }

  private func lines(_ detail: WorkloadDetail, on canvas: Canvas) -> [Line] {
    var lines = facts(detail)
    func section(_ title: String, _ rows: [Line]) {
      lines.append(Line(text: title, isTitle: true))
      lines += rows.isEmpty ? [Line(text: "none", role: .dim)] : rows
    }
    section("REGIONS", regions(detail))
    section("REPLICAS", replicas(detail))
    if detail.row.usesAccelerator { section("GPUS", accelerators(detail, on: canvas)) }
    section("REVISIONS", revisions(detail))
    section("SCALING", events(detail))
    section("JOURNAL", detail.journal.prefix(8).map(journal))
    section("EVENTS", detail.activities.prefix(8).map(activity))
    return lines
  }

  private func facts(_ detail: WorkloadDetail) -> [Line] {
    let row = detail.row
    let costs = detail.costs
    let rate = state.fleet?.costs.fixedRate
    var lines = [
      Line(
        text: "id \(row.id)   kind \(row.kind.rawValue)   machine \(row.machine ?? "-")   p99 "
          + "\(Formatting.latency(row.latencyP99))   rps \(Formatting.rate(row.requestsPerSecond))"),
      Line(
        text:
          "cost ~\(Formatting.money(costs.perHour))/h   today ~\(Formatting.money(costs.today))   "
          + "month ~\(Formatting.money(costs.monthToDate))   forecast ~\(Formatting.money(costs.forecast))"
          + (rate.map { "   \($0.text)" } ?? ""),
        role: .money),
    ]
    if let definition = detail.definition {
      let env = definition.variables.map(\.name).joined(separator: " ")
      lines.append(Line(text: "source \(definition.source.text)"))
      lines.append(
        Line(text: "scaling " + definition.scalings.map(\.text).joined(separator: ", ")))
      lines.append(
        Line(text: "env \(env)   ports \(definition.ports.joined(separator: " "))", role: .dim))
    }
    if let residency = row.residency {
      let outside = residency.outside.map { region in
        "\(region) (\(detail.jurisdictions[region] ?? "?"))"
      }.joined(separator: " ")
      lines.append(
        Line(
          text: "residency \(residency.place), policy '\(residency.policy)': "
            + (outside.isEmpty ? "kept" : "OUTSIDE in \(outside)"),
          role: outside.isEmpty ? .healthy : .critical))
    }
    if let rollout = row.rollout {
      let age = Formatting.age(from: rollout.since, to: state.now)
      lines.append(
        Line(
          text: "rollout \(rollout.revisionID.short) \(rollout.statusText) for \(age), "
            + "\(rollout.ready)/\(rollout.desired.map(String.init) ?? "-") ready",
          role: rollout.isFailing ? .critical : .changed))
    }
    if !detail.overrides.isEmpty {
      let words = detail.overrides.map { entry in
        (entry.regions.isEmpty ? "all" : entry.regions.map(\.rawValue).joined(separator: "+"))
          + "=\(entry.replicas)"
      }
      lines.append(
        Line(
          text: "override in force, autoscaling OFF: \(words.joined(separator: " "))",
          role: .warning))
    }
    return lines
  }

  private func regions(_ detail: WorkloadDetail) -> [Line] {
    detail.row.regions.map { region in
      let bounds = region.minimum.flatMap { low in region.maximum.map { "\(low)..\($0)" } } ?? "-"
      let override = region.override.map { "   override \($0)" } ?? ""
      return Line(
        text: "\(region.region) \(detail.jurisdictions[region.region] ?? "?")   "
          + "\(Formatting.replicas(region.replicas)) ready   bounds \(bounds)   "
          + "\(Formatting.money(region.hourlyCost))/h\(override)")
    }
  }

  private func replicas(_ detail: WorkloadDetail) -> [Line] {
    detail.replicas.map { replica in
      let message = replica.messages.first.map { "   \($0)" } ?? ""
      let role: Role =
        switch replica.status {
        case .healthy: .text
        case .unhealthy, .error: .critical
        case .allocating, .starting: .changed
        case .stopping, .stopped, .sleeping, .unknown: .dim
        }
      return Line(
        text: "\(replica.region) #\(replica.index.map(String.init) ?? "-")  \(replica.id.short)  "
          + "\(replica.statusText)  rev \(replica.revisionID?.short ?? "-")  "
          + "age \(Formatting.age(from: replica.createdAt, to: state.now))\(message)", role: role)
    }
  }

  private func accelerators(_ detail: WorkloadDetail, on canvas: Canvas) -> [Line] {
    detail.accelerators.map { row in
      let sample = row.sample
      let spark = canvas.sparkline(row.history?.suffix(20) ?? [], width: 20, maximum: 1)
      return Line(
        text: "\(sample.model) \(sample.host ?? "-")/\(sample.index ?? "-")  "
          + "\(Formatting.percent(sample.utilization)) \(spark)  "
          + "\(Formatting.gibibytes(sample.memoryUsed))/\(Formatting.gibibytes(sample.memoryTotal)) GB  "
          + "\(sample.power.map { "\(Int($0.value))W" } ?? "-")  "
          + "\(sample.temperature.map { "\(Int($0.value))C" } ?? "-")  \(row.use.rawValue)",
        role: row.use == .busy ? .text : .idle)
    }
  }

  private func revisions(_ detail: WorkloadDetail) -> [Line] {
    detail.revisions.prefix(8).map { row in
      Line(
        text: RevisionLine(row: row, now: state.now).text,
        role: RevisionLine(row: row, now: state.now).role)
    }
  }

  private func events(_ detail: WorkloadDetail) -> [Line] {
    detail.scalingEvents.prefix(8).map { event in
      let from = event.from.map(String.init) ?? "-"
      let to = event.to.map(String.init) ?? "-"
      return Line(
        text: "\(Formatting.clock(event.at))  \(event.region?.rawValue ?? "all")  \(from)>\(to)  "
          + "\(event.kind.rawValue) by \(event.actor.rawValue)")
    }
  }

  private func journal(_ entry: JournalEntry) -> Line {
    Line(
      text:
        "\(Formatting.clock(entry.at))  \(entry.request.verb) \(entry.summary)  by \(entry.actor)")
  }

  private func activity(_ activity: Activity) -> Line {
    let message = activity.messages.first.map { ": \($0)" } ?? ""
    return Line(
      text: "\(Formatting.clock(activity.at))  \(activity.objectType) \(activity.verb)\(message)",
      role: activity.verb == "failed" ? .critical : .text)
  }
}

/// A revision in words: which, how old, why, what, and how long it served.
struct RevisionLine {
  let row: RevisionRow
  let now: Date

  var text: String {
    let revision = row.revision
    let mark = row.isActive ? "*" : " "
    let what = revision.commit.map { String($0.prefix(8)) } ?? revision.definition.source.text
    let healthy = row.healthyFor.map {
      "healthy \(Formatting.age(seconds: Double($0.components.seconds)))"
    }
    return "\(mark) \(revision.id.short)  \(revision.statusText)  "
      + "\(Formatting.age(from: revision.createdAt, to: now)) ago  \(revision.trigger.rawValue)  \(what)  "
      + (row.isActive ? "serves now" : healthy ?? "never seen healthy")
  }

  var role: Role {
    if row.revision.status.isFailed { return .critical }
    if row.revision.status.isRollingOut { return .changed }
    return row.isActive ? .healthy : .text
  }
}
