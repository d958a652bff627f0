import CNcurses

/// Wakes the thread that waits for input, from any other.
package final class Doorbell: Sendable {
  let descriptor: Int32

  package init() {
    descriptor = vigie_doorbell_open()
  }

  deinit { vigie_doorbell_close(descriptor) }

  package func ring() { vigie_doorbell_ring(descriptor) }

  func clear() { vigie_doorbell_clear(descriptor) }
}
