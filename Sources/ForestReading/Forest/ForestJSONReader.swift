package import ForestIR

/// Reads the canonical JSON form of a forest back into an equal forest.
///
/// The form is described by `forest.schema.json`. Members may come in any order; one that is unknown, missing or twice
/// there is refused, and all rules of the IR are checked by its own builder.
package struct ForestJSONReader {
  var cursor: JSONCursor

  /// - Parameters:
  ///   - bytes: the whole file, not compressed.
  ///   - file: its name, for messages.
  /// - Throws: an error with line, column and path for anything that is not a forest.
  /// - Complexity: O(bytes), in time and memory; the stack is bounded by the nesting limit of models.
  package static func read(_ bytes: [UInt8], file: String) throws(ReadError) -> Forest {
    var reader = ForestJSONReader(cursor: JSONCursor(bytes, file: file))
    let forest = try reader.forest()
    try reader.cursor.end()
    return forest
  }

  /// The same from a document that is read as it is parsed; memory does not grow with the text, only with the forest.
  static func read(_ stream: JSONStream, file: String) throws(ReadError) -> Forest {
    var reader = ForestJSONReader(cursor: JSONCursor(stream, file: file))
    do {
      let forest = try reader.forest()
      try reader.cursor.end()
      return forest
    } catch {
      // A file that could not be read to its end looks like one that is cut off.
      throw stream.failure.map { ReadError($0) } ?? error
    }
  }

  private mutating func forest() throws(ReadError) -> Forest {
    let place = cursor.here
    var format: String?
    var version: Int?
    var inputs: [Input]?
    var columns: [Column]?
    var model: Model?
    var provenance: Provenance?
    try cursor.beginObject()
    while let key = try cursor.nextKey() {
      switch key {
      case "format": format = try constant("petrify-forest")
      case "format_version": version = try formatVersion()
      case "inputs": inputs = try list { (reader) throws(ReadError) in try reader.input() }
      case "columns": columns = try list { (reader) throws(ReadError) in try reader.column() }
      case "model": model = try self.model(nesting: 1)
      case "provenance": provenance = try self.provenance()
      default: throw unknown(key)
      }
    }
    _ = try needed(format, "format", in: place)
    _ = try needed(version, "format_version", in: place)
    let parts = (
      inputs: try needed(inputs, "inputs", in: place), model: try needed(model, "model", in: place),
      columns: try needed(columns, "columns", in: place), provenance: try needed(provenance, "provenance", in: place)
    )
    return try building(at: place) { () throws(ForestFault) in
      try Forest(inputs: parts.inputs, model: parts.model, columns: parts.columns, provenance: parts.provenance)
    }
  }

  private mutating func formatVersion() throws(ReadError) -> Int {
    let place = cursor.here
    let version = try cursor.integer()
    guard version == Forest.canonicalVersion else {
      throw cursor.fault(.unsupported, at: place, "version \(version) of the format; this program reads version \(Forest.canonicalVersion)")
    }
    return version
  }

  private mutating func input() throws(ReadError) -> Input {
    let place = cursor.here
    var label, expression, title, unit: String?
    var kind: Input.Kind?
    var role: Input.Role?
    var isUnnamed: Bool?
    var range: Input.TrainingRange?
    try cursor.beginObject()
    while let key = try cursor.nextKey() {
      switch key {
      case "label": label = try cursor.string()
      case "unnamed": isUnnamed = try cursor.bool()
      case "expression": expression = try cursor.string()
      case "title": title = try cursor.string()
      case "unit": unit = try cursor.string()
      case "kind": kind = try oneOf(Input.Kind.self)
      case "role": role = try oneOf(Input.Role.self)
      case "training_range":
        let ends = try pairOfNumbers("a training range")
        range = Input.TrainingRange(lowest: ends.0, highest: ends.1)
      default: throw unknown(key)
      }
    }
    return Input(
      label: try needed(label, "label", in: place), expression: try needed(expression, "expression", in: place),
      title: try needed(title, "title", in: place), unit: try needed(unit, "unit", in: place),
      kind: try needed(kind, "kind", in: place), role: try needed(role, "role", in: place), trainingRange: range,
      isUnnamed: try needed(isUnnamed, "unnamed", in: place))
  }

  private mutating func column() throws(ReadError) -> Column {
    let place = cursor.here
    var name, meaning: String?
    var role: Column.Role?
    var width: Width?
    var isPrinted: Bool?
    try cursor.beginObject()
    while let key = try cursor.nextKey() {
      switch key {
      case "name": name = try cursor.string()
      case "role": role = try oneOf(Column.Role.self)
      case "width": width = try oneOf(Width.self)
      case "printed": isPrinted = try cursor.bool()
      case "meaning": meaning = try cursor.string()
      default: throw unknown(key)
      }
    }
    return Column(
      name: try needed(name, "name", in: place), role: try needed(role, "role", in: place),
      meaning: try needed(meaning, "meaning", in: place), width: try needed(width, "width", in: place),
      isPrinted: try needed(isPrinted, "printed", in: place))
  }
}
