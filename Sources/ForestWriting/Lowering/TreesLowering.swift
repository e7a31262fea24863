import ForestIR

/// Lowers ensembles: the trees themselves (once for each type of input), and what is made of their leaves.
extension ProgramBuilder {
  /// The routine that computes an ensemble's results from the vector `x`: returned if there is one result, else written to `out`.
  func ensembleRoutine(_ index: Int, inputType: ScalarType) -> String {
    let ensemble = pool.ensembles[index]
    let base = pool.ensembles.count == 1 ? "sum_of_trees" : "sum_of_trees_\(index)"
    let name = typed(ensemble.fold == .each ? base.replacingPrefix("sum_of_trees", with: "values_of_trees") : base, inputType)
    guard claim(name) else { return name }
    let first = pool.firstTrees[index], last = first + ensemble.trees.count
    let trees = ensemble.trees.count == 1 ? "tree \(first)" : "trees \(first) to \(last - 1)"
    let type = ScalarType(ensemble.width), shift = pool.valueShifts[index]
    let isScalar = ensemble.resultCount == 1
    if pool.layout == .ranks {
      add(
        Routine(
          name, comment: "Adds up \(trees), in order\(isScalar ? "" : ", one sum for each output").",
          parameters: [.init("x", .input(inputType))] + (isScalar ? [] : [.init("out", .output(type))]),
          result: isScalar ? .scalar(type) : .nothing, body: .ranked(.sums)))
      return name
    }
    var body: [Statement]
    switch ensemble.fold {
    case _ where ensemble.leafWidth > 1:
      body = vectorLeaves(ensemble, index: index, first: first, inputType: inputType, type: type)
    case .each:
      let table = pool.layout == .tables
      body = table
        ? [
          .for("tree", from: .int(0), to: .int(ensemble.trees.count), [
            .assignElement(of: "out", at: .local("tree", .int32), leafTerm(.local("tree", .int32) + .int(first), inputType, type, shift: shift))
          ])
        ]
        : (0..<ensemble.trees.count).map {
          .assignElement(of: "out", at: .int($0), leafTerm(tree: first + $0, inputType, type))
        }
      if ensemble.trees.count == 1 { body = [.return(leafTerm(tree: first, inputType, type))] }
    case .sum(let start) where start.count == 1:
      body = [.variable("sum", .number(start.elements[0], type))]
      let sum = Expression.local("sum", type)
      if pool.layout == .tables {
        body.append(
          .for("tree", from: .int(first), to: .int(last), [
            .assign("sum", sum + leafTerm(.local("tree", .int32), inputType, type, shift: shift))
          ]))
      } else {
        body += (first..<last).map { .assign("sum", sum + leafTerm(tree: $0, inputType, type)) }
      }
      body.append(.return(sum))
    case .sum(let start):
      body = groupSums(ensemble, start: start, first: first, shift: shift, inputType: inputType, type: type)
    }
    add(
      Routine(
        name,
        comment: ensemble.fold == .each
          ? "The values of \(trees)." : "Adds up \(trees), in order\(isScalar ? "" : ", one sum for each output").",
        parameters: [.init("x", .input(inputType))] + (isScalar ? [] : [.init("out", .output(type))]),
        result: isScalar ? .scalar(type) : .nothing, body: .statements(body)))
    return name
  }

  /// The routine that writes the leaf number of each tree of an ensemble to `leaf`, from its first element on.
  func leavesRoutine(_ index: Int, inputType: ScalarType) -> String {
    let ensemble = pool.ensembles[index]
    let name = typed(pool.ensembles.count == 1 ? "leaves_of_trees" : "leaves_of_trees_\(index)", inputType)
    guard claim(name) else { return name }
    let first = pool.firstTrees[index]
    if pool.layout == .ranks {
      add(
        Routine(
          name, comment: "The number of the leaf that each tree reaches.",
          parameters: [.init("x", .input(inputType)), .init("leaf", .output(.int32))], result: .nothing, body: .ranked(.leaves)))
      return name
    }
    let body: [Statement]
    if pool.layout == .tables {
      let tree = Expression.local("tree", .int32)
      let position = first == 0 ? tree : tree + .int(first)
      let found = Expression.call(walkingRoutine(inputType), [.value(position), .array("x", offset: nil)], .int32)
      let number: Expression
      if pool.ensembles.contains(where: { $0.trees.contains { $0.leafNumbers != nil } }) {
        number = Expression(.int32, .table("leaf_number", at: found))
      } else {
        number = found - Expression(.int32, .table("first_leaf", at: position))
      }
      body = [
        .for("tree", from: .int(0), to: .int(ensemble.trees.count), [.assignElement(of: "leaf", at: tree, number)])
      ]
    } else {
      body = (0..<ensemble.trees.count).map {
        .assignElement(
          of: "leaf", at: .int($0),
          Expression(.int32, .leafNumber(of: treeRoutine(first + $0, inputType), [.array("x", offset: nil)])))
      }
    }
    add(
      Routine(
        name, comment: "The number of the leaf that each tree reaches.",
        parameters: [.init("x", .input(inputType)), .init("leaf", .output(.int32))], result: .nothing,
        body: .statements(body)))
    return name
  }

  /// One sum for each output; trees that take turns (0, 1, … K−1, 0, 1, …) are added in nested loops.
  private func groupSums(
    _ ensemble: TreeEnsemble, start: Vector, first: Int, shift: Int, inputType: ScalarType, type: ScalarType
  ) -> [Statement] {
    var body: [Statement] = start.elements.enumerated().map {
      .assignElement(of: "out", at: .int($0.offset), .number($0.element, type))
    }
    let count = ensemble.trees.count
    func added(to group: Expression, _ term: Expression) -> Statement {
      .assignElement(of: "out", at: group, .element("out", group, type) + term)
    }
    guard pool.layout == .tables else {
      return body + (0..<count).map { added(to: .int(Int(ensemble.groups[$0])), leafTerm(tree: first + $0, inputType, type)) }
    }
    let takesTurns =
      count % start.count == 0 && ensemble.groups.indices.allSatisfy { Int(ensemble.groups[$0]) == $0 % start.count }
    let tree = Expression.local("tree", .int32)
    if takesTurns {
      let group = Expression.local("group", .int32)
      body += [
        .variable("tree", .int(first)),
        .while(tree.compared(.less, .int(first + count)), [
          .for("group", from: .int(0), to: .int(start.count), [added(to: group, leafTerm(tree + group, inputType, type, shift: shift))]),
          .assign("tree", tree + .int(start.count)),
        ]),
      ]
    } else {
      let table = positions(ensemble.groups, named: "group_of_tree", comment: "The output to which each tree adds.")
      let group = Expression.local("group", .int32)
      body.append(
        .for("tree", from: .int(0), to: .int(count), [
          .constant("group", Expression(.int32, .table(table, at: tree))),
          added(to: group, leafTerm(first == 0 ? tree : tree + .int(first), inputType, type, shift: shift)),
        ]))
    }
    return body
  }

  /// Trees whose leaves are vectors: added up number by number, or one after another. Always tables.
  private func vectorLeaves(
    _ ensemble: TreeEnsemble, index: Int, first: Int, inputType: ScalarType, type: ScalarType
  ) -> [Statement] {
    let tree = Expression.local("tree", .int32), place = Expression.local("place", .int32), i = Expression.local("i", .int32)
    let width = Expression.int(ensemble.leafWidth)
    func times(_ a: Expression, _ b: Expression) -> Expression { Expression(.int32, .arithmetic(.multiply, a, b)) }
    let found = Expression.call(
      walkingRoutine(inputType), [.value(first == 0 ? tree : tree + .int(first)), .array("x", offset: nil)], .int32)
    let shift = pool.valueShifts[index]
    let start = shift == 0 ? times(found, width) : times(found, width) + .int(shift)
    let number = Expression(pool.leafType, .table("leaf_value", at: place + i)).converted(to: type)
    var body: [Statement] = []
    let taken: Statement
    if case .sum(let start) = ensemble.fold {
      body = start.elements.enumerated().map { .assignElement(of: "out", at: .int($0.offset), .number($0.element, type)) }
      taken = .assignElement(of: "out", at: i, .element("out", i, type) + number)
    } else {
      taken = .assignElement(of: "out", at: times(tree, width) + i, number)
    }
    return body + [
      .for("tree", from: .int(0), to: .int(ensemble.trees.count), [
        .constant("place", start),
        .for("i", from: .int(0), to: width, [taken]),
      ])
    ]
  }

  /// What the leaf found for a tree, given by number, adds.
  private func leafTerm(
    _ tree: Expression, _ inputType: ScalarType, _ type: ScalarType, shift: Int
  ) -> Expression {
    let found = Expression.call(walkingRoutine(inputType), [.value(tree), .array("x", offset: nil)], .int32)
    if pool.hasLeafForms, type == .float64 {
      return .call(linearLeafRoutine(inputType, shift: shift), [.value(found), .array("x", offset: nil)], .float64)
    }
    let place = shift == 0 ? found : found + .int(shift)
    return Expression(pool.leafType, .table("leaf_value", at: place)).converted(to: type)
  }

  /// The same for a certain tree, in either layout.
  private func leafTerm(tree: Int, _ inputType: ScalarType, _ type: ScalarType) -> Expression {
    if pool.layout == .tables {
      let shift = pool.valueShifts[pool.firstTrees.lastIndex { $0 <= tree }!]
      return leafTerm(.int(tree), inputType, type, shift: shift)
    }
    return Expression(type, .leafValue(of: treeRoutine(tree, inputType), [.array("x", offset: nil)]))
  }

  /// One tree as nested conditions.
  private func treeRoutine(_ tree: Int, _ inputType: ScalarType) -> String {
    let name = typed("tree_\(tree)", inputType)
    guard claim(name) else { return name }
    let index = pool.firstTrees.lastIndex { $0 <= tree }!
    let ensemble = pool.ensembles[index]
    let local = tree - pool.firstTrees[index]
    let source = ensemble.trees[local]
    let leafType = ScalarType(ensemble.width)
    add(
      Routine(
        name, comment: "", parameters: [.init("x", .input(inputType))], result: .leaf(leafType),
        body: .tree(
          TreeCode(
            tree: source, inputType: inputType, leafType: leafType, leafValues: ensemble.leafTerms(tree: local),
            linearRoutine: source.linearForms.isEmpty ? nil : linearRoutine(inputType),
            linearOffsets: pool.linearForms.placesOfTree[tree]))))
    return name
  }

  func typed(_ name: String, _ type: ScalarType) -> String { type == .float32 ? name : name + "_wide" }
}

extension String {
  fileprivate func replacingPrefix(_ prefix: String, with other: String) -> String {
    hasPrefix(prefix) ? other + dropFirst(prefix.count) : self
  }
}
