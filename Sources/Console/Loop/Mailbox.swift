package import Terminal
import Synchronization

/// The one bridge from tasks to the loop: messages wait here, and the doorbell wakes the loop.
package final class Mailbox: Sendable {
  package let doorbell: Doorbell
  private let waiting = Mutex<[Message]>([])

  package init(doorbell: Doorbell) {
    self.doorbell = doorbell
  }

  package func send(_ message: Message) {
    waiting.withLock { waiting in
      // Of pictures only the newest counts.
      if case .fleet = message { waiting.removeAll { if case .fleet = $0 { true } else { false } } }
      waiting.append(message)
    }
    doorbell.ring()
  }

  func drain() -> [Message] {
    waiting.withLock { waiting in
      defer { waiting = [] }
      return waiting
    }
  }
}
