/// Takes out of a text whatever is shaped like a credential.
///
/// The second line of defence: nothing should hand one over in the first place.
enum Redaction {
  static func apply(to text: String) -> String {
    var followsMarker = false
    let words = text.split(separator: " ", omittingEmptySubsequences: false).map { word in
      let lowered = word.lowercased()
      defer {
        if !word.isEmpty {
          followsMarker =
            lowered.hasSuffix("bearer") || lowered.hasSuffix("basic")
            || lowered.hasSuffix("authorization:")
        }
      }
      if (followsMarker && !word.isEmpty) || isSecretShaped(word) { return "[redacted]" }
      guard let cut = assignment(in: word, lowered: lowered) else { return String(word) }
      return word[..<cut] + "[redacted]"
    }
    return words.joined(separator: " ")
  }

  /// 32 or more characters of hexadecimal or base64, without the dashes of an identifier.
  private static func isSecretShaped(_ word: Substring) -> Bool {
    let core = word.drop { "\"'(<,".contains($0) }.prefix { !"\"')>,;".contains($0) }
    guard core.utf8.count >= 32 else { return false }
    return core.utf8.allSatisfy {
      ($0 >= 48 && $0 <= 57) || ($0 >= 65 && $0 <= 90) || ($0 >= 97 && $0 <= 122) || $0 == 95
        || $0 == 43
    }
  }

  private static func assignment(in word: Substring, lowered: String) -> Substring.Index? {
    for name in ["token=", "password=", "secret=", "authorization="] where lowered.contains(name) {
      guard let equals = word.firstIndex(of: "=") else { return nil }
      return word.index(after: equals)
    }
    return nil
  }
}
