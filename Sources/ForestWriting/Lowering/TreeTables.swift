import ForestIR

/// Trees as tables: the arrays, and the routine that walks them.
extension ProgramBuilder {
  /// The routine `(tree, x) → leaf` that finds a tree's leaf, as an index into the tables of leaves.
  func walkingRoutine(_ inputType: ScalarType) -> String {
    let name = typed("find_leaf", inputType)
    guard claim(name) else { return name }
    let threshold = addTreeTables()
    guard pool.hasSplits else {
      add(
        Routine(
          name, comment: "The leaf of a tree: each has only one.",
          parameters: [.init("tree", .scalar(.int32)), .init("x", .input(inputType))], result: .scalar(.int32),
          body: .statements([.return(Expression(.int32, .table("first_leaf", at: .local("tree", .int32))))])))
      return name
    }
    let tree = Expression.local("tree", .int32), node = Expression.local("node", .int32)
    let split = Expression.local("split", .int32), first = Expression.local("first", .int32)
    func table(_ name: String, _ index: Expression, _ type: ScalarType = .int32) -> Expression {
      Expression(type, .table(name, at: index))
    }

    var step: [Statement] = [.constant("split", first - tree + node)]
    let left = table("left_child", split), right = table("right_child", split)
    if let rule = pool.uniformRule {
      let type: ScalarType = inputType == .float32 && threshold == .float32 ? .float32 : .float64
      let x = Expression.element("x", table("feature", split), inputType).converted(to: type)
      let t = table("threshold", split, threshold).converted(to: type)
      // Where NaN goes left, the question is turned round, so that it is false for NaN and leads there.
      let next: Expression =
        switch (rule.test, rule.nanGoesLeft) {
        case (.less, true): .conditional(x.compared(.greaterOrEqual, t), right, left)
        case (.less, false): .conditional(x.compared(.less, t), left, right)
        case (_, true): .conditional(x.compared(.greater, t), right, left)
        case (_, false): .conditional(x.compared(.lessOrEqual, t), left, right)
        }
      step.append(.assign("node", next))
    } else {
      let rule = Expression.local("rule", .int32), value = Expression.local("value", .float64)
      let t = table("threshold", split, threshold).converted(to: .float64)
      let comparison = Expression.conditional(
        rule.bits(TreeRule.orEqual).compared(.notEqual, .int(0)), value.compared(.lessOrEqual, t), value.compared(.less, t))
      var asked = Expression.element("x", table("feature", split), inputType).converted(to: .float64)
      let isMember = Expression.call(
        pool.hasCategorySets ? membershipRoutine() : "", [.value(value), .value(t.converted(to: .int32))], .truth)
      if pool.hasLinearSplits {
        let form = table("feature", split)
        let place = table("linear_place", form)
        asked = .conditional(
          rule.bits(TreeRule.linear).compared(.notEqual, .int(0)),
          .call(
            linearRoutine(inputType),
            [.array("x", offset: nil), .value(place), .value(table("linear_place", form + .int(1)) - place - .int(1))],
            .float64),
          asked)
      }
      step += [
        .constant("rule", table("rule", split)),
        .constant("value", asked),
        .constant(
          "goes_left",
          .conditional(
            .intrinsic(.isNaN, value), rule.bits(TreeRule.nanLeft).compared(.notEqual, .int(0)),
            pool.hasCategorySets
              ? .conditional(rule.bits(TreeRule.inSet).compared(.notEqual, .int(0)), isMember, comparison) : comparison)),
        .assign("node", .conditional(.local("goes_left", .truth), left, right)),
      ]
    }
    let hasConstants = pool.ensembles.contains { $0.trees.contains { $0.splits.isEmpty } }
    let start: Expression =
      hasConstants
      ? .conditional((table("first_leaf", tree + .int(1)) - first).compared(.equal, .int(1)), ~.int(0), .int(0)) : .int(0)
    add(
      Routine(
        name, comment: "The leaf of a tree that an event reaches, counted over all trees.",
        parameters: [.init("tree", .scalar(.int32)), .init("x", .input(inputType))], result: .scalar(.int32),
        body: .statements([
          .constant("first", table("first_leaf", tree)),
          .variable("node", start),
          .while(node.compared(.greaterOrEqual, .int(0)), step),
          .return(first + ~node),
        ])))
    return name
  }

  /// Adds the tables of all trees, once; the type of the thresholds.
  private func addTreeTables() -> ScalarType {
    let trees = pool.ensembles.flatMap(\.trees)
    guard claim("first_leaf") else { return thresholdType! }
    for name in ["feature", "threshold", "left_child", "right_child", "leaf_value", "leaf_number", "rule"] { _ = claim(name) }

    var firstLeaf: [Int32] = [0]
    var feature: [Int32] = [], left: [Int32] = [], right: [Int32] = [], rule: [Int32] = []
    var threshold: [Double] = []
    var formCount: Int32 = 0, setCount = 0
    for tree in trees {
      firstLeaf.append(firstLeaf.last! + Int32(tree.leafCount))
      for split in tree.splits {
        feature.append(split.test == .linearLessOrEqual ? formCount + split.feature : split.feature)
        threshold.append(split.test == .inSet ? split.threshold + Double(setCount) : split.threshold)
        left.append(split.left.code)
        right.append(split.right.code)
        rule.append(TreeRule.code(split))
      }
      formCount += Int32(tree.linearForms.count)
      setCount += tree.categorySets.count
    }
    let thresholds = Program.Table.Numbers.narrowest(threshold)
    thresholdType = thresholds.type
    add(.init(name: "first_leaf", comment: "Where each tree's leaves start; its splits start there, less one for each tree before it.", numbers: .narrowest(firstLeaf)))
    if !feature.isEmpty {
      add(.init(name: "feature", comment: pool.hasLinearSplits ? "What each split asks for: an input, or a linear form." : "The input that each split asks for.", numbers: .narrowest(feature)))
      add(.init(name: "threshold", comment: "What it is compared with.", numbers: thresholds))
      add(.init(name: "left_child", comment: "The next split in the tree, or the complement of a leaf in the tree.", numbers: .narrowest(left)))
      add(.init(name: "right_child", comment: "The same on the other side.", numbers: .narrowest(right)))
      if pool.uniformRule == nil {
        add(.init(name: "rule", comment: "1: left if x <= threshold (else x < threshold); 2: NaN goes left; 4: a linear form; 8: left if in the category set of that number.", numbers: .narrowest(rule)))
      }
    }
    var leafValues: [Double] = []
    for ensemble in pool.ensembles {
      for index in ensemble.trees.indices { leafValues += ensemble.leafTerms(tree: index) }
    }
    let isWeighted = pool.ensembles.contains { $0.weights != nil && $0.fold != .each }
    add(.init(
      name: "leaf_value",
      comment: isWeighted ? "What each leaf adds: its value times the tree's weight, rounded once." : "The value of each leaf.",
      numbers: pool.leafType == .float32 ? .float32(leafValues.map { Float($0) }) : .float64(leafValues)))
    if trees.contains(where: { $0.leafNumbers != nil }) {
      add(.init(
        name: "leaf_number", comment: "The trainer's own number of each leaf.",
        numbers: .narrowest(trees.flatMap { tree in (0..<tree.leafCount).map { tree.number(ofLeaf: $0) } })))
    }
    return thresholds.type
  }

  /// The routine `(value, set) → truth` for category sets, which are tables of 0 and 1.
  private func membershipRoutine() -> String {
    let name = "is_in_set"
    guard claim(name) else { return name }
    for table in ["set_place", "set_member"] { _ = claim(table) }
    var places: [Int32] = [0], members: [Int32] = []
    for set in pool.ensembles.flatMap(\.trees).flatMap(\.categorySets) {
      for word in set.words { members += (0..<32).map { Int32(word >> UInt32($0) & 1) } }
      while members.count > Int(places.last!), members.last == 0 { members.removeLast() }
      places.append(Int32(members.count))
    }
    if members.isEmpty { members = [0] }
    add(.init(name: "set_place", comment: "Where each category set starts.", numbers: .narrowest(places)))
    add(.init(name: "set_member", comment: "For each category whether it is a member.", numbers: .narrowest(members)))
    func int(_ name: String) -> Expression { .local(name, .int32) }
    func table(_ name: String, _ index: Expression) -> Expression { Expression(.int32, .table(name, at: index)) }
    let value = Expression.local("value", .float64)
    add(
      Routine(
        name, comment: "Whether a number is a category of a set.",
        parameters: [.init("value", .scalar(.float64)), .init("set", .scalar(.int32))], result: .scalar(.truth),
        body: .statements([
          .constant("place", table("set_place", int("set"))),
          .constant("count", (table("set_place", int("set") + .int(1)) - int("place")).converted(to: .float64)),
          .if(
            !value.compared(.greaterOrEqual, .float64(0)).and(value.compared(.less, .local("count", .float64))),
            [.return(.truth(false))], else: []),
          .constant("category", value.converted(to: .int32)),
          .return(
            int("category").converted(to: .float64).compared(.equal, value)
              .and(table("set_member", int("place") + int("category")).compared(.notEqual, .int(0)))),
        ])))
    return name
  }

  /// The routine that computes one linear form; it comes with its table.
  func linearRoutine(_ inputType: ScalarType) -> String {
    let numbers = Program.Table.Numbers.narrowest(pool.linearForms.numbers)
    if claim("linear_coefficient") {
      add(.init(name: "linear_coefficient", comment: "Linear forms: an offset, then a coefficient for each input.", numbers: numbers))
      if pool.layout == .tables {
        add(.init(name: "linear_place", comment: "Where each linear form starts.", numbers: .narrowest(pool.linearForms.places)))
      }
    }
    let name = typed("linear_form", inputType)
    guard claim(name) else { return name }
    let type = numbers.type
    let place = Expression.local("place", .int32), i = Expression.local("i", .int32)
    func coefficient(_ index: Expression) -> Expression {
      Expression(type, .table("linear_coefficient", at: index)).converted(to: .float64)
    }
    add(
      Routine(
        name, comment: "The offset plus each coefficient times its input, in order, each step rounded.",
        parameters: [.init("x", .input(inputType)), .init("place", .scalar(.int32)), .init("count", .scalar(.int32))],
        result: .scalar(.float64),
        body: .statements([
          .variable("sum", coefficient(place)),
          .for("i", from: .int(0), to: .local("count", .int32), [
            .assign(
              "sum",
              .local("sum", .float64)
                + coefficient(place + .int(1) + i) * Expression.element("x", i, inputType).converted(to: .float64))
          ]),
          .return(.local("sum", .float64)),
        ])))
    return name
  }
}

/// The bits of the table `rule`.
enum TreeRule {
  static let orEqual = 1, nanLeft = 2, linear = 4, inSet = 8

  static func code(_ split: Split) -> Int32 {
    let test =
      switch split.test {
      case .less: 0
      case .lessOrEqual: orEqual
      case .linearLessOrEqual: orEqual + linear
      case .inSet: inSet
      }
    return Int32(test + (split.nanGoesLeft ? nanLeft : 0))
  }
}
