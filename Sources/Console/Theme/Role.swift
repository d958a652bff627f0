/// What a part of the screen is for; themes give roles their looks.
package enum Role: String, Sendable, CaseIterable {
  case text, dim, title, line, header, past
  case critical, warning, healthy, idle, unknown, asleep
  case money, graph, key, selection, changed, dialog
  case dialogTitle = "dialog_title"
}
