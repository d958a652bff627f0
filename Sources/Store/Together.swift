import Dispatch
import Synchronization

/// Does two things at the same time and waits for both; where one fails, so does the whole.
package func together<One: Sendable, Other: Sendable, Failure: Error>(
  _ one: @Sendable () throws(Failure) -> One, and other: @Sendable () throws(Failure) -> Other
) throws(Failure) -> (One, Other) {
  let first = Mutex<Result<One, Failure>?>(nil)
  let second = Mutex<Result<Other, Failure>?>(nil)
  DispatchQueue.concurrentPerform(iterations: 2) { number in
    if number == 0 {
      let result = Result(catching: one)
      first.withLock { $0 = result }
    } else {
      let result = Result(catching: other)
      second.withLock { $0 = result }
    }
  }
  guard let one = first.withLock({ $0 }), let other = second.withLock({ $0 }) else {
    // Both were done above: this is never reached.
    return (try one(), try other())
  }
  return (try one.get(), try other.get())
}
