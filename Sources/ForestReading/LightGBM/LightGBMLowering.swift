import ForestIR

/// From the trees to the forest: their sums, and what the objective makes of them.
struct LightGBMLowering {
  let header: LightGBMHeader
  let columns: LightGBMColumns
  let remarks: Remarks
  /// The name of the form that was read.
  let format: String

  /// - Parameter trees: tree i adds to output i mod (number of outputs).
  func forest(_ trees: consuming [Tree], _ source: Provenance.Source?) throws(ReadError) -> Forest {
    let count = header.outputCount
    let objective: LightGBMObjective
    do throws(LightGBMObjective.Fault) {
      objective = try LightGBMObjective(header.objective, outputCount: count)
    } catch {
      throw header.fault(.inconsistent, "objective", error.message)
    }
    guard trees.count % count == 0 else {
      throw header.fault(
        .inconsistent, "num_tree_per_iteration", "\(trees.count) trees, which are no whole iterations of \(count) trees")
    }
    let iterations = trees.count / count
    let description = LightGBMDescription(
      header: header, objective: objective, remarks: remarks, format: format, iterations: iterations)
    do throws(ForestFault) {
      var builder = ModelBuilder(inputCount: header.featureCount, width: .float64)
      let start = Vector([Double](repeating: 0, count: count))
      let raw: Value
      if trees.isEmpty {
        remarks.note(.oddity, "the model has no trees: its raw score is 0 for every event")
        raw = try builder.add(.constant(start, .float64))
      } else {
        let groups = count == 1 ? nil : trees.indices.map { Int32($0 % count) }
        let features = try columns.vector(&builder)
        let ensemble = try TreeEnsemble(trees: trees, groups: groups, width: .float64, fold: .sum(start: start))
        raw = try builder.add(.trees(ensemble, features))
      }
      guard description.hasPrediction else {
        let model = try builder.model(result: raw)
        return try description.forest(model, source)
      }
      var sum = raw
      if header.averages == true {
        sum = try builder.add(.binary(.divide, raw, builder.float64([Double(iterations)])))
      }
      let prediction = try builder.add(objective.link, of: sum)
      let result = try builder.add(.concatenate([raw, prediction]))
      let model = try builder.model(result: result)
      return try description.forest(model, source)
    } catch {
      throw header.fault(error.code == .limit ? .limit : .inconsistent, nil, error.message)
    }
  }
}

extension ModelBuilder {
  /// Appends the steps from sums to predictions: float64 throughout, each operation as LightGBM does it.
  fileprivate mutating func add(_ link: LightGBMObjective.Link, of x: Value) throws(ForestFault) -> Value {
    switch link {
    case .identity, .unknown: return x
    case .logistic(let steepness):
      let exponent = try steepness == 1 ? add(.unary(.negate, x)) : add(.binary(.multiply, float64([-steepness]), x))
      let power = try add(.unary(.exponential, exponent))
      let one = try float64([1])
      let denominator = try add(.binary(.add, one, power))
      return try add(.binary(.divide, one, denominator))
    case .softmax:
      let largest = try add(.reduce(.maximum, x, count: 1))
      let differences = try add(.binary(.subtract, x, largest))
      let powers = try add(.unary(.exponential, differences))
      let total = try add(.reduce(.sum, powers, count: 1))
      return try add(.binary(.divide, powers, total))
    case .softPlus:
      let power = try add(.unary(.exponential, x))
      return try add(.unary(.logarithmOfOnePlus, power))
    case .exponential: return try add(.unary(.exponential, x))
    case .signedSquare:
      let zero = try float64([0])
      let isPositive = try add(.compare(.greater, x, zero))
      let isNegative = try add(.compare(.less, x, zero))
      let others = try add(.select(isNegative, float64([-1]), zero))
      let sign = try add(.select(isPositive, float64([1]), others))
      let signed = try add(.binary(.multiply, sign, x))
      return try add(.binary(.multiply, signed, x))
    }
  }
}
