/// A token or a password: usable, never printable.
package struct Secret: Hashable, Sendable, CustomStringConvertible, CustomDebugStringConvertible,
  CustomReflectable
{
  private let value: String

  package init(_ value: String) {
    self.value = value
  }

  /// The only way out; call it where a header is made.
  package var revealed: String { value }

  package var isEmpty: Bool { value.isEmpty }
  package var description: String { "[secret]" }
  package var debugDescription: String { "[secret]" }
  package var customMirror: Mirror { Mirror(self, children: []) }
}
