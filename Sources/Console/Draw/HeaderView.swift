import Domain
import FoundationEssentials
import Terminal

/// The first line: is it current, what does it cost, how bad is it.
struct HeaderView {
  let state: ConsoleState

  func draw(in rect: Rect, on canvas: inout Canvas) {
    let isWide = rect.width >= 78
    var x = 1
    x += canvas.write("vigie ", at: x, rect.y, .title)
    let name = Clipping.middle(
      Sanitizer.clean(state.setting.contextName), to: isWide ? 18 : 10, glyphs: canvas.glyphs)
    x += canvas.write(name + " ", at: x, rect.y, .header)
    if state.setting.isReadOnly { x += canvas.write("READ-ONLY ", at: x, rect.y, .warning) }
    if let past = state.past {
      x += drawPast(past, at: x, y: rect.y, isWide: isWide, on: &canvas)
      drawRight(endingAt: rect.maxX - 1, y: rect.y, from: x + 1, on: &canvas)
      return
    }
    if let incident = state.fleet?.incident {
      let age = Formatting.age(from: incident.startedAt, to: state.now)
      x += canvas.write("INCIDENT \(age) ", at: x, rect.y, .critical)
    }
    let freshness = self.freshness
    x += canvas.write(" " + freshness.text, at: x, rect.y, freshness.role)
    if state.duty == .elsewhere { x += canvas.write(" follows", at: x, rect.y, .dim) }
    x += canvas.write("  " + Formatting.clock(state.now, seconds: false) + "Z", at: x, rect.y, .dim)
    drawRight(endingAt: rect.maxX - 1, y: rect.y, from: x + 1, on: &canvas)
  }

  /// In words and in colour that this is not now: `PAST 02:58:31Z  -14m10s  (read only)`.
  private func drawPast(
    _ past: PastState, at start: Int, y: Int, isWide: Bool, on canvas: inout Canvas
  ) -> Int {
    let shown = past.shown ?? past.instant
    let distance = Formatting.age(seconds: max(0, past.liveNow.timeIntervalSince(shown)))
    let word = past.speed.map { $0 > 0 ? "REPLAY x\(Int($0))" : "REPLAY stopped" } ?? "PAST"
    let tail = past.speed == nil ? "  -\(distance)" : ""
    var text = " \(word) \(Formatting.clock(shown))Z\(tail) "
    if isWide { text += "(read only) " }
    return canvas.write(text, at: start, y, .past)
  }

  /// In words and in colour: `LIVE <5s`, `OLD 40s`, `OFFLINE 3m`, `SYNC 4,200 of 10,000`.
  private var freshness: (text: String, role: Role) {
    guard let fleet = state.fleet else { return ("STARTING", .dim) }
    let sync = fleet.sync.first { $0.resource == .workloads }
    if let progress = fleet.sync.compactMap(\.progress).first(where: { $0.total ?? 0 > 100 }),
      sync?.completedAt == nil || progress.done < (progress.total ?? 0),
      sync?.completedAt == nil
    {
      let total = progress.total.map { " of \(Formatting.count($0))" } ?? ""
      return ("SYNC \(Formatting.count(progress.done))\(total)", .changed)
    }
    guard let sync, let completed = sync.completedAt else {
      return sync?.failure == nil ? ("SYNC first", .changed) : ("OFFLINE no data", .critical)
    }
    // A large fleet's whole list is read every few minutes; between, the feed tells of changes.
    let feed = fleet.sync.first { $0.resource == .activities }
    let pulse = [sync, feed].compactMap { $0 }.min { $0.interval < $1.interval } ?? sync
    let newest = max(completed, pulse.completedAt ?? completed)
    let age = Formatting.coarseAge(from: newest, to: state.now)
    if sync.failure != nil || pulse.failure != nil { return ("OFFLINE \(age)", .critical) }
    return sync.isStale(at: state.now) || pulse.isStale(at: state.now)
      ? ("OLD \(age)", .warning) : ("LIVE \(age)", .healthy)
  }

  private func drawRight(endingAt end: Int, y: Int, from start: Int, on canvas: inout Canvas) {
    // Of an instant that was not recorded nothing is counted: a 0 would be a claim.
    guard let fleet = state.fleet, !fleet.recording.isGap else { return }
    var parts: [(String, Role)] = []
    let costs = fleet.costs
    if let rate = costs.total.perHour {
      parts.append(("\(costs.currency.code) \(rate.formatted())/h", .money))
    } else {
      parts.append(("cost -", .dim))
    }
    if let idle = fleet.accelerators.idlePerHour, idle.isPositive {
      parts.append(("idle \(idle.formatted())/h", .idle))
    }
    let critical = fleet.findings.count { $0.severity == .critical }
    let warning = fleet.findings.count { $0.severity == .warning }
    parts.append(("CRIT \(critical)", critical > 0 ? .critical : .dim))
    parts.append(("WARN \(warning)", warning > 0 ? .warning : .dim))
    var width = parts.reduce(0) { $0 + DisplayWidth.of($1.0) + 2 } - 2
    while width > end - start, parts.count > 2 {
      let dropped = parts.count > 3 ? parts.remove(at: 1) : parts.remove(at: 0)
      width -= DisplayWidth.of(dropped.0) + 2
    }
    var x = end - width
    for part in parts { x += canvas.write(part.0, at: x, y, part.1) + 2 }
  }
}
