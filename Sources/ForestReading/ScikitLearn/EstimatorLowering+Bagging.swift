import ForestIR

extension EstimatorLowering {
  /// The mean of members, each of which reads its own selection of the features.
  mutating func bagging(_ estimator: Estimator, _ x: Value, isClassifier: Bool) throws(ReadError) -> Prediction {
    let members = try members(of: estimator)
    let subsets = try featureSubsets(of: estimator, count: members.count, featureCount: builder.shape(of: x).count)
    let divisor = try optionalCount("n_estimators", of: estimator) ?? members.count
    if divisor != members.count {
      remarks.note(
        .oddity, "n_estimators is \(divisor), but there are \(members.count) estimators; the sum is divided by n_estimators",
        place: estimator.place.path)
    }
    if isClassifier {
      let classes = try classes(of: estimator)
      guard classes.isSingle else { throw fault(.unsupported, estimator, "classes_", "bagging of classifiers with several outputs") }
      let sum = try areTrees(members)
        ? treeVotes(members, subsets, classes, x) : memberVotes(members, subsets, classes, x)
      return .classification(raw: nil, probabilities: [try apply(.divide, sum, Double(divisor))], label: .mostProbable)
    }
    var areTrees = true
    for member in members where try !PlainTrees.regressors.contains(className(of: member)) { areTrees = false }
    let sum: Value
    if areTrees {
      let outputs = try outputs(of: members[0])
      var trees: [Tree] = []
      for (index, member) in members.enumerated() {
        trees.append(try regressionTree(member, outputs: outputs, features: subset(index, subsets, member)))
      }
      sum = try ask(trees, fold: .sum(start: Vector([Double](repeating: 0, count: outputs))), float32(x))
    } else {
      var values: [Value] = []
      for (index, member) in members.enumerated() {
        guard case .regression(_, let value) = try lower(member, selection(x, subsets?[index])) else {
          throw fault(.inconsistent, member, nil, "a member of a bagging regressor must be a regressor")
        }
        values.append(value)
      }
      let outputs = builder.shape(of: values[0]).count
      guard values.allSatisfy({ builder.shape(of: $0).count == outputs }) else {
        throw fault(.inconsistent, estimator, nil, below: ".estimators_", "members of different numbers of outputs")
      }
      sum = try add(.reduce(.sum, add(.concatenate(values)), count: outputs))
    }
    return .regression(raw: nil, value: try apply(.divide, sum, Double(divisor)))
  }

  /// The columns that a member's features stand for, if that fits the number of features that it expects.
  func subset(_ index: Int, _ subsets: [[Int32]]?, _ member: Estimator) throws(ReadError) -> [Int32]? {
    guard let subset = subsets?[index] else { return nil }
    if let own = try optionalCount("n_features_in_", of: member), own != subset.count {
      throw fault(.inconsistent, member, "n_features_in_", "n_features_in_ is \(own), but the member is given \(subset.count) features")
    }
    return subset
  }

  /// `estimators_features_`; nil where it is absent: every member reads all features.
  func featureSubsets(of estimator: Estimator, count: Int, featureCount: Int) throws(ReadError) -> [[Int32]]? {
    guard optional("estimators_features_", of: estimator) != nil else { return nil }
    let rows = try rows("estimators_features_", of: estimator)
    guard rows.count == count else {
      throw fault(.inconsistent, estimator, "estimators_features_", "\(rows.count) lists of features for \(count) estimators")
    }
    var subsets: [[Int32]] = []
    for (index, row) in rows.enumerated() {
      guard !row.isEmpty else { throw fault(.inconsistent, estimator, "estimators_features_", below: "[\(index)]", "an empty list of features") }
      var subset: [Int32] = []
      for (position, number) in row.enumerated() {
        guard let feature = Int(exactly: number), (0..<featureCount).contains(feature) else {
          throw fault(
            .outOfRange, estimator, "estimators_features_", below: "[\(index)][\(position)]", "feature \(number) of \(featureCount)")
        }
        subset.append(Int32(feature))
      }
      subsets.append(subset)
    }
    return subsets
  }

  mutating func selection(_ x: Value, _ subset: [Int32]?) throws(ReadError) -> Value {
    guard let subset, subset != (0..<Int32(builder.shape(of: x).count)).map({ $0 }) else { return x }
    return try add(.gather(x, subset))
  }

  /// Trees are asked all at once: their leaves are laid out for all classes.
  private mutating func treeVotes(
    _ members: [Estimator], _ subsets: [[Int32]]?, _ classes: TargetClasses, _ x: Value
  ) throws(ReadError) -> Value {
    var trees: [Tree] = []
    for (index, member) in members.enumerated() {
      let own = try self.classes(of: member, around: classes)
      let map = try encodedClasses(of: member, own, classes)
      let features = try subset(index, subsets, member)
      trees.append(
        try classificationTree(member, own, features: features, width: classes.count) { _, probabilities, leaves in
          let first = leaves.count
          leaves += repeatElement(0, count: classes.count)
          for (index, probability) in zip(map, probabilities) { leaves[first + index] = probability }
        })
    }
    return try ask(trees, fold: .sum(start: Vector([Double](repeating: 0, count: classes.count))), float32(x))
  }

  private mutating func memberVotes(
    _ members: [Estimator], _ subsets: [[Int32]]?, _ classes: TargetClasses, _ x: Value
  ) throws(ReadError) -> Value {
    var all: [Value] = []
    for (index, member) in members.enumerated() {
      guard case .classification(_, let probabilities, _) = try lower(member, selection(x, subsets?[index]), around: classes),
        probabilities.count == 1
      else { throw fault(.inconsistent, member, nil, "a member of a bagging classifier must be a classifier of one output") }
      let own = try self.classes(of: member, around: classes)
      let map = try encodedClasses(of: member, own, classes)
      if map == Array(0..<classes.count) {
        all.append(probabilities[0])
      } else {
        // Classes that the member has not seen get 0, which stands behind its own.
        let padded = try add(.concatenate([probabilities[0], constant([0])]))
        all.append(try add(.gather(padded, (0..<classes.count).map { Int32(map.firstIndex(of: $0) ?? map.count) })))
      }
    }
    return try add(.reduce(.sum, add(.concatenate(all)), count: classes.count))
  }

  /// Members are trained on class indices, which is what their `classes_` hold.
  private func encodedClasses(of member: Estimator, _ own: TargetClasses, _ classes: TargetClasses) throws(ReadError) -> [Int] {
    guard own.isSingle else { throw fault(.inconsistent, member, "classes_", "a member with several outputs") }
    if member.values["classes_"] == nil || own.names == nil {
      guard own.count == classes.count else {
        throw fault(.inconsistent, member, "classes_", "a member of \(own.count) classes among \(classes.count)")
      }
      return Array(0..<own.count)
    }
    var map: [Int] = []
    for name in own.names![0] {
      guard let index = Int(name), (0..<classes.count).contains(index) else {
        throw fault(.inconsistent, member, "classes_", "the classes of a member are indices of the ensemble's classes, from 0 to \(classes.count - 1)")
      }
      map.append(index)
    }
    return map
  }
}
