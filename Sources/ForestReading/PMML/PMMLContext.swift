import ForestIR

/// What every part of the reader needs while one document is read.
final class PMMLContext {
  let file: String
  let names: PMMLNames
  private(set) var notes: [Provenance.Note] = []

  init(file: String, names: PMMLNames) {
    self.file = file
    self.names = names
  }

  func note(_ kind: Provenance.Note.Kind, _ text: String, place: String = "") {
    let note = Provenance.Note(kind, ReadError.printable(text), place: place)
    if notes.count < 100 && !notes.contains(note) { notes.append(note) }
  }

  func error(
    _ code: ReadError.Code, _ element: XMLElement, attribute: String? = nil, _ message: String, hint: String? = nil
  ) -> ReadError {
    let path = element.path + (attribute.map { "@\($0)" } ?? "")
    return ReadError(code, at: SourceMark(file: file, line: element.line, path: path), ReadError.printable(message), hint: hint)
  }

  func wrap(_ fault: ForestFault, _ element: XMLElement) -> ReadError {
    error(.unsupported, element, "the model cannot be represented: \(fault.message)")
  }

  /// The one child of a name.
  func child(_ name: String, of element: XMLElement) throws(ReadError) -> XMLElement? {
    let all = element.children(named: name)
    guard all.count <= 1 else { throw error(.duplicate, all[1], "a second \(name)") }
    return all.first
  }

  func required(_ name: String, of element: XMLElement) throws(ReadError) -> String {
    guard let value = element.attribute(name) else {
      throw error(.missing, element, "the element \(element.name) has no attribute \(name)")
    }
    return value
  }

  /// A finite number in an attribute; nil without the attribute.
  func number(_ name: String, of element: XMLElement) throws(ReadError) -> Double? {
    guard let text = element.attribute(name) else { return nil }
    guard let value = NumberText.double(text), value.isFinite else {
      throw error(.notFinite, element, attribute: name, "\(name)=\"\(text)\" is not a finite number")
    }
    return value
  }

  /// Refuses an attribute that says anything but what is computed here.
  func expect(_ name: String, of element: XMLElement, in allowed: Set<String>) throws(ReadError) {
    guard let value = element.attribute(name), !allowed.contains(value) else { return }
    throw error(.unsupported, element, attribute: name, "\(name)=\"\(value)\" is not read")
  }
}
