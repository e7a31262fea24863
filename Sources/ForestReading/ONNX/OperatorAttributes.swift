#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif
import ONNXProto

/// The attributes of one node, by name.
///
/// Each attribute that is asked for is taken; what is left when a node has been read would change its meaning in a way that nobody
/// looked at, and is refused.
struct OperatorAttributes {
  let node: ONNXNode
  /// The node, in the terms of the document.
  let path: String
  let context: ONNXContext
  private var left: [String: ONNXAttribute] = [:]

  init(_ node: ONNXNode, at index: Int, _ context: ONNXContext) throws(ReadError) {
    self.node = node
    self.context = context
    path = "graph/node[\(index)] \(JSONCursor.clipped(node.opType))"
    for attribute in node.attribute {
      guard !attribute.hasRefAttrName else { throw fault(.unsupported, attribute.name, "the attribute stands for one of a function") }
      guard left.updateValue(attribute, forKey: attribute.name) == nil else {
        throw fault(.duplicate, attribute.name, "the attribute stands there twice")
      }
    }
  }

  func fault(_ code: ReadError.Code, _ name: String = "", _ message: String, hint: String? = nil) -> ReadError {
    context.fault(code, at: name.isEmpty ? path : "\(path)@\(JSONCursor.clipped(name))", message, hint: hint)
  }

  /// The names of the tensors that the node reads.
  var inputs: [String] { node.input }
  var operatorName: String { node.opType }

  func has(_ name: String) -> Bool { left[name] != nil }

  /// Drops attributes that change nothing.
  mutating func ignore(_ names: String...) {
    for name in names { left[name] = nil }
  }

  /// Call when everything was taken.
  func finish() throws(ReadError) {
    if let name = left.keys.sorted().first {
      throw fault(.unsupported, name, "an attribute of \(JSONCursor.clipped(node.opType)) that is not known here")
    }
  }

  mutating func integer(_ name: String, default value: Int64? = nil) throws(ReadError) -> Int64 {
    guard let attribute = left.removeValue(forKey: name) else {
      guard let value else { throw missing(name) }
      return value
    }
    guard attribute.hasI, attribute.type == 2 || !attribute.hasType else { throw wrong(name, "an integer") }
    return attribute.i
  }

  mutating func number(_ name: String, default value: Float) throws(ReadError) -> Float {
    guard let attribute = left.removeValue(forKey: name) else { return value }
    guard attribute.hasF, attribute.type == 1 || !attribute.hasType else { throw wrong(name, "a number") }
    return attribute.f
  }

  mutating func text(_ name: String, default value: String) throws(ReadError) -> String {
    guard let attribute = left.removeValue(forKey: name) else { return value }
    guard attribute.hasS, attribute.type == 3 || !attribute.hasType else { throw wrong(name, "text") }
    return String(decoding: attribute.s, as: UTF8.self)
  }

  /// nil where there is none. A list of no elements leaves no trace in the file but its type.
  mutating func integers(_ name: String) throws(ReadError) -> [Int64]? {
    guard let attribute = left.removeValue(forKey: name) else { return nil }
    guard attribute.type == 7 || (!attribute.hasType && !attribute.ints.isEmpty) else { throw wrong(name, "a list of integers") }
    return attribute.ints
  }

  mutating func numbers(_ name: String) throws(ReadError) -> [Float]? {
    guard let attribute = left.removeValue(forKey: name) else { return nil }
    guard attribute.type == 6 || (!attribute.hasType && !attribute.floats.isEmpty) else { throw wrong(name, "a list of numbers") }
    return attribute.floats
  }

  mutating func texts(_ name: String) throws(ReadError) -> [String]? {
    guard let attribute = left.removeValue(forKey: name) else { return nil }
    guard attribute.type == 8 || (!attribute.hasType && !attribute.strings.isEmpty) else { throw wrong(name, "a list of texts") }
    return attribute.strings.map { String(decoding: $0, as: UTF8.self) }
  }

  mutating func tensor(_ name: String) throws(ReadError) -> TensorContents? {
    guard let attribute = left.removeValue(forKey: name) else { return nil }
    guard attribute.hasT, attribute.type == 4 || !attribute.hasType else { throw wrong(name, "a tensor") }
    return try TensorContents(attribute.t, at: "\(path)@\(name)", context)
  }

  func missing(_ name: String) -> ReadError { fault(.missing, name, "the attribute is missing") }

  private func wrong(_ name: String, _ what: String) -> ReadError { fault(.malformed, name, "the attribute is not \(what)") }
}
