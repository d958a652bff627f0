/// The differences between two definitions, field by field, without a secret.
package enum DefinitionDiff {
  package static func changes(
    from old: Definition, to new: Definition
  ) -> [ActionPlan.DefinitionChange] {
    var changes: [ActionPlan.DefinitionChange] = []
    func compare(_ field: String, _ before: String, _ after: String) {
      guard before != after else { return }
      changes.append(
        ActionPlan.DefinitionChange(
          field: field, old: before.isEmpty ? nil : before, new: after.isEmpty ? nil : after))
    }
    compare("source", old.source.text, new.source.text)
    compare("regions", list(old.regions), list(new.regions))
    compare("type", types(old), types(new))
    compare("scaling", scalings(old), scalings(new))
    compare("ports", old.ports.joined(separator: " "), new.ports.joined(separator: " "))
    compare("routes", old.routes.joined(separator: " "), new.routes.joined(separator: " "))
    compare(
      "files", old.configFiles.joined(separator: " "), new.configFiles.joined(separator: " "))
    compare("strategy", old.strategy ?? "", new.strategy ?? "")
    return changes + variables(old.variables, new.variables)
  }

  private static func list(_ regions: [RegionID]) -> String {
    regions.map(\.rawValue).sorted().joined(separator: " ")
  }

  private static func types(_ definition: Definition) -> String {
    definition.types.map { choice in
      choice.type.rawValue + (choice.regions.isEmpty ? "" : " in " + list(choice.regions))
    }.joined(separator: ", ")
  }

  private static func scalings(_ definition: Definition) -> String {
    definition.scalings.map(\.text).joined(separator: ", ")
  }

  private static func variables(
    _ old: [Definition.Variable], _ new: [Definition.Variable]
  ) -> [ActionPlan.DefinitionChange] {
    let before = Dictionary(old.map { ($0.name, $0) }, uniquingKeysWith: { _, last in last })
    let after = Dictionary(new.map { ($0.name, $0) }, uniquingKeysWith: { _, last in last })
    return Set(before.keys).union(after.keys).sorted().compactMap { name in
      let was = before[name]
      let becomes = after[name]
      guard was != becomes else { return nil }
      return ActionPlan.DefinitionChange(
        field: "env \(name)", old: was.map { describe($0) },
        new: becomes.map { was == nil ? describe($0) : describe($0) + " (changed)" })
    }
  }

  /// Never the value: a name of a secret, or that there is one.
  private static func describe(_ variable: Definition.Variable) -> String {
    variable.secretName.map { "secret \($0)" } ?? "set"
  }
}

extension Definition.Scaling {
  /// `2..8 rps 40`, with the regions where they are not all.
  package var text: String {
    let bounds = minimum == maximum ? "\(minimum)" : "\(minimum)..\(maximum)"
    let parts = [bounds] + targets.map(\.text)
    let scope = regions.isEmpty ? "" : " in " + regions.map(\.rawValue).joined(separator: " ")
    return parts.joined(separator: " ") + scope
  }
}

extension Definition.Scaling.Target {
  package var text: String {
    switch self {
    case .processor(let percent): "cpu \(percent)%"
    case .memory(let percent): "mem \(percent)%"
    case .requestsPerSecond(let value): "rps \(value)"
    case .concurrentRequests(let value): "concurrent \(value)"
    case .responseTime(let milliseconds, let quantile): "p\(quantile) \(milliseconds)ms"
    case .idle(let deep, let light):
      "sleep after \(deep ?? light ?? 0)s"
    }
  }
}
