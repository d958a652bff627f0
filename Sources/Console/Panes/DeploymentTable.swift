import Domain
import FoundationEssentials
import Terminal

/// The columns of the deployments, as many as there is room for; the state and the name never go.
struct DeploymentTable {
  let width: Int
  let currency: Currency
  /// Whether some policy says where deployments must stay.
  var hasResidency = false

  /// The columns that say which deployment it is, from the marker to the replicas.
  var identityWidth: Int {
    3 + (showsWords ? 6 : 0) + nameWidth + 1 + 6 + (showsResidency ? 8 : 0) + 5
  }

  private var showsWords: Bool { width >= 72 }
  private var showsResidency: Bool { hasResidency && width >= 96 }
  private var spark: Int {
    width >= 120
      ? (showsResidency && width < 150 ? 12 : 20) : width >= 84 ? 10 : width >= 72 ? 8 : 0
  }
  private var showsRate: Bool { width >= 96 }
  private var showsRevision: Bool { width >= 120 }
  private var showsTrend: Bool { width >= 130 }
  private var machineWidth: Int { width >= 120 ? 9 : 6 }
  private var noteWidth: Int { width >= 120 ? 16 : width >= 72 ? 10 : 0 }

  /// What is left for the name, once all other columns have theirs.
  private var nameWidth: Int {
    var rest = width - 3 - (showsWords ? 6 : 0) - 6 - 6 - (machineWidth + 1) - 5 - 7 - 9
    if spark > 0 { rest -= spark + 1 }
    if showsRate { rest -= 6 }
    if showsResidency { rest -= 8 }
    if showsTrend { rest -= 13 }
    if showsRevision { rest -= 14 }
    if noteWidth > 0 { rest -= noteWidth + 1 }
    return max(6, rest)
  }

  func drawHeader(at x: Int, _ y: Int, on canvas: inout Canvas) {
    var cursor = x + 3
    if showsWords {
      canvas.write("STATE", at: cursor, y, .dim)
      cursor += 6
    }
    put("NAME", nameWidth, at: &cursor, y, &canvas)
    put("REG", 5, at: &cursor, y, &canvas)
    if showsResidency { put("RESIDES", 7, at: &cursor, y, &canvas) }
    putRight("REPL", 5, at: &cursor, y, &canvas)
    put("GPU", machineWidth, at: &cursor, y, &canvas)
    putRight("UTIL", 4, at: &cursor, y, &canvas)
    if spark > 0 { put("past", spark, at: &cursor, y, &canvas) }
    putRight("P99", 6, at: &cursor, y, &canvas)
    if showsRate { putRight("RPS", 5, at: &cursor, y, &canvas) }
    if showsTrend { put("past", 12, at: &cursor, y, &canvas) }
    putRight("\(currency.code)/h", 8, at: &cursor, y, &canvas)
    if showsRevision { put("REV       AGE", 13, at: &cursor, y, &canvas) }
    if noteWidth > 0 { put("NOTE", noteWidth, at: &cursor, y, &canvas) }
  }

  func draw(
    _ row: WorkloadRow, pending: String?, isChosen: Bool, isMarked: Bool, at x: Int, _ y: Int,
    on canvas: inout Canvas
  ) {
    let role = row.condition.role
    canvas.write(isChosen ? ">" : " ", at: x, y, .header)
    canvas.write(row.condition.symbol, at: x + 1, y, role)
    if isMarked { canvas.write("*", at: x + 2, y, .changed) }
    var cursor = x + 3
    if showsWords {
      canvas.write(row.condition.word, at: cursor, y, role)
      cursor += 6
    }
    let name = Clipping.middle(Sanitizer.clean(row.name), to: nameWidth, glyphs: canvas.glyphs)
    put(name, nameWidth, at: &cursor, y, &canvas, row.condition == .critical ? .critical : .text)
    put(region(row), 5, at: &cursor, y, &canvas)
    if showsResidency { putResidency(row.residency, at: &cursor, y, &canvas) }
    putRight(
      row.kind == .database ? Formatting.unknown : Formatting.replicas(row.replicas), 5,
      at: &cursor,
      y, &canvas)
    let machine = Clipping.tail(
      row.machine ?? Formatting.unknown, to: machineWidth, glyphs: canvas.glyphs)
    put(machine, machineWidth, at: &cursor, y, &canvas, row.usesAccelerator ? .text : .dim)
    putRight(
      row.usesAccelerator ? Formatting.percent(row.utilization) : "", 4, at: &cursor, y, &canvas)
    if spark > 0 {
      let values = row.utilizationHistory?.suffix(spark) ?? []
      put(
        canvas.sparkline(values, width: spark, maximum: 1), spark, at: &cursor, y, &canvas, .graph)
    }
    putRight(Formatting.latency(row.latencyP99), 6, at: &cursor, y, &canvas)
    if showsRate { putRight(Formatting.rate(row.requestsPerSecond), 5, at: &cursor, y, &canvas) }
    if showsTrend {
      let values = row.requestsHistory?.suffix(12) ?? []
      let top = values.compactMap { $0 }.max() ?? 0
      put(
        canvas.sparkline(values, width: 12, maximum: top), 12, at: &cursor, y, &canvas, .graph)
    }
    putRight(Formatting.money(row.hourlyCost), 8, at: &cursor, y, &canvas, .money)
    if showsRevision {
      let revision = row.revisionID?.short ?? Formatting.unknown
      let age = Formatting.age(from: row.revisionCreatedAt, to: canvas.now)
      put(revision, 8, at: &cursor, y, &canvas, .dim)
      putRight(age, 4, at: &cursor, y, &canvas, .dim)
    }
    guard noteWidth > 0 else { return }
    let note = pending.map { "\($0) sent" } ?? progress(row)
    put(
      Clipping.tail(Sanitizer.clean(note), to: noteWidth, glyphs: canvas.glyphs), noteWidth,
      at: &cursor, y, &canvas, pending == nil ? role : .changed)
  }

  /// Where it must stay, or where it is instead.
  private func putResidency(
    _ residency: Residency?, at cursor: inout Int, _ y: Int, _ canvas: inout Canvas
  ) {
    let more = (residency?.outside.count ?? 0) - 1
    if let first = residency?.outside.first {
      let text = "!\(first)" + (more > 0 ? "+\(more)" : "")
      put(Clipping.tail(text, to: 7, glyphs: canvas.glyphs), 7, at: &cursor, y, &canvas, .critical)
      return
    }
    let place = residency?.required.joined(separator: "+") ?? ""
    put(Clipping.tail(place, to: 7, glyphs: canvas.glyphs), 7, at: &cursor, y, &canvas, .healthy)
  }

  /// A rollout tells how far it is.
  private func progress(_ row: WorkloadRow) -> String {
    guard let rollout = row.rollout, !rollout.isFailing, noteWidth >= 14 else { return row.note }
    return "\(row.note) \(rollout.ready)/\(rollout.desired.map(String.init) ?? "-")"
  }

  private func region(_ row: WorkloadRow) -> String {
    guard let first = row.regions.first else { return Formatting.unknown }
    return row.regions.count > 1
      ? "\(first.region)+\(row.regions.count - 1)" : first.region.rawValue
  }

  private func put(
    _ text: String, _ columns: Int, at cursor: inout Int, _ y: Int, _ canvas: inout Canvas,
    _ role: Role? = nil
  ) {
    canvas.write(text, at: cursor, y, role ?? .text, width: columns)
    cursor += columns + 1
  }

  private func putRight(
    _ text: String, _ columns: Int, at cursor: inout Int, _ y: Int, _ canvas: inout Canvas,
    _ role: Role = .text
  ) {
    // A number is never cut: what does not fit shows that it does not.
    let shown = text.count > columns ? String(repeating: "#", count: columns) : text
    canvas.writeTrailing(shown, endingAt: cursor + columns, y, role)
    cursor += columns + 1
  }
}
