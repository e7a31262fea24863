import Dispatch
import Synchronization

/// A value that is computed on another thread while this one goes on.
final class Background<Value: Sendable>: Sendable {
  private let found = Mutex<Value?>(nil)
  private let group = DispatchGroup()

  init(_ compute: @escaping @Sendable () -> Value) {
    DispatchQueue.global().async(group: group) {
      let value = compute()
      self.found.withLock { $0 = value }
    }
  }

  /// The value; waits for it.
  var value: Value {
    group.wait()
    guard let value = found.withLock({ $0 }) else { preconditionFailure("the group ends with the value") }
    return value
  }
}
