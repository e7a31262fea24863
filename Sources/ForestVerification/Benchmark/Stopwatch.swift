import Foundation

/// Times something that can be done any number of times.
package enum Stopwatch {
  /// What is measured.
  package enum Kind: Sendable {
    /// The time that a processor spent on the calling thread: other programs on the machine do not count.
    case processor
    /// The time that passes, for work of several threads.
    case wall
  }

  /// The nanoseconds that one of many takes.
  ///
  /// The number is doubled until the work takes as long as wanted, and only the last time counts; the earlier ones warm up
  /// caches and clock rates.
  ///
  /// - Parameter work: does so many.
  package static func nanoseconds(
    _ kind: Kind, atLeast budget: Duration, startingWith first: Int, _ work: (_ count: Int) -> Void
  ) -> Double {
    let budget = Double(budget.components.seconds) * 1e9 + Double(budget.components.attoseconds) / 1e9
    var count = first
    while true {
      let start = now(kind)
      work(count)
      let taken = now(kind) - start
      if taken >= budget || count > 1 << 40 { return taken / Double(count) }
      count *= 2
    }
  }

  private static func now(_ kind: Kind) -> Double {
    var time = timespec()
    clock_gettime(kind == .processor ? CLOCK_THREAD_CPUTIME_ID : CLOCK_MONOTONIC, &time)
    return Double(time.tv_sec) * 1e9 + Double(time.tv_nsec)
  }
}
