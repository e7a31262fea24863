import ForestIR

/// Steps that change the length of a vector, and steps that hold models.
extension ModelLowering {
  mutating func lowerConcatenation(_ value: Value, _ parts: [Value]) {
    let type = type(of: value)
    let local = freshLocal("joined")
    statements.append(.array(local, type, count: model.shape(of: value).count))
    var first = 0
    for part in parts {
      let count = model.shape(of: part).count
      if count == 1 {
        statements.append(.assignElement(of: local, at: .int(first), element(part, .int(0))))
      } else {
        let i = Expression.local("i", .int32)
        statements.append(
          .for("i", from: .int(0), to: .int(count), [
            .assignElement(of: local, at: first == 0 ? i : i + .int(first), element(part, i))
          ]))
      }
      first += count
    }
    places[value.index] = .array(local, type)
  }

  mutating func lowerAny(_ value: Value, _ operand: Value) {
    let count = model.shape(of: operand).count
    if count == 1 {
      name(value, "any", element(operand, .int(0)))
      return
    }
    let local = freshLocal("any")
    let i = Expression.local("i", .int32)
    statements += [
      .variable(local, .truth(false)),
      .for("i", from: .int(0), to: .int(count), [.if(element(operand, i), [.assign(local, .truth(true))], else: [])]),
    ]
    places[value.index] = .scalar(.local(local, .truth))
  }

  mutating func lowerReduction(_ value: Value, _ reduction: Reduction, _ operand: Value, count heaps: Int) {
    if reduction == .pairwiseSum {
      lowerPairwiseSum(value, operand, count: heaps)
      return
    }
    let type = type(of: value)
    let count = model.shape(of: operand).count
    // A maximum names each element twice, so it must not be an expression that costs something.
    if reduction == .maximum, case .inline(let size) = places[operand.index], size > 0 { _ = array(operand) }
    let i = Expression.local("i", .int32), j = Expression.local("j", .int32)
    func folded(_ so_far: Expression, _ next: Expression) -> Expression {
      reduction == .sum ? so_far + next : .conditional(next.compared(.greater, so_far), next, so_far)
    }
    // A sum starts with 0, a maximum with the heap's first element.
    func start(_ heap: Expression) -> Expression { reduction == .sum ? .number(0, type) : element(operand, heap) }
    let firstRound = reduction == .sum ? 0 : 1
    if heaps == 1 {
      let local = freshLocal(reduction == .sum ? "total" : "largest")
      statements.append(.variable(local, start(.int(0))))
      if firstRound < count {
        statements.append(
          .for("i", from: .int(firstRound), to: .int(count), [.assign(local, folded(.local(local, type), element(operand, i)))]))
      }
      places[value.index] = .scalar(.local(local, type))
      return
    }
    let local = freshLocal(reduction == .sum ? "totals" : "largest")
    statements += [
      .array(local, type, count: heaps),
      .for("i", from: .int(0), to: .int(heaps), [.assignElement(of: local, at: i, start(i))]),
    ]
    if firstRound < count / heaps {
      statements.append(
        .for("j", from: .int(firstRound), to: .int(count / heaps), [
          .for("i", from: .int(0), to: .int(heaps), [
            .assignElement(
              of: local, at: i,
              folded(.element(local, i, type), element(operand, Expression(.int32, .arithmetic(.multiply, j, .int(heaps))) + i)))
          ])
        ]))
    }
    places[value.index] = .array(local, type)
  }

  /// The index of the first largest element; a NaN is passed over unless it comes first.
  mutating func lowerIndexOfMaximum(_ value: Value, _ operand: Value) {
    let input = array(operand), type = self.type(of: operand)
    let local = freshLocal("largest"), i = Expression.local("i", .int32)
    let isLarger = Expression.element(input, i, type).compared(.greater, .element(input, .local(local, .int32), type))
    statements += [
      .variable(local, .int(0)),
      .for("i", from: .int(1), to: .int(model.shape(of: operand).count), [.if(isLarger, [.assign(local, i)], else: [])]),
    ]
    places[value.index] = .scalar(Expression.local(local, .int32).converted(to: .float64))
  }

  /// Each element's position in its table, by a search from the front; NaN where it is not there.
  mutating func lowerLookUp(_ value: Value, _ tables: [Vector], _ operand: Value) {
    let type = type(of: value)
    let local = freshLocal("codes")
    statements.append(.array(local, type, count: tables.count))
    for (index, table) in tables.enumerated() {
      // A known value need not be a number of the operand's width; then it equals none, and rounding would change that.
      let knownType: ScalarType = table.elements.allSatisfy(Width.float32.holds) ? type : .float64
      let known = program.constants(table, knownType, named: "known_values")
      let code = Expression.element(local, .int(index), type), i = Expression.local("i", .int32)
      let isFound = element(operand, .int(index)).converted(to: knownType)
        .compared(.equal, Expression(knownType, .table(known, at: i)))
      statements += [
        .assignElement(of: local, at: .int(index), .number(.nan, type)),
        .for("i", from: .int(0), to: .int(table.count), [
          .if(
            isFound.and(.intrinsic(.isNaN, code)), [.assignElement(of: local, at: .int(index), i.converted(to: type))], else: [])
        ]),
      ]
    }
    places[value.index] = .array(local, type)
  }

  /// `Reduction.pairwiseSum`, written out for the fixed number of elements of each heap.
  private mutating func lowerPairwiseSum(_ value: Value, _ operand: Value, count heaps: Int) {
    let input = array(operand), type = type(of: value)
    let count = model.shape(of: operand).count / heaps
    func sum(_ first: Int, _ count: Int, heap: Int) -> Expression {
      func term(_ i: Int) -> Expression { .element(input, .int((first + i) * heaps + heap), type) }
      func named(_ expression: Expression, _ base: String) -> Expression {
        let local = freshLocal(base)
        statements.append(.constant(local, expression))
        return .local(local, type)
      }
      if count > 128 {
        let half = count / 2 - count / 2 % 8
        let left = sum(first, half, heap: heap), right = sum(first + half, count - half, heap: heap)
        return named(left + right, "part")
      }
      if count < 8 { return (0..<count).reduce(.number(0, type)) { $0 + term($1) } }
      let whole = count - count % 8
      let r = (0..<8).map { lane in
        named(stride(from: lane + 8, to: whole, by: 8).reduce(term(lane)) { $0 + term($1) }, "lane")
      }
      let total = ((r[0] + r[1]) + (r[2] + r[3])) + ((r[4] + r[5]) + (r[6] + r[7]))
      return named((whole..<count).reduce(total) { $0 + term($1) }, "part")
    }
    if heaps == 1 {
      name(value, "total", sum(0, count, heap: 0))
      return
    }
    let local = freshLocal("totals")
    statements.append(.array(local, type, count: heaps))
    for heap in 0..<heaps {
      let total = sum(0, count, heap: heap)
      statements.append(.assignElement(of: local, at: .int(heap), total))
    }
    places[value.index] = .array(local, type)
  }

  mutating func lowerProduct(_ value: Value, _ matrix: Matrix, _ operand: Value) {
    let input = array(operand)
    let local = freshLocal("rotated")
    let table = program.constants(matrix.elements, .float64, named: "matrix")
    let i = Expression.local("i", .int32), j = Expression.local("j", .int32)
    let entry = Expression(.float64, .table(table, at: Expression(.int32, .arithmetic(.multiply, i, .int(matrix.columns))) + j))
    statements += [
      .array(local, .float64, count: matrix.rows),
      .for("i", from: .int(0), to: .int(matrix.rows), [
        .variable("element", .float64(0)),
        .for("j", from: .int(0), to: .int(matrix.columns), [
          .assign("element", .local("element", .float64) + entry * .element(input, j, .float64))
        ]),
        .assignElement(of: local, at: i, .local("element", .float64)),
      ]),
    ]
    places[value.index] = .array(local, .float64)
  }

  mutating func lowerCurves(_ value: Value, _ curves: [HistogramCurve], _ operand: Value, inverse: Bool) {
    let count = curves.count
    let calls = curves.map { program.curveRoutine($0, inverse: inverse) }
    func call(_ routine: String, _ curve: Expression, _ argument: Expression) -> Expression {
      .call(routine, [.value(curve), .value(argument)], .float64)
    }
    if count == 1 {
      name(value, "cumulative", call(calls[0].routine, .int(calls[0].curve), element(operand, .int(0))))
      return
    }
    let local = freshLocal("cumulative")
    statements.append(.array(local, .float64, count: count))
    let isOneRun = calls.indices.allSatisfy { calls[$0].routine == calls[0].routine && calls[$0].curve == calls[0].curve + $0 }
    if isOneRun {
      let i = Expression.local("i", .int32)
      let curve = calls[0].curve == 0 ? i : i + .int(calls[0].curve)
      statements.append(
        .for("i", from: .int(0), to: .int(count), [
          .assignElement(of: local, at: i, call(calls[0].routine, curve, element(operand, i)))
        ]))
    } else {
      statements += calls.indices.map {
        .assignElement(of: local, at: .int($0), call(calls[$0].routine, .int(calls[$0].curve), element(operand, .int($0))))
      }
    }
    places[value.index] = .array(local, .float64)
  }

  mutating func lowerMembers(_ value: Value, step index: Int, _ models: [Model], _ operand: Value) {
    let type = type(of: value)
    let local = freshLocal("members")
    statements.append(.array(local, type, count: model.shape(of: value).count))
    var first = 0
    for (position, member) in models.enumerated() {
      let routine = inner(position, ofStep: index).resultRoutine()
      let input = array(operand, as: ScalarType(member.inputWidth))
      if member.resultShape.count == 1 {
        statements.append(.assignElement(of: local, at: .int(first), .call(routine, [.array(input, offset: nil)], type)))
      } else {
        statements.append(.call(routine, [.array(input, offset: nil), .array(local, offset: .int(first))]))
      }
      first += member.resultShape.count
    }
    places[value.index] = .array(local, type)
  }

  mutating func lowerChoice(_ value: Value, step index: Int, _ choice: Choice) {
    let type = type(of: value)
    let count = model.shape(of: value).count
    let inputs = choice.branches.map { array($0.argument, as: ScalarType($0.model.inputWidth)) }
    let local = freshLocal(count == 1 ? "chosen" : "chosen_values")
    let i = Expression.local("i", .int32)
    let bodies: [[Statement]] = choice.branches.indices.map { branch in
      let routine = inner(branch, ofStep: index).resultRoutine()
      let argument = Argument.array(inputs[branch], offset: nil)
      return count == 1
        ? [.assign(local, .call(routine, [argument], type))] : [.call(routine, [argument, .array(local, offset: nil)])]
    }
    if count == 1 {
      statements.append(.variable(local, element(choice.otherwise, .int(0))))
    } else {
      statements += [
        .array(local, type, count: count),
        .for("i", from: .int(0), to: .int(count), [.assignElement(of: local, at: i, element(choice.otherwise, i))]),
      ]
    }
    let nothing: [Statement] =
      count == 1
      ? [.assign(local, .number(.nan, type))]
      : [.for("i", from: .int(0), to: .int(count), [.assignElement(of: local, at: i, .number(.nan, type))])]
    decide(choice, bodies: bodies, ambiguous: nothing)
    places[value.index] = count == 1 ? .scalar(.local(local, type)) : .array(local, type)
  }

  /// Appends the conditions of a choice around what each branch does.
  private mutating func decide(_ choice: Choice, bodies: [[Statement]], ambiguous: [Statement]) {
    let conditions = choice.branches.map { element($0.condition, .int(0)) }
    var chain: [Statement] = []
    for branch in choice.branches.indices.reversed() {
      chain = [.if(conditions[branch], bodies[branch], else: chain)]
    }
    if choice.ambiguity == .refused, conditions.count > 1 {
      let matches = freshLocal("matches")
      let holding = conditions.map { Expression.conditional($0, .int(1), .int(0)) }
      statements.append(.constant(matches, holding.dropFirst().reduce(holding[0]) { $0 + $1 }))
      chain = [.if(.local(matches, .int32).compared(.greater, .int(1)), ambiguous, else: chain)]
    }
    statements += chain
  }

  // MARK: Leaves

  mutating func lowerLeaves(ofStep index: Int) {
    let leaf = Argument.array("leaf", offset: tree(ofStep: index) == firstTree ? nil : .int(tree(ofStep: index) - firstTree))
    switch model.steps[index] {
    case .trees(_, let a):
      let routine = program.leavesRoutine(ensemble(ofStep: index), inputType: type(of: a))
      statements.append(.call(routine, [.array(array(a), offset: nil), leaf]))
    case .members(let models, let a):
      for (position, member) in models.enumerated() where member.treeCount > 0 {
        let lowering = inner(position, ofStep: index)
        let input = array(a, as: ScalarType(member.inputWidth))
        statements.append(
          .call(lowering.leavesRoutine(), [
            .array(input, offset: nil), .array("leaf", offset: lowering.firstTree == firstTree ? nil : .int(lowering.firstTree - firstTree)),
          ]))
      }
    case .choose(let choice):
      let bodies: [[Statement]] = choice.branches.indices.map { branch in
        let lowering = inner(branch, ofStep: index)
        guard lowering.model.treeCount > 0 else { return [] }
        let input = array(choice.branches[branch].argument, as: ScalarType(lowering.model.inputWidth))
        return [
          .call(lowering.leavesRoutine(), [
            .array(input, offset: nil), .array("leaf", offset: lowering.firstTree == firstTree ? nil : .int(lowering.firstTree - firstTree)),
          ])
        ]
      }
      decide(choice, bodies: bodies, ambiguous: [])
    default: break
    }
  }

  // MARK: Models within

  private func inner(_ position: Int, ofStep index: Int) -> ModelLowering {
    let models = model.steps[index].models
    return ModelLowering(
      model: models[position], program: program,
      firstEnsemble: ensemble(ofStep: index) + models[..<position].reduce(0) { $0 + $1.ensembles.count },
      firstTree: tree(ofStep: index) + models[..<position].reduce(0) { $0 + $1.treeCount },
      path: path + [index, position])
  }

  private var pathName: String { path.isEmpty ? "" : "_" + path.map(String.init).joined(separator: "_") }

  /// The routine of an inner model: `x` → its result, returned if it is one number, else written to `out`.
  private func resultRoutine() -> String {
    let name = "model" + pathName
    guard program.claim(name) else { return name }
    var lowering = self
    let shape = model.resultShape, type = model.scalarType(of: model.result)
    lowering.lowerResult(elements: Array(0..<shape.count)) { position, expression in
      shape.count == 1 ? .return(expression) : .assignElement(of: "out", at: .int(position), expression)
    }
    program.add(
      Routine(
        name, comment: "One of the models that the forest is made of.",
        parameters: [.init("x", .input(ScalarType(model.inputWidth)))] + (shape.count == 1 ? [] : [.init("out", .output(type))]),
        result: shape.count == 1 ? .scalar(type) : .nothing, body: .statements(lowering.statements)))
    return name
  }

  private func leavesRoutine() -> String {
    let name = "leaves_of_model" + pathName
    guard program.claim(name) else { return name }
    var lowering = self
    lowering.lowerLeaves()
    program.add(
      Routine(
        name, comment: "The leaves that it reaches.",
        parameters: [.init("x", .input(ScalarType(model.inputWidth))), .init("leaf", .output(.int32))],
        result: .nothing, body: .statements(lowering.statements)))
    return name
  }
}
