import Dispatch
import Synchronization

/// Runs an asynchronous body from a synchronous command and waits for it.
///
/// Only for the process's main thread: blocking a pool thread would halve the pool on two cores.
func blocking<Value: Sendable>(_ body: @escaping @Sendable () async throws -> Value) throws -> Value
{
  let done = DispatchSemaphore(value: 0)
  let box = ResultBox<Value>()
  Task {
    do { box.fill(.success(try await body())) } catch { box.fill(.failure(error)) }
    done.signal()
  }
  done.wait()
  return try box.value()
}

/// Carries one result from a task to the thread that waits for it.
private final class ResultBox<Value: Sendable>: Sendable {
  private let result = Mutex<Result<Value, any Error>?>(nil)

  func fill(_ value: Result<Value, any Error>) {
    result.withLock { $0 = value }
  }

  func value() throws -> Value {
    guard let result = result.withLock({ $0 }) else { throw CancellationError() }
    return try result.get()
  }
}
