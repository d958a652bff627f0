package import Domain
import FoundationEssentials
import Terminal

/// What there is of policies, as lines: the same on the screen and in what a script prints.
package struct PolicyLines {
  struct Line {
    var text: String
    var role: Role = .dialog
  }

  private let report: PolicyReport

  package init(_ report: PolicyReport) {
    self.report = report
  }

  package var text: String { lines.map { Sanitizer.clean($0.text) }.joined(separator: "\n") }

  package var title: String {
    let subject = report.subject.map { "\($0.app)/\($0.workload)" } ?? "of the whole fleet"
    return "POLICY \(Sanitizer.clean(subject))"
  }

  var lines: [Line] {
    var lines: [Line] = []
    if let defect = report.defect { lines.append(Line(text: defect, role: .critical)) }
    if report.rules.isEmpty, report.defect == nil {
      lines.append(Line(text: "no policy is configured", role: .dim))
    }
    // What holds comes first.
    for rule in report.rules where rule.holds != false { lines += self.lines(rule) }
    for rule in report.rules where rule.holds == false { lines += self.lines(rule) }
    lines += residency
    let places = report.places.map { place in
      "\(place.region) \(place.jurisdiction ?? "?")" + (place.isOutside ? " outside" : "")
    }
    if !places.isEmpty {
      lines.append(Line(text: "regions  " + places.joined(separator: ", ")))
    }
    return lines
  }

  private func lines(_ rule: PolicyReport.Rule) -> [Line] {
    let mark = rule.holds.map { $0 ? "holds   " : "not here" } ?? "is there"
    let why = rule.obstacle ?? "matches \(rule.match)"
    let role: Role = rule.holds == false ? .dim : .dialogTitle
    var lines = [Line(text: "\(mark)  \(rule.name): \(why)", role: role)]
    guard rule.holds != false else { return lines }
    lines += rule.effects.map { Line(text: "          \($0)") }
    if let freeze = rule.freeze {
      lines.append(
        Line(text: "          \(freeze.words)", role: freeze == .open ? .healthy : .critical))
    }
    return lines
  }

  private var residency: [Line] {
    guard let residency = report.residency else { return [] }
    guard !residency.outside.isEmpty else {
      return [Line(text: "residency  kept: it is in \(residency.place)", role: .healthy)]
    }
    let outside = residency.outside.map(\.rawValue).joined(separator: ", ")
    return [
      Line(
        text: "residency  OUTSIDE \(residency.place): \(outside), policy '\(residency.policy)'",
        role: .critical)
    ]
  }
}

/// The policies over the screen.
struct PolicyView {
  let policy: PolicyOverlay

  func draw(size: Size, on canvas: inout Canvas) {
    guard let report = policy.report else {
      DialogBox(
        title: "POLICY", lines: [DialogBox.Line(text: "reading", role: .dim)], foot: "esc close"
      ).draw(size: size, on: &canvas)
      return
    }
    let lines = PolicyLines(report)
    DialogBox(
      title: lines.title, lines: lines.lines.map { DialogBox.Line(text: $0.text, role: $0.role) },
      foot: "esc close   up down scroll", scroll: policy.scroll
    ).draw(size: size, on: &canvas)
  }
}
