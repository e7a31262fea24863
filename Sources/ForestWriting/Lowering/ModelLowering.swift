import ForestIR

/// Lowers one model into the body of one routine.
///
/// Steps that give one number become a constant; vectors become a local array filled in a loop. A step that only one other
/// reads, and only element by element, is written where it is read: `((x[i] - min[i]) * scale[i]) * 2 - 1`.
struct ModelLowering {
  let model: Model
  let program: ProgramBuilder
  /// The number of the model's first ensemble and of its first tree among all of the forest.
  let firstEnsemble: Int
  let firstTree: Int
  /// Names the model among all models of the forest: step and branch at each level.
  let path: [Int]

  var statements: [Statement] = []
  /// How each value can be read so far.
  var places: [Place]
  private var uses: [Int]
  private var needed: [Bool] = []
  /// The step whose trees need not be asked, since their sums are handed in as the array `sums`.
  private let givenStep: Int?
  /// Whether what was lowered reads the inputs.
  var readsInputs: Bool { needed[0] }
  /// How many operations are written into one expression before it is given a name.
  private static let inlineLimit = 10

  enum Place {
    case unknown
    /// A local or parameter array.
    case array(String, ScalarType)
    /// One number: a literal or a local.
    case scalar(Expression)
    /// Written where it is read; so many operations.
    case inline(size: Int)
  }

  init(model: Model, program: ProgramBuilder, firstEnsemble: Int, firstTree: Int, path: [Int], givenStep: Int? = nil) {
    self.givenStep = givenStep
    self.model = model
    self.program = program
    self.firstEnsemble = firstEnsemble
    self.firstTree = firstTree
    self.path = path
    places = [Place](repeating: .unknown, count: model.shapes.count)
    places[0] = .array("x", ScalarType(model.inputWidth))
    uses = [Int](repeating: 0, count: model.shapes.count)
  }

  // MARK: The three things that a model is asked for

  /// Appends what computes the given elements of the result and hands each to `store`.
  mutating func lowerResult(elements: [Int], store: (Int, Expression) -> Statement) {
    lower(elements: elements, of: model.result, store: store)
  }

  /// The same for any value of the model.
  mutating func lower(elements: [Int], of value: Value, store: (Int, Expression) -> Statement) {
    let sources = elements.map { source(of: $0, in: value) }
    plan(for: sources.map(\.value), countingUses: true)
    for index in model.steps.indices where needed[index + 1] { lower(step: index) }
    for (position, source) in sources.enumerated() {
      statements.append(store(position, element(source.value, .int(source.element))))
    }
  }

  /// Appends what writes the leaf numbers of all trees of the model to `leaf`.
  mutating func lowerLeaves() {
    let asking = model.steps.indices.filter { model.steps[$0].treeCount > 0 }
    plan(for: asking.flatMap { model.steps[$0].operandsForLeaves }, countingUses: true)
    for index in model.steps.indices {
      if model.steps[index].treeCount > 0 { lowerLeaves(ofStep: index) }
      if needed[index + 1] { lower(step: index) }
    }
  }

  private mutating func plan(for wanted: [Value], countingUses: Bool) {
    needed = [Bool](repeating: false, count: model.shapes.count)
    for value in wanted {
      needed[value.index] = true
      uses[value.index] += 1
    }
    for index in model.steps.indices.reversed() where needed[index + 1] && index != givenStep {
      for operand in model.steps[index].operands {
        needed[operand.index] = true
        uses[operand.index] += 1
      }
    }
  }

  /// Follows concatenations to where an element is computed.
  private func source(of element: Int, in value: Value) -> (value: Value, element: Int) {
    var value = value, element = element
    while value.index > 0 {
      switch model.steps[value.index - 1] {
      case .concatenate(let parts):
        var part = 0
        while element >= model.shape(of: parts[part]).count {
          element -= model.shape(of: parts[part]).count
          part += 1
        }
        value = parts[part]
      case .gather(let operand, let positions):
        element = Int(positions[element])
        value = operand
      default: return (value, element)
      }
    }
    return (value, element)
  }

  // MARK: Steps

  private mutating func lower(step index: Int) {
    let step = model.steps[index]
    let value = Value(index: index + 1)
    switch step {
    case .constant(let vector, let width):
      let type = ScalarType(width)
      let bits = vector.elements[0].bitPattern
      if vector.elements.allSatisfy({ $0.bitPattern == bits }) {
        places[value.index] = .scalar(.number(vector.elements[0], type))
      } else {
        places[value.index] = .inline(size: 0)
      }
    case .convert(let a, _), .gather(let a, _), .unary(_, let a), .isNaN(let a), .not(let a):
      lowerElementwise(value, operands: [a], cost: step.isFree ? 0 : 1)
    case .binary(_, let a, let b), .compare(_, let a, let b), .and(let a, let b), .or(let a, let b):
      lowerElementwise(value, operands: [a, b], cost: 1)
    case .select(let a, let b, let c):
      lowerElementwise(value, operands: [a, b, c], cost: 1)
    case .concatenate(let parts): lowerConcatenation(value, parts)
    case .any(let a): lowerAny(value, a)
    case .reduce(let reduction, let a, let count): lowerReduction(value, reduction, a, count: count)
    case .product(let matrix, let a): lowerProduct(value, matrix, a)
    case .curve(let curves, let a): lowerCurves(value, curves, a, inverse: false)
    case .inverseCurve(let curves, let a): lowerCurves(value, curves, a, inverse: true)
    case .medianWindowMean(let a, let weights, let halfWidth):
      let routine = program.medianRoutine(weights: weights, halfWidth: halfWidth)
      name(value, "centre", .call(routine, [.array(array(a), offset: nil)], .float64))
    case .weightedMedian(let a, let weights):
      let routine = program.medianRoutine(weights: weights, halfWidth: nil)
      name(value, "median", .call(routine, [.array(array(a), offset: nil)], .float64))
    case .indexOfMaximum(let a): lowerIndexOfMaximum(value, a)
    case .lookUp(let tables, let a): lowerLookUp(value, tables, a)
    case .trees where index == givenStep:
      let type = type(of: value)
      places[value.index] = model.shape(of: value).count == 1 ? .scalar(.element("sums", .int(0), type)) : .array("sums", type)
    case .trees(_, let a):
      let routine = program.ensembleRoutine(ensemble(ofStep: index), inputType: type(of: a))
      call(routine, on: a, into: value, named: "sum")
    case .members(let models, let a): lowerMembers(value, step: index, models, a)
    case .choose(let choice): lowerChoice(value, step: index, choice)
    }
  }

  private mutating func lowerElementwise(_ value: Value, operands: [Value], cost: Int) {
    var size = cost
    for operand in operands {
      if case .inline(let inner) = places[operand.index], inner > 0, model.shape(of: operand).count == 1,
        model.shape(of: value).count > 1
      {
        // One number for all elements is computed before the loop over them.
        materialise(operand, size: inner)
      }
      if case .inline(let inner) = places[operand.index] { size += inner }
    }
    let isWrittenOnce = uses[value.index] <= 1 || size == 0
    if isWrittenOnce, size <= ModelLowering.inlineLimit {
      places[value.index] = .inline(size: size)
    } else {
      materialise(value, size: size)
    }
  }

  /// Gives an inline value a name of its own.
  private mutating func materialise(_ value: Value, size: Int) {
    places[value.index] = .inline(size: size)
    let shape = model.shape(of: value)
    let type = model.scalarType(of: value)
    if shape.count == 1 {
      name(value, type == .truth ? "holds" : "value", element(value, .int(0)))
    } else {
      let local = freshLocal("values")
      let i = Expression.local("i", .int32)
      statements += [
        .array(local, type, count: shape.count),
        .for("i", from: .int(0), to: .int(shape.count), [.assignElement(of: local, at: i, element(value, i))]),
      ]
      places[value.index] = .array(local, type)
    }
  }

  mutating func name(_ value: Value, _ base: String, _ expression: Expression) {
    let local = freshLocal(base)
    statements.append(.constant(local, expression))
    places[value.index] = .scalar(.local(local, expression.type))
  }

  private var localNames: Set<String> = ["x", "out", "leaf", "i", "j", "tree", "sums"]

  mutating func freshLocal(_ base: String) -> String {
    var name = base
    var number = 2
    while localNames.contains(name) || program.isTaken(name) {
      name = "\(base)_\(number)"
      number += 1
    }
    localNames.insert(name)
    return name
  }

  /// The name of an array that holds a value, filling one if there is none.
  mutating func array(_ value: Value) -> String {
    if case .array(let name, _) = places[value.index] { return name }
    let shape = model.shape(of: value)
    let type = model.scalarType(of: value)
    let local = freshLocal("values")
    statements.append(.array(local, type, count: shape.count))
    if shape.count == 1 {
      statements.append(.assignElement(of: local, at: .int(0), element(value, .int(0))))
    } else {
      let i = Expression.local("i", .int32)
      statements.append(.for("i", from: .int(0), to: .int(shape.count), [.assignElement(of: local, at: i, element(value, i))]))
    }
    places[value.index] = .array(local, type)
    return local
  }

  /// The same in a certain type: rounded on entry to a model of another width.
  mutating func array(_ value: Value, as type: ScalarType) -> String {
    if self.type(of: value) == type { return array(value) }
    let local = freshLocal("rounded")
    let i = Expression.local("i", .int32)
    let source = element(value, i).converted(to: type)
    statements += [
      .array(local, type, count: model.shape(of: value).count),
      .for("i", from: .int(0), to: .int(model.shape(of: value).count), [.assignElement(of: local, at: i, source)]),
    ]
    return local
  }

  func type(of value: Value) -> ScalarType { model.scalarType(of: value) }

  /// Calls a routine that takes an array and gives the value: returned if it is one number, else written to an array.
  mutating func call(_ routine: String, on argument: Value, into value: Value, named base: String) {
    let input = array(argument)
    let shape = model.shape(of: value), type = type(of: value)
    if shape.count == 1 {
      name(value, base, .call(routine, [.array(input, offset: nil)], type))
    } else {
      let local = freshLocal(base + "s")
      statements += [
        .array(local, type, count: shape.count),
        .call(routine, [.array(input, offset: nil), .array(local, offset: nil)]),
      ]
      places[value.index] = .array(local, type)
    }
  }

  // MARK: Where the trees of a step stand among all

  func ensemble(ofStep index: Int) -> Int {
    firstEnsemble + model.steps[..<index].reduce(0) { $0 + $1.ensembleCount }
  }

  func tree(ofStep index: Int) -> Int {
    firstTree + model.steps[..<index].reduce(0) { $0 + $1.treeCount }
  }
}

extension Operation {
  /// How many ensembles the step holds, those of its models included.
  var ensembleCount: Int {
    if case .trees = self { return 1 }
    return models.reduce(0) { $0 + $1.ensembles.count }
  }

  /// What must be known to find the leaves that the step reaches: not its result, nor what only the result needs.
  var operandsForLeaves: [Value] {
    if case .choose(let choice) = self { return choice.branches.flatMap { [$0.condition, $0.argument] } }
    return operands
  }

  /// Costs nothing to write twice.
  var isFree: Bool {
    switch self {
    case .gather: true
    case .convert(_, to: .float64): true
    default: false
    }
  }
}

extension Model {
  func scalarType(of value: Value) -> ScalarType {
    switch shape(of: value).kind {
    case .number(let width): ScalarType(width)
    case .truth: .truth
    }
  }
}
