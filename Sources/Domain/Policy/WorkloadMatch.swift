/// What a policy or a budget is about: all of its parts must fit, and a part that is left out always
/// does.
package struct WorkloadMatch: Equatable, Sendable {
  /// `team=ml-*`; a key alone is any value.
  package struct Label: Hashable, Sendable {
    package let key: String
    package let value: Glob

    package init(_ text: String) {
      let parts = text.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
      key = String(parts.first ?? "")
      value = Glob(parts.count > 1 ? String(parts[1]) : "*")
    }

    var text: String { "\(key)=\(value.text)" }
  }

  package var contexts: [Glob]
  package var apps: [Glob]
  package var workloads: [Glob]
  /// All of them must hold.
  ///
  /// Koyeb has no labels, so there none ever does.
  package var labels: [Label]

  package init(
    contexts: [Glob] = [], apps: [Glob] = [], workloads: [Glob] = [], labels: [Label] = []
  ) {
    self.contexts = contexts
    self.apps = apps
    self.workloads = workloads
    self.labels = labels
  }

  package func holds(for subject: WorkloadSubject) -> Bool { obstacle(for: subject) == nil }

  /// The first part that does not fit, in words; nil when all do.
  package func obstacle(for subject: WorkloadSubject) -> String? {
    for (name, globs, value) in [
      ("context", contexts, subject.context), ("app", apps, subject.app),
      ("workload", workloads, subject.workload),
    ] where !globs.isEmpty && !globs.contains(where: { $0.matches(value) }) {
      return "\(name) '\(value)' is not \(globs.map(\.text).joined(separator: " or "))"
    }
    guard !labels.isEmpty else { return nil }
    guard let known = subject.labels else { return "this platform has no labels" }
    return labels.first { label in
      !(known[label.key].map(label.value.matches) ?? false)
    }.map { "it has no label \($0.text)" }
  }

  /// What it matches, in words.
  package var text: String {
    let parts = [("context", contexts), ("app", apps), ("workload", workloads)]
      .filter { !$0.1.isEmpty }
      .map { "\($0.0) \($0.1.map(\.text).joined(separator: " or "))" }
    let all = parts + labels.map { "label \($0.text)" }
    return all.isEmpty ? "everything" : all.joined(separator: ", ")
  }
}

/// A workload by the names that are matched.
package struct WorkloadSubject: Hashable, Sendable {
  package var context: String
  package var app: String
  package var workload: String
  /// Nil on a platform that has none.
  package var labels: [String: String]?

  package init(
    context: String, app: String, workload: String, labels: [String: String]? = nil
  ) {
    self.context = context
    self.app = app
    self.workload = workload
    self.labels = labels
  }
}
