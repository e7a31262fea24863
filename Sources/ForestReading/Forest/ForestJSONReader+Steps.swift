import ForestIR

extension ForestJSONReader {
  /// Reads the members of one step.
  mutating func stepMembers(nesting: Int) throws(ReadError) -> StepMembers {
    var members = StepMembers(place: cursor.here)
    let index = 0...Int(Int32.max)
    try cursor.beginObject()
    while let key = try cursor.nextKey() {
      guard let name = StepMembers.Name(rawValue: key) else { throw unknown(key) }
      members.names.append(name)
      switch name {
      case .value: members.value = try cursor.integer(in: index, "the value of a step")
      case .operation: members.operation = try cursor.string()
      case .of: members.of = try list { (reader) throws(ReadError) in try reader.value() }
      case .width: members.width = try oneOf(Width.self)
      case .elements: members.elements = try numbers()
      case .to: members.to = try oneOf(Width.self)
      case .function: members.function = try cursor.string()
      case .comparison: members.comparison = try oneOf(Comparison.self)
      case .positions: members.positions = try int32s("a position")
      case .reduction: members.reduction = try oneOf(Reduction.self)
      case .count: members.count = try cursor.integer(in: index, "the number of heaps")
      case .matrix: members.matrix = try matrix()
      case .curves: members.curves = try list { (reader) throws(ReadError) in try reader.curve() }
      case .halfWidth: members.halfWidth = try cursor.integer(in: index, "half the width of a window")
      case .weights: members.weights = try numbers()
      case .tables: members.tables = try list { (reader) throws(ReadError) in Vector(try reader.numbers()) }
      case .fold: members.fold = try cursor.string()
      case .start: members.start = try numbers()
      case .groups: members.groups = try int32s("the group of a tree")
      case .trees: members.trees = try trees()
      case .models:
        members.models = try list { (reader) throws(ReadError) in try reader.model(nesting: nesting + 1) }
      case .ambiguity: members.ambiguity = try oneOf(Choice.Ambiguity.self)
      case .otherwise: members.otherwise = try value()
      case .branches:
        members.branches = try list { (reader) throws(ReadError) in try reader.branch(nesting: nesting) }
      }
    }
    return members
  }

  private mutating func branch(nesting: Int) throws(ReadError) -> Choice.Branch {
    let place = cursor.here
    var condition, argument: Value?
    var model: Model?
    try cursor.beginObject()
    while let key = try cursor.nextKey() {
      switch key {
      case "condition": condition = try value()
      case "argument": argument = try value()
      case "model": model = try self.model(nesting: nesting + 1)
      default: throw unknown(key)
      }
    }
    return Choice.Branch(
      condition: try needed(condition, "condition", in: place), model: try needed(model, "model", in: place),
      argument: try needed(argument, "argument", in: place))
  }

  private mutating func matrix() throws(ReadError) -> Matrix {
    let place = cursor.here
    var elements: [Double] = []
    var rows = 0
    var columns = 0
    try cursor.beginArray()
    while try cursor.nextElement() {
      let start = cursor.nextByte()
      let row = try numbers()
      if rows == 0 { columns = row.count }
      guard row.count == columns else {
        throw cursor.fault(.inconsistent, at: start, "a row of \(row.count) numbers in a matrix of \(columns) columns")
      }
      elements += row
      rows += 1
    }
    return try building(at: place) { () throws(ForestFault) in
      try Matrix(rows: rows, columns: columns, elements: elements)
    }
  }

  private mutating func curve() throws(ReadError) -> HistogramCurve {
    let place = cursor.here
    var axis: HistogramCurve.Axis?
    var contents: [Double]?
    var fineBins: Int?
    var floor: Double?
    try cursor.beginObject()
    while let key = try cursor.nextKey() {
      switch key {
      case "range", "edges":
        guard axis == nil else {
          throw cursor.fault(.duplicate, at: cursor.here, "a histogram has a range or edges, not both")
        }
        if key == "range" {
          let ends = try pairOfNumbers("the range of a histogram")
          axis = .uniform(lower: ends.0, upper: ends.1)
        } else {
          axis = .listed(Vector(try numbers()))
        }
      case "contents": contents = try numbers()
      case "fine_bins": fineBins = try cursor.integer(in: 0...1_000_000, "the number of fine bins")
      case "floor": floor = try number()
      default: throw unknown(key)
      }
    }
    let parts = (
      axis: try needed(axis, "range", in: place), contents: try needed(contents, "contents", in: place),
      fineBins: try needed(fineBins, "fine_bins", in: place), floor: try needed(floor, "floor", in: place)
    )
    return try building(at: place) { () throws(ForestFault) in
      try HistogramCurve(axis: parts.axis, contents: parts.contents, fineBins: parts.fineBins, floor: parts.floor)
    }
  }

  // MARK: Members to operations

  /// The operation that the members say.
  func operation(_ members: StepMembers) throws(ReadError) -> Operation {
    let place = members.place
    let name = try needed(members.operation, "operation", in: place)
    switch name {
    case "constant":
      _ = try operands(of: members, 0)
      return .constant(
        Vector(try needed(members.elements, "elements", in: place)), try needed(members.width, "width", in: place))
    case "convert": return .convert(try operand(of: members), to: try needed(members.to, "to", in: place))
    case "unary": return .unary(try function(UnaryFunction.self, of: members), try operand(of: members))
    case "binary":
      let (a, b) = try twoOperands(of: members)
      return .binary(try function(BinaryFunction.self, of: members), a, b)
    case "compare":
      let (a, b) = try twoOperands(of: members)
      return .compare(try needed(members.comparison, "comparison", in: place), a, b)
    case "isNaN": return .isNaN(try operand(of: members))
    case "not": return .not(try operand(of: members))
    case "and":
      let (a, b) = try twoOperands(of: members)
      return .and(a, b)
    case "or":
      let (a, b) = try twoOperands(of: members)
      return .or(a, b)
    case "any": return .any(try operand(of: members))
    case "select":
      let values = try operands(of: members, 3)
      return .select(values[0], values[1], values[2])
    case "gather":
      return .gather(try operand(of: members), try needed(members.positions, "positions", in: place))
    case "concatenate": return .concatenate(try needed(members.of, "of", in: place))
    case "reduce":
      return .reduce(
        try needed(members.reduction, "reduction", in: place), try operand(of: members),
        count: try needed(members.count, "count", in: place))
    case "indexOfMaximum": return .indexOfMaximum(try operand(of: members))
    case "lookUp": return .lookUp(try needed(members.tables, "tables", in: place), try operand(of: members))
    case "weightedMedian":
      return .weightedMedian(try operand(of: members), weights: Vector(try needed(members.weights, "weights", in: place)))
    case "product": return .product(try needed(members.matrix, "matrix", in: place), try operand(of: members))
    case "curve": return .curve(try needed(members.curves, "curves", in: place), try operand(of: members))
    case "inverseCurve":
      return .inverseCurve(try needed(members.curves, "curves", in: place), try operand(of: members))
    case "medianWindowMean":
      return .medianWindowMean(
        try operand(of: members), weights: Vector(try needed(members.weights, "weights", in: place)),
        halfWidth: try needed(members.halfWidth, "half_width", in: place))
    case "trees": return .trees(try ensemble(members), try operand(of: members))
    case "members": return .members(try needed(members.models, "models", in: place), try operand(of: members))
    case "choose":
      return .choose(
        Choice(
          branches: try needed(members.branches, "branches", in: place),
          otherwise: try needed(members.otherwise, "otherwise", in: place),
          ambiguity: try needed(members.ambiguity, "ambiguity", in: place)))
    default:
      throw cursor.fault(.unsupported, at: place, below: ".operation", "no operation is called \"\(JSONCursor.clipped(name))\"")
    }
  }

  private func ensemble(_ members: StepMembers) throws(ReadError) -> TreeEnsemble {
    let place = members.place
    let trees = try needed(members.trees, "trees", in: place)
    let width = try needed(members.width, "width", in: place)
    let fold: TreeEnsemble.Fold
    switch try needed(members.fold, "fold", in: place) {
    case "sum": fold = .sum(start: Vector(try needed(members.start, "start", in: place)))
    case "each": fold = .each
    case let other:
      throw cursor.fault(.malformed, at: place, below: ".fold", "\"\(JSONCursor.clipped(other))\" is none of: sum, each")
    }
    do throws(ForestFault) {
      return try TreeEnsemble(
        trees: trees.trees, groups: members.groups, weights: members.weights, width: width, fold: fold)
    } catch {
      guard let tree = error.tree, trees.places.indices.contains(tree) else { throw refusal(error, at: place) }
      throw refusal(error, at: JSONCursor.Place(byte: trees.places[tree], path: "\(trees.path)[\(tree)]"))
    }
  }

  private func operands(of members: StepMembers, _ count: Int) throws(ReadError) -> [Value] {
    let values = try needed(members.of, "of", in: members.place)
    guard values.count == count else {
      throw cursor.fault(
        .inconsistent, at: members.place, below: ".of",
        "a step \"\(members.operation ?? "")\" reads \(count) values, not \(values.count)")
    }
    return values
  }

  private func operand(of members: StepMembers) throws(ReadError) -> Value { try operands(of: members, 1)[0] }

  private func twoOperands(of members: StepMembers) throws(ReadError) -> (Value, Value) {
    let values = try operands(of: members, 2)
    return (values[0], values[1])
  }

  private func function<Function: RawRepresentable<String> & CaseIterable>(
    _ type: Function.Type, of members: StepMembers
  ) throws(ReadError) -> Function {
    let name = try needed(members.function, "function", in: members.place)
    guard let function = Function(rawValue: name) else {
      let names = Function.allCases.map(\.rawValue).joined(separator: ", ")
      throw cursor.fault(
        .malformed, at: members.place, below: ".function", "\"\(JSONCursor.clipped(name))\" is none of: \(names)")
    }
    return function
  }
}
