import ForestIR

extension EstimatorLowering {
  /// The weights of the members, and the sum of the whole array by which votes are divided.
  private func weights(of estimator: Estimator, count: Int) throws(ReadError) -> (used: [Double], total: Double) {
    let all = try doubles("estimator_weights_", of: estimator)
    guard all.count >= count else {
      throw fault(.inconsistent, estimator, "estimator_weights_", "\(all.count) weights for \(count) estimators")
    }
    let total = pairwiseSum(all[...])
    guard total != 0, total.isFinite else { throw fault(.outOfRange, estimator, "estimator_weights_", "the weights add up to \(total)") }
    return (Array(all[..<count]), total)
  }

  // MARK: Classification

  mutating func adaBoostClassifier(_ estimator: Estimator, _ x: Value) throws(ReadError) -> Prediction {
    let members = try members(of: estimator)
    let classes = try severalClasses(of: estimator)
    let weights = try weights(of: estimator, count: members.count)
    let sum: Value
    let algorithm = try algorithm(of: estimator)
    switch algorithm {
    case .votes: sum = try votes(members, classes, weights.used, x)
    case .probabilities: sum = try logarithmicVotes(members, classes, x)
    }
    // Votes are laid out class by class in the trainer's memory, so that NumPy adds up those of an event in order.
    let order: Reduction = algorithm == .votes ? .sum : .pairwiseSum
    let decision = try apply(.divide, sum, weights.total)
    if classes.count == 2 {
      let raw = try apply(.add, apply(.negate, add(.gather(decision, [0]))), add(.gather(decision, [1])))
      let both = try apply(.divide, add(.concatenate([apply(.negate, raw), raw])), 2)
      return .classification(
        raw: raw, probabilities: [try softmax(both, sum: order)], label: .positive(raw, orZero: false))
    }
    let scaled = try apply(.divide, decision, Double(classes.count - 1))
    return .classification(
      raw: decision, probabilities: [try softmax(scaled, sum: order)], label: .largest(decision))
  }

  private enum Algorithm { case votes, probabilities }

  private func algorithm(of estimator: Estimator) throws(ReadError) -> Algorithm {
    if optional("algorithm", of: estimator) == nil, (release ?? .latest).knowsOnlySAMME { return .votes }
    switch try string("algorithm", of: estimator) {
    case "SAMME": return .votes
    case "SAMME.R": return .probabilities
    case let other: throw fault(.unsupported, estimator, "algorithm", "the algorithm \"\(JSONCursor.clipped(other))\" is not known")
    }
  }

  /// Each member's weight for the class it chooses, and since 1.3 a part of it against all others.
  private mutating func votes(
    _ members: [Estimator], _ classes: TargetClasses, _ weights: [Double], _ x: Value
  ) throws(ReadError) -> Value {
    let count = classes.count
    let against = (release ?? .latest).votesAgainst ? -1 / Double(count - 1) : 0
    if try areTrees(members) {
      var trees: [Tree] = []
      for (member, weight) in zip(members, weights) {
        let own = try self.classes(of: member, around: classes)
        let map = try classMap(own, in: classes, member)
        trees.append(
          try classificationTree(member, own, width: count) { row, _, leaves in
            let chosen = map[Self.indexOfMaximum(row)]
            for index in 0..<count { leaves.append(index == chosen ? weight : against * weight) }
          })
      }
      return try ask(trees, fold: .sum(start: Vector([Double](repeating: 0, count: count))), float32(x))
    }
    var votes: [Value] = []
    for (member, weight) in zip(members, weights) {
      let (_, label) = try chosenClass(of: member, classes, x)
      let isChosen = try add(.compare(.equal, label, constant((0..<count).map(Double.init))))
      votes.append(try add(.select(isChosen, constant([weight]), constant([against * weight]))))
    }
    return try add(.reduce(.sum, add(.concatenate(votes)), count: count))
  }

  /// The class that a member chooses, as an index among the ensemble's classes, and its probabilities.
  private mutating func chosenClass(
    of member: Estimator, _ classes: TargetClasses, _ x: Value
  ) throws(ReadError) -> (probabilities: Value, label: Value) {
    guard case .classification(_, let probabilities, let rule) = try lower(member, x, around: classes), probabilities.count == 1
    else { throw fault(.inconsistent, member, nil, "a member of an AdaBoost classifier must be a classifier of one output") }
    let label = try labels(rule, probabilities)[0]
    let own = try self.classes(of: member, around: classes)
    let map = try classMap(own, in: classes, member)
    guard map != Array(0..<map.count) else { return (probabilities[0], label) }
    // From the index among the member's classes to that among the ensemble's.
    let isOwn = try add(.compare(.equal, label, constant(map.indices.map { Double($0) })))
    let indices = try add(.select(isOwn, constant(map.map(Double.init)), constant([0])))
    return (probabilities[0], try add(.reduce(.sum, indices, count: 1)))
  }

  /// For each of a member's classes its index among the ensemble's.
  func classMap(_ own: TargetClasses, in classes: TargetClasses, _ member: Estimator) throws(ReadError) -> [Int] {
    guard own.isSingle else { throw fault(.inconsistent, member, "classes_", "a member with several outputs") }
    guard let ownNames = own.names?[0], let names = classes.names?[0] else {
      guard own.count == classes.count else {
        throw fault(.inconsistent, member, "classes_", "a member of \(own.count) classes among \(classes.count)")
      }
      return Array(0..<own.count)
    }
    var map: [Int] = []
    for name in ownNames {
      guard let index = names.firstIndex(of: name) else {
        throw fault(.inconsistent, member, "classes_", "a member has a class that the ensemble does not have")
      }
      map.append(index)
    }
    return map
  }

  /// (K − 1) · (log p − (1/K) · Σ log p), member by member.
  private mutating func logarithmicVotes(
    _ members: [Estimator], _ classes: TargetClasses, _ x: Value
  ) throws(ReadError) -> Value {
    let k = classes.count
    let m = members.count
    let probabilities: Value
    if try areTrees(members) {
      var trees: [Tree] = []
      for member in members {
        let own = try self.classes(of: member, around: classes)
        try expectAll(own, classes, member)
        trees.append(try classificationTree(member, own, width: k) { _, probabilities, leaves in leaves += probabilities })
      }
      probabilities = try ask(trees, fold: .each, float32(x))
    } else {
      var all: [Value] = []
      for member in members {
        guard case .classification(_, let own, _) = try lower(member, x, around: classes) else {
          throw fault(.inconsistent, member, nil, "SAMME.R needs members that give probabilities")
        }
        try expectAll(try self.classes(of: member, around: classes), classes, member)
        all += own
      }
      probabilities = try add(.concatenate(all))
    }
    let logarithms = try apply(.naturalLogarithm, apply(.maximum, probabilities, 0x1p-52))
    // Class by class, so that heap i of m holds the numbers of member i.
    let byClass = try add(.gather(logarithms, (0..<k * m).map { Int32($0 % m * k + $0 / m) }))
    let sums = try add(.reduce(.pairwiseSum, byClass, count: m))
    let means = try apply(.multiply, 1 / Double(k), sums)
    let meansOfAll = try add(.gather(means, (0..<k * m).map { Int32($0 / k) }))
    let votes = try apply(.multiply, Double(k - 1), apply(.subtract, logarithms, meansOfAll))
    return try add(.reduce(.sum, votes, count: k))
  }

  private func expectAll(_ own: TargetClasses, _ classes: TargetClasses, _ member: Estimator) throws(ReadError) {
    guard try classMap(own, in: classes, member) == Array(0..<classes.count) else {
      throw fault(.inconsistent, member, "classes_", "SAMME.R needs members that know all classes")
    }
  }

  func areTrees(_ members: [Estimator]) throws(ReadError) -> Bool {
    for member in members where try !(PlainTrees.classifiers.contains(className(of: member))) { return false }
    return true
  }

  // MARK: Regression

  mutating func adaBoostRegressor(_ estimator: Estimator, _ x: Value) throws(ReadError) -> Prediction {
    let members = try members(of: estimator)
    let weights = try weights(of: estimator, count: members.count)
    let values: Value
    var areTrees = true
    for member in members where try !PlainTrees.regressors.contains(className(of: member)) { areTrees = false }
    if areTrees {
      var trees: [Tree] = []
      for member in members { trees.append(try regressionTree(member)) }
      values = try ask(trees, fold: .each, float32(x))
    } else {
      var all: [Value] = []
      for member in members {
        guard case .regression(_, let value) = try lower(member, x), builder.shape(of: value).count == 1 else {
          throw fault(.inconsistent, member, nil, "a member of an AdaBoost regressor must be a regressor of one output")
        }
        all.append(value)
      }
      values = try add(.concatenate(all))
    }
    return .regression(raw: nil, value: try add(.weightedMedian(values, weights: Vector(weights.used))))
  }
}
