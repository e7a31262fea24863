import ForestIR

extension ProgramBuilder {
  /// The routine `(leaf, x) → number` for leaves that are linear models, with its tables; always tables.
  ///
  /// - Parameter shift: what is added to a leaf's index for its place among the values.
  func linearLeafRoutine(_ inputType: ScalarType, shift: Int) -> String {
    let name = typed(shift == 0 ? "leaf_answer" : "leaf_answer_\(shift)", inputType)
    guard claim(name) else { return name }
    if claim("leaf_offset") { addLeafForms() }
    let leaf = Expression.local("leaf", .int32), i = Expression.local("i", .int32)
    let v = Expression.local("v", .float64), sum = Expression.local("sum", .float64)
    func number(_ table: String, _ index: Expression) -> Expression {
      Expression(.float64, .table(table, at: index))
    }
    func place(_ index: Expression) -> Expression { Expression(.int32, .table("leaf_term", at: index)) }
    let feature = Expression(.int32, .table("term_feature", at: i))
    let value = Expression(pool.leafType, .table("leaf_value", at: shift == 0 ? leaf : leaf + .int(shift))).converted(to: .float64)
    add(
      Routine(
        name, comment: "What a leaf answers: its linear model, or its value where an input of the model is NaN.",
        parameters: [.init("leaf", .scalar(.int32)), .init("x", .input(inputType))], result: .scalar(.float64),
        body: .statements([
          .variable("sum", number("leaf_offset", leaf)),
          .for("i", from: place(leaf), to: place(leaf + .int(1)), [
            .constant("v", Expression.element("x", feature, inputType).converted(to: .float64)),
            .if(.intrinsic(.isNaN, v), [.return(value)], else: []),
            .assign("sum", sum + number("term_coefficient", i) * v),
          ]),
          .return(sum),
        ])))
    return name
  }

  /// The offsets and terms of all leaves; a leaf without a model is one without terms whose offset is its value.
  private func addLeafForms() {
    for table in ["leaf_term", "term_feature", "term_coefficient"] { _ = claim(table) }
    var offsets: [Double] = [], places: [Int32] = [0], features: [Int32] = [], coefficients: [Double] = []
    for ensemble in pool.ensembles {
      for (index, tree) in ensemble.trees.enumerated() {
        let terms = ensemble.leafTerms(tree: index)
        for leaf in 0..<tree.leafCount {
          let form = tree.leafForms?[leaf]
          offsets.append(form?.offset ?? terms[leaf * ensemble.leafWidth])
          features += form?.features ?? []
          coefficients += form?.coefficients ?? []
          places.append(Int32(features.count))
        }
      }
    }
    if features.isEmpty { (features, coefficients) = ([0], [0]) }
    add(.init(name: "leaf_offset", comment: "Where the linear model of each leaf starts its sum.", numbers: .float64(offsets)))
    add(.init(name: "leaf_term", comment: "The first term of each leaf's linear model.", numbers: .narrowest(places)))
    add(.init(name: "term_feature", comment: "The input that each term reads.", numbers: .narrowest(features)))
    add(.init(name: "term_coefficient", comment: "What it is multiplied by.", numbers: .float64(coefficients)))
  }
}
