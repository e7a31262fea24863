import Foundation
import PetrifyKit

/// As long as it lives, a signal that ends the program takes temporary files and running compilers away first.
final class SignalWatch {
  private let sources: [any DispatchSourceSignal]
  private static let signals = [SIGINT, SIGTERM, SIGHUP]

  init() {
    sources = Self.signals.map { number in
      signal(number, SIG_IGN)
      let source = DispatchSource.makeSignalSource(signal: number, queue: .global())
      source.setEventHandler {
        PetrifyTool.abandonTemporaryFiles()
        signal(number, SIG_DFL)
        raise(number)
      }
      source.resume()
      return source
    }
  }

  deinit {
    for source in sources { source.cancel() }
    for number in Self.signals { signal(number, SIG_DFL) }
  }
}
