/// What the header of an `.npy` array says (NumPy's `numpy.lib.format`, versions 1.0 to 3.0).
///
/// The header is a Python dictionary with the three keys `descr`, `fortran_order` and `shape`, each once. Accepted are
/// float32 and float64 of either byte order, in C order.
struct NumpyHeader: Equatable {
  /// The first six bytes of every array file.
  static let magic: [UInt8] = [0x93] + Array("NUMPY".utf8)
  /// The longest header that is read, in bytes; that of a plain array has about 120.
  static let sizeLimit = 1 << 20

  /// What is wrong with a header.
  struct Fault: Error {
    var what: String
    var hint: String?
  }

  /// The bytes of one number: 4 or 8.
  var width: Int
  /// Whether the most significant byte comes first.
  var isBigEndian: Bool
  /// The lengths of the axes.
  var shape: [Int]

  /// Reads the dictionary.
  init(_ text: [UInt8]) throws(Fault) {
    var parser = PythonDictionary(text)
    let values = try parser.read()
    guard values.keys.sorted() == ["descr", "fortran_order", "shape"],
      case .boolean(let isFortran)? = values["fortran_order"], case .tuple(let shape)? = values["shape"],
      case .string(let descr)? = values["descr"]
    else {
      throw Fault(
        what: "the header does not say 'descr', 'fortran_order' and 'shape' of a plain array",
        hint: "save one plain float array, not a structured one")
    }
    switch descr {
    case "<f4": (width, isBigEndian) = (4, false)
    case "<f8": (width, isBigEndian) = (8, false)
    case ">f4": (width, isBigEndian) = (4, true)
    case ">f8": (width, isBigEndian) = (8, true)
    default:
      throw Fault(
        what: "the numbers are of type \(quoted(descr)), which is not read", hint: "save array.astype('float64')")
    }
    if isFortran && shape.count > 1 {
      throw Fault(what: "the array is in Fortran order", hint: "save numpy.ascontiguousarray(array)")
    }
    self.shape = shape
  }
}

/// Reads the one kind of Python literal that stands in an array header; the text is not trusted.
private struct PythonDictionary {
  enum Value {
    case string(String)
    case boolean(Bool)
    case tuple([Int])
  }

  private let text: [UInt8]
  private var index = 0

  init(_ text: [UInt8]) {
    self.text = text
  }

  mutating func read() throws(NumpyHeader.Fault) -> [String: Value] {
    var values: [String: Value] = [:]
    try expect("{")
    while !take("}") {
      let key = try string()
      try expect(":")
      guard values.updateValue(try value(), forKey: key) == nil, values.count <= 8 else { throw malformed() }
      if !take(",") {
        try expect("}")
        break
      }
    }
    skipBlanks()
    guard index == text.count else { throw malformed() }
    return values
  }

  private mutating func value() throws(NumpyHeader.Fault) -> Value {
    skipBlanks()
    guard index < text.count else { throw malformed() }
    switch text[index] {
    case UInt8(ascii: "'"), UInt8(ascii: "\""): return .string(try string())
    case UInt8(ascii: "("): return .tuple(try tuple())
    default:
      for (word, value) in [("True", true), ("False", false)] where text[index...].starts(with: word.utf8) {
        index += word.utf8.count
        return .boolean(value)
      }
      throw malformed()
    }
  }

  private mutating func string() throws(NumpyHeader.Fault) -> String {
    skipBlanks()
    guard index < text.count, text[index] == UInt8(ascii: "'") || text[index] == UInt8(ascii: "\""),
      let end = text[(index + 1)...].firstIndex(of: text[index]), !text[index..<end].contains(UInt8(ascii: "\\"))
    else { throw malformed() }
    defer { index = end + 1 }
    return String(decoding: text[(index + 1)..<end], as: UTF8.self)
  }

  private mutating func tuple() throws(NumpyHeader.Fault) -> [Int] {
    var numbers: [Int] = []
    try expect("(")
    while !take(")") {
      skipBlanks()
      var number = 0
      let start = index
      while index < text.count, case let digit = text[index] &- UInt8(ascii: "0"), digit <= 9 {
        let (scaled, tooLarge) = number.multipliedReportingOverflow(by: 10)
        let (sum, overflow) = scaled.addingReportingOverflow(Int(digit))
        if tooLarge || overflow { throw malformed() }
        number = sum
        index += 1
      }
      // NumPy has at most 64 axes. Python 2 wrote long numbers with an L.
      guard index > start, numbers.count < 64 else { throw malformed() }
      _ = take("L")
      numbers.append(number)
      if !take(",") {
        try expect(")")
        break
      }
    }
    return numbers
  }

  private mutating func skipBlanks() {
    while index < text.count, text[index] == UInt8(ascii: " ") || text[index] == UInt8(ascii: "\n") { index += 1 }
  }

  private mutating func take(_ sign: Unicode.Scalar) -> Bool {
    skipBlanks()
    guard index < text.count, text[index] == UInt8(ascii: sign) else { return false }
    index += 1
    return true
  }

  private mutating func expect(_ sign: Unicode.Scalar) throws(NumpyHeader.Fault) {
    guard take(sign) else { throw malformed() }
  }

  private func malformed() -> NumpyHeader.Fault {
    NumpyHeader.Fault(what: "the header of the array is malformed", hint: "write the file with numpy.save")
  }
}
