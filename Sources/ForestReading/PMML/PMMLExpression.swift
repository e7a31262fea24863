import ForestIR

/// The arithmetic by which an output field is made of others: `+ − · /` of fields and constants, in float64.
struct PMMLExpression {
  let outputs: [String: Value]
  let context: PMMLContext

  /// The one expression of an output field. Elements nest no deeper than the document may.
  func lower(_ field: XMLElement, _ builder: inout ModelBuilder) throws -> Value {
    let expressions = field.children.filter { $0.name != "Extension" }
    guard expressions.count == 1 else { throw context.error(.unsupported, field, "an output field that is not one expression") }
    return try value(expressions[0], &builder)
  }

  private func value(_ element: XMLElement, _ builder: inout ModelBuilder) throws -> Value {
    switch element.name {
    case "FieldRef":
      let name = try context.required("field", of: element)
      guard let value = outputs[name] else { throw context.error(.unsupported, element, "the field \"\(name)\" is not known here") }
      // A number of a float32 model is widened, which is exact.
      return builder.shape(of: value).kind == .number(.float64) ? value : try builder.add(.convert(value, to: .float64))
    case "Constant":
      guard let number = NumberText.double(element.text), number.isFinite else {
        throw context.error(.unsupported, element, "a constant that is no finite number")
      }
      return try builder.float64([number])
    case "Apply":
      let functions: [String: BinaryFunction] = ["+": .add, "-": .subtract, "*": .multiply, "/": .divide]
      let name = try context.required("function", of: element)
      guard let function = functions[name], element.children.count == 2, element.attribute("mapMissingTo") == nil,
        element.attribute("defaultValue") == nil
      else { throw context.error(.unsupported, element, "the function \"\(name)\" is not read") }
      let first = try value(element.children[0], &builder)
      return try builder.add(.binary(function, first, value(element.children[1], &builder)))
    default: throw context.error(.unsupported, element, "the expression \(element.name) is not read")
    }
  }
}
