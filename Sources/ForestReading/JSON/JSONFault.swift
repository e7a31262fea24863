/// Why a JSON document was refused, with its place.
package struct JSONFault: Error, Sendable, Equatable {
  package enum Code: String, Sendable {
    case notWellFormed, limit, missing, duplicate, unexpected, malformed, notFinite, outOfRange, inconsistent, unsupported
  }
  package let code: Code
  package let position: JSONCursor.Position
  package let path: String
  package let message: String
}
