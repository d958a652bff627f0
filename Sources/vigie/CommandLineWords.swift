/// What is written for people, in the words that the parser knows.
enum CommandLineWords {
  /// `--wait=10m` is `--wait --timeout 10m`; what comes after `--` stays.
  ///
  /// A shell that asks for completions is answered about the words as they stand.
  static func plain(_ words: [String]) -> [String] {
    if words.first?.hasPrefix("---") == true { return question(words) }
    let end = words.firstIndex(of: "--") ?? words.endIndex
    let prefix = "--wait="
    return words[..<end].flatMap { word in
      word.hasPrefix(prefix)
        ? ["--wait", "--timeout", String(word.dropFirst(prefix.count))] : [word]
    } + words[end...]
  }

  /// Not every fish says where in the word the cursor is: after the place of the argument and the
  /// index of the word there must be two numbers.
  private static func question(_ words: [String]) -> [String] {
    guard let end = words.firstIndex(of: "--"), words.indices.contains(end + 3),
      Int(words[end + 2]) != nil, Int(words[end + 3]) == nil
    else { return words }
    return words[...(end + 2)] + ["0"] + words[(end + 3)...]
  }
}
