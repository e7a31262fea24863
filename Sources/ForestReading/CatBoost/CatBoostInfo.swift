import Decimals
import ForestIR

/// What the file says about the training.
struct CatBoostInfo {
  /// The name of the loss function; nil if the file does not say.
  var loss: String?
  var classNames: [String] = []
  /// The release that trained the model, such as `1.2.10`.
  var release: String?
  var facts: [Provenance.Fact] = []

  /// The longest list of classes that is remembered.
  private static let classLimit = 10_000

  /// Reads one member of the information, whose value stands next.
  ///
  /// Both forms of the file have the same members; the binary one holds them as text, which is then JSON.
  mutating func read(_ name: String, _ cursor: inout JSONCursor) throws(ReadError) {
    switch name {
    case "params" where try cursor.kind() == .object: try readParameters(&cursor)
    case "class_params" where try cursor.kind() == .object: try readClasses(&cursor)
    case "catboost_version_info" where try cursor.kind() == .string: release = Self.release(in: try cursor.string())
    case "model_guid" where try cursor.kind() == .string: addFact("model_guid", try cursor.string())
    case "train_finish_time" where try cursor.kind() == .string: addFact("train_finish_time", try cursor.string())
    default: break
    }
  }

  /// Reads a member that is held as text.
  mutating func read(_ name: String, text: String, mark: SourceMark) throws(ReadError) {
    switch name {
    case "catboost_version_info": release = Self.release(in: text)
    case "model_guid", "train_finish_time": addFact(name, text)
    case "params", "class_params":
      var cursor = JSONCursor(Array(text.utf8), file: mark.file)
      do {
        try read(name, &cursor)
        try cursor.end()
      } catch {
        throw ReadError(error.code, at: mark, "the text of \"\(name)\" is not as it must be: \(error.message)")
      }
    default: break
    }
  }

  private mutating func readParameters(_ cursor: inout JSONCursor) throws(ReadError) {
    try cursor.beginObject()
    while let key = try cursor.nextKey() {
      switch key {
      case "loss_function" where try cursor.kind() == .object:
        try cursor.beginObject()
        while let key = try cursor.nextKey() {
          if key == "type" { loss = try cursor.string() }
        }
      case "loss_function" where try cursor.kind() == .string: loss = try cursor.string()
      case "boosting_options" where try cursor.kind() == .object:
        try cursor.beginObject()
        while let key = try cursor.nextKey() {
          if key == "learning_rate", try cursor.kind() == .number {
            addFact(key, DecimalText.spelling(try cursor.number()))
          }
        }
      default: break
      }
    }
  }

  private mutating func readClasses(_ cursor: inout JSONCursor) throws(ReadError) {
    try cursor.beginObject()
    while let key = try cursor.nextKey() {
      guard key == "class_names", try cursor.kind() == .array else { continue }
      try cursor.beginArray()
      while try cursor.nextElement() {
        guard classNames.count < Self.classLimit else { throw cursor.fault(.limit, "more than \(Self.classLimit) classes") }
        switch try cursor.kind() {
        case .string: classNames.append(JSONCursor.clipped(try cursor.string()))
        case .number:
          let number = try cursor.number()
          classNames.append(Int(exactly: number).map { "\($0)" } ?? DecimalText.spelling(number))
        case .bool: classNames.append(try cursor.bool() ? "true" : "false")
        default: classNames.append("")
        }
      }
    }
  }

  private mutating func addFact(_ name: String, _ value: String) {
    facts.append(Provenance.Fact(name, JSONCursor.clipped(value)))
  }

  /// The release in text such as `Branch: tags/v1.2.10` or `Summary: CatBoost release 1.2.10.`.
  private static func release(in text: String) -> String? {
    for mark in ["tags/v", "CatBoost release "] {
      guard let place = text.utf8.firstRange(of: mark.utf8) else { continue }
      var digits = text.utf8[place.upperBound...].prefix { (0x30...0x39).contains($0) || $0 == UInt8(ascii: ".") }
      while digits.last == UInt8(ascii: ".") { digits.removeLast() }
      if !digits.isEmpty, digits.count < 20 { return String(digits) }
    }
    return nil
  }
}
