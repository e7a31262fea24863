import Foundation
import PetrifyKit

/// As long as it lives, a signal that ends the program takes temporary files and running compilers away first.
final class SignalWatch {
  private let sources: [any DispatchSourceSignal]
  private static let signals = [SIGINT, SIGTERM, SIGHUP]

  init() {
    sources = Self.signals.compactMap { number in
      // What the caller has us ignore (`nohup`) stays ignored.
      guard !Self.isIgnored(signal(number, SIG_IGN)) else { return nil }
      let source = DispatchSource.makeSignalSource(signal: number, queue: .global())
      source.setEventHandler {
        PetrifyTool.abandonTemporaryFiles()
        signal(number, SIG_DFL)
        // To the process, not to this thread, which has signals blocked.
        kill(getpid(), number)
        sleep(1)
        _exit(128 + number)
      }
      source.resume()
      return source
    }
  }

  /// The system marks "ignored" by a number in place of a function, and "default" by none; it is compared, never called.
  private static func isIgnored(_ handler: (@convention(c) (Int32) -> Void)?) -> Bool {
    unsafeBitCast(handler, to: Int.self) == unsafeBitCast(SIG_IGN as Optional, to: Int.self)
  }

  deinit {
    for source in sources {
      source.cancel()
      signal(Int32(source.handle), SIG_DFL)
    }
  }
}
