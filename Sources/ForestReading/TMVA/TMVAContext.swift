import ForestIR

/// What every part of the reader needs while one weight file is read: its name, the caller's choices, and where remarks go.
final class TMVAContext {
  let file: String
  let options: ReadingOptions
  private(set) var notes: [Provenance.Note] = []
  /// More remarks than this help nobody.
  private static let mostNotes = 200

  init(file: String, options: ReadingOptions) {
    self.file = file
    self.options = options
  }

  func note(_ kind: Provenance.Note.Kind, _ text: String, place: String = "") {
    let note = Provenance.Note(kind, ReadError.printable(text), place: place)
    if notes.count < Self.mostNotes && !notes.contains(note) { notes.append(note) }
  }

  /// An error at an element or at one of its attributes.
  func error(
    _ code: ReadError.Code, _ element: XMLElement, attribute: String? = nil, _ message: String, hint: String? = nil
  ) -> ReadError {
    let path = element.path + (attribute.map { "@\($0)" } ?? "")
    return ReadError(
      code, at: SourceMark(file: file, line: element.line, path: path), message, hint: hint)
  }

  /// Wraps what the IR refused.
  func wrap(_ fault: ForestFault, _ element: XMLElement) -> ReadError {
    error(.unsupported, element, "the model cannot be represented: \(fault.message)")
  }
}

// MARK: - Attributes and text of small sections

extension TMVAContext {
  func required(_ name: String, of element: XMLElement) throws(ReadError) -> String {
    guard let value = element.attribute(name) else {
      throw error(.missing, element, "the element \(element.name) has no attribute \(name)")
    }
    return value
  }

  /// A non-negative integer.
  func count(_ name: String, of element: XMLElement) throws(ReadError) -> Int {
    let text = try required(name, of: element)
    guard let value = Int(text.trimmed), value >= 0, value <= Int(Int32.max) else {
      throw error(.malformed, element, attribute: name, "\(name)=\"\(text)\" is not a count")
    }
    return value
  }

  func double(_ name: String, of element: XMLElement) throws(ReadError) -> Double {
    let text = try required(name, of: element)
    guard let value = NumberText.double(text), value.isFinite else {
      throw error(.notFinite, element, attribute: name, "\(name)=\"\(text)\" is not a finite number")
    }
    return value
  }

  /// A number that the trainer holds in float32.
  func float(_ name: String, of element: XMLElement) throws(ReadError) -> Float {
    let value = Float(try double(name, of: element))
    guard value.isFinite else {
      throw error(
        .outOfRange, element, attribute: name,
        "\(name)=\"\(element.attribute(name) ?? "")\" is beyond the range of float32")
    }
    return value
  }

  /// `0` or `1`, the way truth values stand in attributes.
  func flag(_ name: String, of element: XMLElement) throws(ReadError) -> Bool {
    switch try required(name, of: element).trimmed {
    case "0": return false
    case "1": return true
    case let text: throw error(.malformed, element, attribute: name, "\(name)=\"\(text)\" is neither 0 nor 1")
    }
  }

  /// Numbers in the text of an element.
  struct Numbers {
    var values: [Double]
    /// The position of the first word that is no finite number. The trainer's reader stops there: this value and all
    /// that follow are 0.
    var firstBad: Int?
  }

  /// The text of an element as numbers, exactly `count` of them.
  func numbers(_ count: Int, in element: XMLElement) throws(ReadError) -> Numbers {
    var numbers = Numbers(values: [], firstBad: nil)
    for bytes in element.text.utf8.split(whereSeparator: { $0 <= 0x20 }) {
      let value = NumberText.double(String(decoding: bytes, as: UTF8.self)) ?? .nan
      if !value.isFinite && numbers.firstBad == nil { numbers.firstBad = numbers.values.count }
      numbers.values.append(numbers.firstBad == nil ? value : 0)
    }
    guard numbers.values.count == count else {
      throw error(.inconsistent, element, "the element holds \(numbers.values.count) numbers, not \(count)")
    }
    return numbers
  }

  /// The same where every number counts.
  func finiteNumbers(_ count: Int, in element: XMLElement) throws(ReadError) -> [Double] {
    let numbers = try numbers(count, in: element)
    guard let position = numbers.firstBad else { return numbers.values }
    throw error(.notFinite, element, "the number \(position + 1) of the element is not a finite number")
  }
}

extension StringProtocol {
  /// Without blanks at both ends.
  var trimmed: String {
    let scalars = unicodeScalars
    guard let first = scalars.firstIndex(where: { $0.value > 0x20 }),
      let last = scalars.lastIndex(where: { $0.value > 0x20 })
    else { return "" }
    return String(String.UnicodeScalarView(scalars[first...last]))
  }
}
