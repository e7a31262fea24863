import ForestIR

/// The regression model with which a chain turns sums over trees into probabilities.
///
/// | normalizationMethod | tables | probabilities |
/// |---|---|---|
/// | logit | two, the second without predictors | p = 1 / (1 + exp(−y)), and 1 − p |
/// | softmax | one for each class | exp(y − max) / Σ exp(y − max) |
struct PMMLRegression {
  let model: XMLElement
  let fields: PMMLFields
  let context: PMMLContext

  init(_ model: XMLElement, _ fields: PMMLFields, _ context: PMMLContext) {
    self.model = model
    self.fields = fields
    self.context = context
  }

  func lower(_ outputs: [String: Value], _ builder: inout ModelBuilder) throws(ReadError) -> PMMLLowering.Result {
    guard model.attribute("functionName") == "classification", PMMLWidth.of(model) == .float64 else {
      throw context.error(.unsupported, model, "a RegressionModel that does not make probabilities in float64 is not read")
    }
    let tables = model.children(named: "RegressionTable")
    var names: [String] = []
    for table in tables { names.append(try context.required("targetCategory", of: table)) }
    guard Set(names) == Set(fields.classes), names.count == fields.classes.count else {
      throw context.error(.inconsistent, model, "the regression tables are not those of the target's classes")
    }
    do {
      let probabilities: Value
      switch model.attribute("normalizationMethod") {
      case "logit":
        guard tables.count == 2, tables[1].children.allSatisfy({ $0.name == "Extension" }) else {
          throw context.error(.unsupported, model, "logit with other tables than one of predictors and one without")
        }
        let y = try table(tables[0], outputs, &builder)
        let one = try builder.float64([1])
        let power = try builder.add(.unary(.exponential, builder.add(.unary(.negate, y))))
        let p = try builder.add(.binary(.divide, one, builder.add(.binary(.add, one, power))))
        probabilities = try builder.add(.concatenate([p, builder.add(.binary(.subtract, one, p))]))
      case "softmax":
        var values: [Value] = []
        for element in tables { values.append(try table(element, outputs, &builder)) }
        let all = try builder.add(.concatenate(values))
        let maximum = try builder.add(.reduce(.maximum, all, count: 1))
        let powers = try builder.add(.unary(.exponential, builder.add(.binary(.subtract, all, maximum))))
        probabilities = try builder.add(.binary(.divide, powers, builder.add(.reduce(.sum, powers, count: 1))))
      case let other:
        throw context.error(.unsupported, model, attribute: "normalizationMethod", "normalizationMethod=\"\(other ?? "none")\" is not read")
      }
      let order = fields.classes.map { name in Int32(names.firstIndex(of: name) ?? 0) }
      return .classes(try builder.add(.gather(probabilities, order)))
    } catch let error as ReadError {
      throw error
    } catch let fault as ForestFault {
      throw context.wrap(fault, model)
    } catch {
      throw context.error(.unsupported, model, "the model cannot be represented")
    }
  }

  /// `Σ coefficient · x + intercept`, of values that models before have put out.
  private func table(_ table: XMLElement, _ outputs: [String: Value], _ builder: inout ModelBuilder) throws -> Value {
    var sum: Value?
    for term in table.children where term.name != "Extension" {
      let name = try context.required("name", of: term)
      try context.expect("exponent", of: term, in: ["1", "1.0"])
      guard term.name == "NumericPredictor", let value = outputs[name], let coefficient = try context.number("coefficient", of: term) else {
        throw context.error(.unsupported, term, "a term of a regression that is not a coefficient of a tree model's result")
      }
      let wide = builder.shape(of: value).kind == .number(.float64) ? value : try builder.add(.convert(value, to: .float64))
      let product = try builder.add(.binary(.multiply, wide, builder.float64([coefficient])))
      sum = try sum.map { try builder.add(.binary(.add, $0, product)) } ?? product
    }
    let intercept = try context.number("intercept", of: table) ?? 0
    guard let sum else { return try builder.float64([intercept]) }
    return intercept == 0 ? sum : try builder.add(.binary(.add, sum, builder.float64([intercept])))
  }
}
