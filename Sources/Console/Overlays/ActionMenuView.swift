import Domain
import Terminal

/// The actions with their keys, and why one cannot be done.
struct ActionMenuView {
  let state: ConsoleState
  let menu: ActionMenu

  func draw(size: Size, on canvas: inout Canvas) {
    let choices = menu.choices(in: state)
    var lines = choices.enumerated().map { index, choice in
      DialogBox.Line(
        text: text(choice), role: choice.obstacle == nil ? .dialog : .dim,
        isChosen: index == min(menu.selected, choices.count - 1))
    }
    if lines.isEmpty { lines = [DialogBox.Line(text: "no action has these letters", role: .dim)] }
    lines.insert(
      DialogBox.Line(
        text: menu.filter.isEmpty ? "type to narrow" : "narrowed by: \(menu.filter)_", role: .dim),
      at: 0)
    DialogBox(
      title: title, lines: lines,
      foot: "up down choose  enter preview, nothing is sent yet  esc "
        + (menu.filter.isEmpty ? "close" : "all"),
      scroll: max(0, menu.selected + 7 - size.height)
    ).draw(size: size, on: &canvas)
  }

  private var title: String {
    switch menu.subject {
    case .one(_, let name): "ACTIONS \(Sanitizer.clean(name))"
    case .marked: "ACTIONS \(state.marks.count) marked"
    }
  }

  private func text(_ choice: ActionMenu.Choice) -> String {
    let key = choice.action.key
    let pad = String(repeating: " ", count: max(1, 11 - key.count))
    return key + pad + choice.action.title + (choice.obstacle.map { " - \($0)" } ?? "")
  }
}
