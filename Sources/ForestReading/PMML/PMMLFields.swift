import ForestIR

/// The quantities that a model reads and predicts, from the data dictionary and the outermost mining schema.
struct PMMLFields {
  struct Field {
    var name: String
    var displayName: String
    /// The type of the values; integers are held as float64.
    var isFloat: Bool
    var isInteger: Bool
    var range: Input.TrainingRange?
    /// What a missing value is replaced by.
    var replacement: Double?
  }

  /// In the order of the mining schema.
  private(set) var inputs: [Field] = []
  private(set) var targetName = ""
  /// The values of a target that is a class, in the order of the dictionary.
  private(set) var classes: [String] = []

  init(dictionary: XMLElement, schema: XMLElement, _ context: PMMLContext) throws(ReadError) {
    var fields: [String: XMLElement] = [:]
    for field in dictionary.children(named: "DataField") {
      guard fields.updateValue(field, forKey: try context.required("name", of: field)) == nil else {
        throw context.error(.duplicate, field, "two fields are called \"\(field.attribute("name") ?? "")\"")
      }
    }
    var seen: Set<String> = []
    for mining in schema.children(named: "MiningField") {
      let name = try context.required("name", of: mining)
      guard let field = fields[name] else {
        throw context.error(.missing, mining, "the field \"\(name)\" is not in the data dictionary")
      }
      guard seen.insert(name).inserted else { throw context.error(.duplicate, mining, "the field \"\(name)\" comes twice") }
      switch mining.attribute("usageType") ?? "active" {
      case "active": inputs.append(try Self.input(name, field, mining, context))
      case "target", "predicted":
        guard targetName.isEmpty else { throw context.error(.unsupported, mining, "a model with several targets") }
        targetName = name
        classes = try field.children(named: "Value").map { value throws(ReadError) in try context.required("value", of: value) }
      case "supplementary": break
      case let usage: throw context.error(.unsupported, mining, "a field of usageType \"\(usage)\", which is not read")
      }
    }
    guard !inputs.isEmpty else { throw context.error(.missing, schema, "the model reads no field") }
  }

  private static func input(
    _ name: String, _ field: XMLElement, _ mining: XMLElement, _ context: PMMLContext
  ) throws(ReadError) -> Field {
    guard field.attribute("optype") == "continuous" else {
      throw context.error(.unsupported, field, "the input \"\(name)\" is not continuous: categories are not read from PMML")
    }
    let type = try context.required("dataType", of: field)
    guard ["double", "float", "integer"].contains(type) else {
      throw context.error(.unsupported, field, "the input \"\(name)\" has the type \(type)")
    }
    if let value = field.children(named: "Value").first {
      throw context.error(.unsupported, value, "the input \"\(name)\" has special values, which are not read")
    }
    try context.expect("outliers", of: mining, in: ["asIs"])
    try context.expect("invalidValueReplacement", of: mining, in: [])
    let range = try range(field, mining, context)
    let replacement = try context.number("missingValueReplacement", of: mining)
    if type == "integer" { context.note(.choice, "\"\(name)\" is an integer: other numbers are not refused, as a PMML consumer would") }
    return Field(
      name: name, displayName: field.attribute("displayName") ?? "", isFloat: type == "float", isInteger: type == "integer", range: range,
      replacement: replacement.map { type == "float" ? Double(Float($0)) : $0 })
  }

  /// An interval of valid values: only where values outside are taken as they are, else the result would be an error.
  private static func range(
    _ field: XMLElement, _ mining: XMLElement, _ context: PMMLContext
  ) throws(ReadError) -> Input.TrainingRange? {
    guard let interval = field.children(named: "Interval").first else { return nil }
    guard mining.attribute("invalidValueTreatment") == "asIs" else {
      throw context.error(
        .unsupported, interval, "values outside of an interval are invalid (invalidValueTreatment is not \"asIs\"), which is not read")
    }
    guard let lowest = try context.number("leftMargin", of: interval), let highest = try context.number("rightMargin", of: interval),
      lowest < highest
    else { return nil }
    return Input.TrainingRange(lowest: lowest, highest: highest)
  }
}
