import ForestIR

/// Which file is read, and what was noticed on the way.
final class ONNXContext {
  let file: String
  let remarks = Remarks()

  init(file: String) { self.file = file }

  func fault(_ code: ReadError.Code, at path: String, _ message: String, hint: String? = nil) -> ReadError {
    ReadError(code, at: SourceMark(file: file, path: path.isEmpty ? nil : ReadError.printable(path)), ReadError.printable(message), hint: hint)
  }

  /// What the IR refused, in the terms of this file.
  func refusal(_ fault: ForestFault, at path: String) -> ReadError {
    let code: ReadError.Code = switch fault.code {
    case .limit: .limit
    case .number: .notFinite
    case .index: .outOfRange
    case .duplicate: .duplicate
    case .shape, .structure: .inconsistent
    }
    let tree = fault.tree.map { "tree \($0): " } ?? ""
    return self.fault(code, at: path, tree + fault.message)
  }

  /// A name from the file, cut to a length that a message bears.
  static func quoted(_ name: String) -> String { "\"\(name.count > 60 ? name.prefix(57) + "…" : name[...])\"" }
}
