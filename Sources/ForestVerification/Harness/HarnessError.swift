/// Why an emitted program could not be built or run.
package struct HarnessError: Error, Sendable, Equatable {
  package enum Code: String, Sendable {
    /// A compiler or an interpreter is not there, or a file could not be written or read.
    case environment
    /// The program did not compile, crashed, took too long, or wrote nonsense: the fault of whoever emitted it.
    case program
  }

  package let code: Code
  /// One sentence without a full stop.
  package let message: String
  package let hint: String?

  package init(_ code: Code, _ message: String, hint: String? = nil) {
    self.code = code
    self.message = message
    self.hint = hint
  }
}
