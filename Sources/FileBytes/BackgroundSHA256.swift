import Dispatch
import Synchronization

/// A SHA-256 under way beside the thread that reads: hashing a file takes about as long as parsing it, and neither waits
/// for the other.
///
/// The first bytes are hashed where they are read, since a thread costs more than a small file. Few pieces wait at a time.
struct BackgroundSHA256: Sendable {
  /// How many bytes are hashed by the caller.
  private static let start = 1 << 20

  private var first = RunningSHA256()
  private var count = 0
  private var rest: Worker?

  /// Takes in `bytes[range]`.
  mutating func update(_ bytes: [UInt8], _ range: Range<Int>) {
    if range.isEmpty { return }
    if rest == nil {
      guard count >= Self.start else {
        first.update(bytes, range)
        count += range.count
        return
      }
      rest = Worker(first)
    }
    rest?.take(Array(bytes[range]))
  }

  /// The digest of all that was taken in; waits for it.
  func finish() -> SHA256Digest { rest?.finish() ?? first.finish() }

  private final class Worker: Sendable {
    private let queue = DispatchQueue(label: "petrify.sha256")
    private let hasher: Mutex<RunningSHA256>
    private let vacancies = DispatchSemaphore(value: 0)

    init(_ hasher: RunningSHA256) {
      self.hasher = Mutex(hasher)
      // Counted up from zero: a semaphore must not end below the number it began with.
      for _ in 0..<8 { vacancies.signal() }
    }

    func take(_ piece: [UInt8]) {
      vacancies.wait()
      queue.async {
        self.hasher.withLock { $0.update(piece, 0..<piece.count) }
        self.vacancies.signal()
      }
    }

    func finish() -> SHA256Digest { queue.sync { hasher.withLock { $0.finish() } } }
  }
}
