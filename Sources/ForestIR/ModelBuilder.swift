/// Makes models, step by step, and refuses any step that does not fit: the only door into the IR.
///
///     var builder = ModelBuilder(inputCount: 2, width: .float32)
///     let sum = try builder.add(.trees(ensemble, .inputs))
///     let model = try builder.model(result: sum)
///
/// After it nobody checks again: lengths agree, widths agree, indices are in range.
package struct ModelBuilder: Sendable {
  private let inputShape: Shape
  private var steps: [Operation] = []
  private var shapes: [Shape]
  private var treeCount = 0
  /// All numbers that the model's vectors hold together, to bound what a small file can inflate.
  private var elementCount: Int

  /// More elements than this, over all vectors of a model, are refused.
  package static let elementLimit = 1 << 26
  /// Every position in a table of this many numbers is a float32 number.
  private static let float32PositionLimit = 1 << 24
  /// Models inside models inside models … deeper than this are refused.
  package static let nestingLimit = 32

  /// - Parameters:
  ///   - inputCount: how many inputs there are; at least 1.
  ///   - width: the width to which they are rounded on entry.
  package init(inputCount: Int, width: Width) {
    inputShape = Shape(count: max(1, inputCount), kind: .number(width))
    shapes = [inputShape]
    elementCount = inputShape.count
  }

  package func shape(of value: Value) -> Shape { shapes[value.index] }

  /// Appends a step.
  ///
  /// - Returns: the name of its result.
  /// - Throws: `ForestFault`, saying what does not fit.
  package mutating func add(_ step: Operation) throws(ForestFault) -> Value {
    for operand in step.operands where operand.index < 0 || operand.index >= shapes.count {
      throw ForestFault(.index, "a step reads value \(operand.index) of \(shapes.count)")
    }
    let shape = try resultShape(of: step)
    // Subtracting cannot overflow, whatever count of inputs a file claims; adding could.
    guard shape.count <= ModelBuilder.elementLimit - elementCount else {
      throw ForestFault(.limit, "the vectors of the model have more than \(ModelBuilder.elementLimit) elements")
    }
    elementCount += shape.count
    steps.append(step)
    shapes.append(shape)
    treeCount += step.treeCount
    return Value(index: steps.count)
  }

  /// The finished model.
  ///
  /// It is `mutating` only so that the compiler refuses `builder.model(result: builder.add(…))`, which would finish a copy
  /// taken before the step was added.
  package mutating func model(result: Value) throws(ForestFault) -> Model {
    guard shapes.indices.contains(result.index) else {
      throw ForestFault(.index, "the result is value \(result.index) of \(shapes.count)")
    }
    let model = Model(inputShape: inputShape, steps: steps, result: result, shapes: shapes, treeCount: treeCount)
    guard model.nesting <= ModelBuilder.nestingLimit else {
      throw ForestFault(.limit, "models within models, \(model.nesting) deep")
    }
    return model
  }

  private func resultShape(of step: Operation) throws(ForestFault) -> Shape {
    switch step {
    case .constant(let vector, let width):
      guard vector.count > 0 else { throw ForestFault(.shape, "an empty constant") }
      guard vector.elements.allSatisfy(width.holds) else {
        throw ForestFault(.number, "a constant is not a \(width) number")
      }
      return Shape(count: vector.count, kind: .number(width))

    case .convert(let a, let width):
      _ = try self.width(of: a, in: "a conversion")
      return Shape(count: shape(of: a).count, kind: .number(width))

    case .unary(let function, let a):
      let width = try width(of: a, in: function.rawValue)
      guard width == .float64 || function.isInBothWidths else {
        throw ForestFault(.shape, "\(function.rawValue) computes in float64 only")
      }
      return shape(of: a)

    case .binary(let function, let a, let b):
      let width = try width(of: a, in: function.rawValue)
      guard try self.width(of: b, in: function.rawValue) == width else {
        throw ForestFault(.shape, "\(function.rawValue) of different widths")
      }
      guard width == .float64 || function.isInBothWidths else {
        throw ForestFault(.shape, "\(function.rawValue) computes in float64 only")
      }
      return Shape(count: try commonCount([a, b]), kind: .number(width))

    case .compare(_, let a, let b):
      guard try width(of: a, in: "a comparison") == width(of: b, in: "a comparison") else {
        throw ForestFault(.shape, "a comparison of different widths")
      }
      return Shape(count: try commonCount([a, b]), kind: .truth)

    case .isNaN(let a):
      _ = try width(of: a, in: "a test for NaN")
      return Shape(count: shape(of: a).count, kind: .truth)

    case .not(let a):
      try expectTruth(a)
      return shape(of: a)

    case .and(let a, let b), .or(let a, let b):
      try expectTruth(a)
      try expectTruth(b)
      return Shape(count: try commonCount([a, b]), kind: .truth)

    case .any(let a):
      try expectTruth(a)
      return Shape(count: 1, kind: .truth)

    case .select(let condition, let a, let b):
      try expectTruth(condition)
      guard try width(of: a, in: "a selection") == width(of: b, in: "a selection") else {
        throw ForestFault(.shape, "a selection between different widths")
      }
      return Shape(count: try commonCount([condition, a, b]), kind: shape(of: a).kind)

    case .gather(let a, let positions):
      guard !positions.isEmpty else { throw ForestFault(.shape, "an empty gather") }
      if let position = positions.first(where: { $0 < 0 || Int($0) >= shape(of: a).count }) {
        throw ForestFault(.index, "element \(position) of a vector of \(shape(of: a).count)")
      }
      return Shape(count: positions.count, kind: shape(of: a).kind)

    case .concatenate(let values):
      guard let first = values.first else { throw ForestFault(.shape, "nothing to concatenate") }
      guard values.allSatisfy({ shape(of: $0).kind == shape(of: first).kind }) else {
        throw ForestFault(.shape, "vectors of different kinds cannot be concatenated")
      }
      return Shape(count: values.reduce(0) { $0 + shape(of: $1).count }, kind: shape(of: first).kind)

    case .reduce(_, let a, let count):
      _ = try width(of: a, in: "a reduction")
      guard count > 0, shape(of: a).count % count == 0 else {
        throw ForestFault(.shape, "\(shape(of: a).count) elements cannot be dealt out to \(count) heaps")
      }
      return Shape(count: count, kind: shape(of: a).kind)

    case .indexOfMaximum(let a):
      _ = try width(of: a, in: "the index of a maximum")
      return Shape(count: 1, kind: .number(.float64))

    case .lookUp(let tables, let a):
      let width = try width(of: a, in: "a look-up")
      guard tables.count == shape(of: a).count, tables.allSatisfy({ $0.count > 0 }) else {
        throw ForestFault(.shape, "\(tables.count) tables, none of them empty, for \(shape(of: a).count) elements")
      }
      if width == .float32, let table = tables.first(where: { $0.count > ModelBuilder.float32PositionLimit }) {
        throw ForestFault(.limit, "a look-up among \(table.count) numbers, whose positions float32 does not hold")
      }
      return Shape(count: tables.count, kind: .number(width))

    case .product(let matrix, let a):
      try expectFloat64(a, in: "a matrix product")
      guard matrix.columns == shape(of: a).count else {
        throw ForestFault(.shape, "a matrix of \(matrix.columns) columns times \(shape(of: a).count) elements")
      }
      return Shape(count: matrix.rows, kind: .number(.float64))

    case .curve(let curves, let a), .inverseCurve(let curves, let a):
      try expectFloat64(a, in: "a curve")
      guard curves.count == shape(of: a).count else {
        throw ForestFault(.shape, "\(curves.count) curves for \(shape(of: a).count) elements")
      }
      return shape(of: a)

    case .medianWindowMean(let a, let weights, let halfWidth):
      guard halfWidth >= 0 else { throw ForestFault(.shape, "a window of half width \(halfWidth)") }
      return try medianShape(a, weights)

    case .weightedMedian(let a, let weights): return try medianShape(a, weights)

    case .trees(let ensemble, let a):
      _ = try width(of: a, in: "trees")
      guard ensemble.featureCount <= shape(of: a).count else {
        throw ForestFault(.index, "the trees ask for feature \(ensemble.featureCount - 1) of \(shape(of: a).count)")
      }
      return Shape(count: ensemble.resultCount, kind: .number(ensemble.width))

    case .members(let models, let a):
      guard let first = models.first else { throw ForestFault(.shape, "an ensemble without members") }
      var count = 0
      for model in models {
        try expectReadable(shape(of: a), by: model)
        guard model.resultShape.kind == first.resultShape.kind else {
          throw ForestFault(.shape, "members of different kinds")
        }
        count += model.resultShape.count
      }
      return Shape(count: count, kind: first.resultShape.kind)

    case .choose(let choice):
      guard !choice.branches.isEmpty else { throw ForestFault(.shape, "a choice without branches") }
      let expected = shape(of: choice.otherwise)
      guard case .number = expected.kind else { throw ForestFault(.shape, "a choice must give numbers") }
      for branch in choice.branches {
        try expectTruth(branch.condition)
        guard shape(of: branch.condition).count == 1 else {
          throw ForestFault(.shape, "the condition of a choice must be one truth value")
        }
        try expectReadable(shape(of: branch.argument), by: branch.model)
        guard branch.model.resultShape == expected else {
          throw ForestFault(.shape, "the models of a choice give results of different shapes")
        }
      }
      return expected
    }
  }

  private func medianShape(_ value: Value, _ weights: Vector) throws(ForestFault) -> Shape {
    try expectFloat64(value, in: "a weighted median")
    guard weights.count == shape(of: value).count else {
      throw ForestFault(.shape, "\(weights.count) weights for \(shape(of: value).count) elements")
    }
    let total = weights.elements.reduce(0, +)
    guard weights.elements.allSatisfy({ $0 >= 0 }), total > 0, total.isFinite else {
      throw ForestFault(.number, "the weights of a median must be finite, not negative, and not all 0")
    }
    return Shape(count: 1, kind: .number(.float64))
  }

  private func width(of value: Value, in what: String) throws(ForestFault) -> Width {
    guard case .number(let width) = shape(of: value).kind else {
      throw ForestFault(.shape, "\(what) needs numbers, not truth values")
    }
    return width
  }

  private func expectFloat64(_ value: Value, in what: String) throws(ForestFault) {
    guard try width(of: value, in: what) == .float64 else { throw ForestFault(.shape, "\(what) computes in float64 only") }
  }

  private func expectTruth(_ value: Value) throws(ForestFault) {
    guard case .truth = shape(of: value).kind else { throw ForestFault(.shape, "a truth value is needed, not numbers") }
  }

  /// A model reads a vector of its own length and of a width that its own entry rounding may narrow.
  private func expectReadable(_ shape: Shape, by model: Model) throws(ForestFault) {
    guard case .number = shape.kind, shape.count == model.inputShape.count else {
      throw ForestFault(.shape, "a model of \(model.inputShape.count) inputs cannot read \(shape.count) elements")
    }
  }

  /// The common length of vectors of which those of length 1 are repeated.
  private func commonCount(_ values: [Value]) throws(ForestFault) -> Int {
    let count = values.reduce(1) { max($0, shape(of: $1).count) }
    guard values.allSatisfy({ shape(of: $0).count == 1 || shape(of: $0).count == count }) else {
      throw ForestFault(.shape, "vectors of different lengths: \(values.map { String(shape(of: $0).count) }.joined(separator: ", "))")
    }
    return count
  }
}

extension UnaryFunction {
  /// Correctly rounded in either width.
  package var isExact: Bool {
    switch self {
    case .negate, .absolute, .squareRoot, .truncate: true
    default: false
    }
  }
}

extension UnaryFunction {
  package var isInBothWidths: Bool { isExact || self == .exponential }
}

extension BinaryFunction {
  package var isInBothWidths: Bool {
    switch self {
    case .add, .subtract, .multiply, .divide, .minimum, .maximum: true
    default: false
    }
  }
}

extension Model {
  /// 1 for a model without inner models. Models are finished from the inside outwards, each at most one deeper than
  /// the deepest that was proved to be within the limit, so the recursion is bounded.
  var nesting: Int { 1 + (steps.flatMap(\.models).map(\.nesting).max() ?? 0) }
}
