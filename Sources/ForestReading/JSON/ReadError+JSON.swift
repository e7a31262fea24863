extension ReadError {
  /// The refusal of a JSON document.
  init(_ fault: JSONFault, file: String) {
    let code: Code =
      switch fault.code {
      case .notWellFormed: .notWellFormed
      case .limit: .limit
      case .missing: .missing
      case .duplicate: .duplicate
      case .unexpected: .unexpected
      case .malformed: .malformed
      case .notFinite: .notFinite
      case .outOfRange: .outOfRange
      case .inconsistent: .inconsistent
      case .unsupported: .unsupported
      }
    let mark = SourceMark(
      file: file, line: fault.position.line, column: fault.position.column, path: fault.path.isEmpty ? nil : fault.path)
    self.init(code, at: mark, fault.message)
  }
}
