import Domain
import Terminal

/// The columns of the timeline, as many as there is room for.
///
/// First who did it and the deployment go into the words, then the kind becomes a letter and goes,
/// then the region; the time and what happened never go.
struct TimelineColumns {
  let width: Int
  let glyphs: GlyphSet

  private var actorWidth: Int { width >= 150 ? 18 : width >= 110 ? 11 : 0 }
  private var nameWidth: Int { width >= 150 ? 28 : width >= 100 ? 18 : 0 }
  private var kindWidth: Int { width >= 64 ? 7 : width >= 50 ? 1 : 0 }
  private var regionWidth: Int { width >= 150 ? 14 : width >= 42 ? 5 : 0 }

  private var textWidth: Int {
    [actorWidth, nameWidth, kindWidth, regionWidth].filter { $0 > 0 }
      .reduce(width - 2 - 9) { $0 - $1 - 1 }
  }

  var header: String {
    line([
      ("  TIME", 10), ("KIND", kindWidth), ("REG", regionWidth), ("DEPLOYMENT", nameWidth),
      ("WHAT", textWidth), ("BY", actorWidth),
    ])
  }

  /// Whether what happened is longer than its column.
  func isCut(_ entry: TimelineEntry) -> Bool { DisplayWidth.of(words(entry)) > textWidth }

  private func words(_ entry: TimelineEntry) -> String {
    TimelineView.words(entry, name: nameWidth == 0, actor: actorWidth == 0)
  }

  func line(_ entry: TimelineEntry, isChosen: Bool) -> String {
    let time = (isChosen ? "> " : "  ") + Formatting.clock(entry.at)
    let kind = kindWidth == 1 ? String(entry.mark) : entry.kind.rawValue
    let name = Clipping.middle(Sanitizer.clean(entry.workloadName), to: nameWidth, glyphs: glyphs)
    return line([
      (time, 10), (kind, kindWidth), (entry.region?.rawValue ?? "", regionWidth),
      (name, nameWidth), (words(entry), textWidth), (entry.actor ?? "", actorWidth),
    ])
  }

  private func line(_ cells: [(text: String, width: Int)]) -> String {
    cells.filter { $0.width > 0 }.map { cell in
      let text = Clipping.tail(Sanitizer.clean(cell.text), to: cell.width, glyphs: glyphs)
      return text + String(repeating: " ", count: max(0, cell.width - DisplayWidth.of(text)))
    }.joined(separator: " ")
  }
}
