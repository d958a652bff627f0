import Domain
import FoundationEssentials
import Terminal

/// GPU and autoscaler in one line, where there is no room for their panes.
struct StatusStrip {
  let state: ConsoleState

  func draw(y: Int, width: Int, on canvas: inout Canvas) {
    guard let fleet = state.fleet else { return }
    let total = fleet.accelerators.groups.reduce(0) { $0 + $1.total }
    let busy = fleet.accelerators.groups.reduce(0) { $0 + $1.busy }
    var parts: [String] = []
    switch fleet.accelerators.source {
    case .notConfigured: parts.append("GPU no source")
    case .waiting: parts.append("GPU waiting")
    case .failing: parts.append("GPU OFFLINE")
    case .live: parts.append("GPU \(busy)/\(total) busy")
    }
    if let idle = fleet.accelerators.idlePerHour { parts.append("idle \(idle.formatted())/h") }
    let recent = fleet.scalingEvents.count { state.now.timeIntervalSince($0.at) <= 600 }
    canvas.writeClipped(
      " " + parts.joined(separator: ", ") + "   scaler \(recent) in 10m", at: 0, y, width: width,
      .dim)
  }
}

/// The GPUs or replicas of the chosen deployment: the selection explains itself.
struct SelectionPane {
  let state: ConsoleState

  func draw(in rect: Rect, on canvas: inout Canvas) {
    let followed = state.followed.flatMap { id in state.fleet?.row(id) }
    guard let row = followed ?? state.selectedWorkload else { return }
    canvas.rule(
      nil, "GPUS of \(Clipping.middle(Sanitizer.clean(row.name), to: 18, glyphs: canvas.glyphs))",
      detail: "follows the cursor", in: rect.top(1), isFocused: false)
    let body = rect.inset(top: 1)
    let all = state.fleet?.accelerators.rows ?? []
    let own = all.indices.lazy.filter { all[$0].workloadID == row.id }.prefix(rect.height)
      .map { all[$0] }
    guard !own.isEmpty else {
      canvas.write(
        row.usesAccelerator ? "no GPU data" : "uses no GPU", at: body.x + 1, body.y, .dim)
      return
    }
    for (line, gpu) in own.prefix(body.height).enumerated() {
      let y = body.y + line
      let sample = gpu.sample
      canvas.writeClipped(
        "\(sample.host ?? "-")/\(sample.index ?? "-")", at: body.x + 1, y, width: 11)
      canvas.writeTrailing(Formatting.percent(sample.utilization), endingAt: body.x + 17, y)
      let memory =
        "\(Formatting.gibibytes(sample.memoryUsed))/\(Formatting.gibibytes(sample.memoryTotal))G"
      canvas.writeTrailing(memory, endingAt: body.x + 25, y)
      canvas.writeTrailing(
        sample.temperature.map { "\(Int($0.value))C" } ?? "-", endingAt: body.x + 30, y)
      let room = body.width - 32
      guard room > 3 else { continue }
      canvas.write(
        canvas.sparkline(gpu.history?.suffix(room) ?? [], width: room, maximum: 1), at: body.x + 31,
        y, .graph)
    }
  }
}
