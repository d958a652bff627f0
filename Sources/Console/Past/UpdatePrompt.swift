import Domain
import FoundationEssentials
import Terminal

func handlePrompt(
  _ key: Key, _ current: PromptState, _ state: inout ConsoleState
) -> [Effect] {
  var prompt = current
  prompt.problem = nil
  switch key {
  case .escape:
    state.overlay = nil
    return []
  case .backspace:
    if prompt.text.isEmpty {
      state.overlay = nil
      return []
    }
    prompt.text = String(prompt.text.dropLast())
  case .control("u"): prompt.text = ""
  case .tab, .right:
    // Only the words of the form; what stands for a name or a time is typed by hand.
    let rest = PromptCommand.completion(of: prompt.text)
    prompt.text += String(rest.prefix { !$0.isUppercase && $0 != "[" && $0 != "-" })
  case .character(let character): if prompt.text.count < 300 { prompt.text.append(character) }
  case .enter: return run(prompt, &state)
  default: return []
  }
  state.overlay = .prompt(prompt)
  return []
}

private func run(_ prompt: PromptState, _ state: inout ConsoleState) -> [Effect] {
  let now = state.past?.liveNow ?? state.now
  let command: PromptCommand
  do throws(PromptCommand.Problem) {
    command = try PromptCommand.parse(prompt.text, now: now)
  } catch {
    state.overlay = .prompt(PromptState(text: prompt.text, problem: error.text))
    return []
  }
  state.overlay = nil
  switch command {
  case .at(let instant): return goBack(to: instant, &state)
  case .now: return comeBack(&state)
  case .changes(let from, let name):
    if let name, named(name, state) == nil { return unknown(name, prompt, &state) }
    return openChanges(from: from, to: now, of: name.flatMap { named($0, state) }, &state)
  case .timeline(let filter): return openTimeline(filter, &state)
  case .incident(let command): return [.incident(command)]
  case .speed(let speed):
    guard state.past?.speed != nil else {
      tell("only a replay has a speed", .warning, &state)
      return []
    }
    state.setting.replaySpeed = speed
    if state.past?.speed != 0 { state.past?.speed = speed }
  case .policy(let name):
    if let name {
      guard let row = named(name, state) else { return unknown(name, prompt, &state) }
      return openPolicy(row.id, &state)
    }
    return openPolicy(state.selectedWorkload?.id, &state)
  case .journal: state.overlay = .journal(JournalList())
  case .help: state.overlay = .help(scroll: 0)
  case .refresh: return [.refresh, .repaint]
  case .quit: return [.quit]
  case .open(let name):
    guard let row = named(name, state) else { return unknown(name, prompt, &state) }
    state.page = PageState(id: row.id)
    if let past = state.past { return [.look(past.instant, row.id)] }
    return [.watchWorkload(row.id), .focus([row.id])]
  case .scale(let name): return runAction(.scale, name, prompt, &state)
  case .rollback(let name): return runAction(.rollback, name, prompt, &state)
  case .act(let action, let name): return runAction(action, name, prompt, &state)
  case .undo(let number):
    guard !refusesInPast(.undo, &state) else { return [] }
    guard let number else { return openUndo(&state) }
    guard let entry = state.journal.first(where: { $0.id == number }) else {
      tell("the journal shown has no entry \(number): @ lists them", .warning, &state)
      return []
    }
    return undo(entry, &state)
  }
  return []
}

/// On the deployment of that name; without one on what is marked, or under the cursor.
private func runAction(
  _ action: RowAction, _ name: String?, _ prompt: PromptState, _ state: inout ConsoleState
) -> [Effect] {
  guard !refusesInPast(.restart, &state) else { return [] }
  guard let name else { return act(action, &state) }
  guard let row = named(name, state) else { return unknown(name, prompt, &state) }
  choose(row, &state)
  return act(action, on: row, &state)
}

/// Which policies hold for a deployment, or what there is of them.
private func openPolicy(_ id: WorkloadID?, _ state: inout ConsoleState) -> [Effect] {
  state.overlay = .policy(PolicyOverlay(id: id))
  return [.readPolicy(id)]
}

/// Puts the cursor on a deployment, whatever filter hides it.
private func choose(_ row: WorkloadRow, _ state: inout ConsoleState) {
  state.page = nil
  state.focus = .deployments
  if !state.ids(of: .deployments).contains(ObjectID(row.id)) {
    setFilterNow(.deployments, "", &state)
  }
  state[list: .deployments].selected = ObjectID(row.id)
}

private func named(_ name: String, _ state: ConsoleState) -> WorkloadRow? {
  let rows = state.fleet?.workloads ?? []
  return rows.first { $0.name == name || "\($0.appName)/\($0.name)" == name }
}

private func unknown(
  _ name: String, _ prompt: PromptState, _ state: inout ConsoleState
) -> [Effect] {
  state.overlay = .prompt(
    PromptState(text: prompt.text, problem: "no deployment is named '\(name)'"))
  return []
}

func handleChanges(
  _ key: Key, _ current: ChangesList, _ state: inout ConsoleState
) -> [Effect] {
  var list = current
  switch key {
  case .escape, .character("q"), .enter, .character("d"):
    state.overlay = nil
    return []
  case .down, .character("j"): list.scroll += 1
  case .up, .character("k"): list.scroll = max(0, list.scroll - 1)
  case .pageDown, .control("f"): list.scroll += 10
  case .pageUp, .control("b"): list.scroll = max(0, list.scroll - 10)
  default: return []
  }
  list.scroll = min(list.scroll, max(0, (list.changes?.count ?? 0) * 2))
  state.overlay = .changes(list)
  return []
}
