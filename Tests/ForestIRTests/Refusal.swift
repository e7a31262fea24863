import ForestIR
import Testing

/// Something that the IR must refuse, and the words in which it does.
struct Refusal: Sendable, CustomTestStringConvertible {
  let code: ForestFault.Code
  let message: String
  var tree: Int?
  var node: Int?
  let make: @Sendable () throws -> Void

  init(
    _ code: ForestFault.Code, _ message: String, tree: Int? = nil, node: Int? = nil,
    _ make: @escaping @Sendable () throws -> Void
  ) {
    self.code = code
    self.message = message
    self.tree = tree
    self.node = node
    self.make = make
  }

  var testDescription: String { message }

  func check() throws {
    let fault = try #require(throws: ForestFault.self) { try make() }
    #expect(fault == ForestFault(code, message, tree: tree, node: node))
  }
}
