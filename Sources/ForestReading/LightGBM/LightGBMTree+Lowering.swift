import ForestIR

// From the lists of the file to a tree of the IR: every length and every index is proved.

extension LightGBMTree {
  /// The tree. Its leaves keep their numbers.
  ///
  /// - Complexity: O(nodes).
  func tree(_ columns: inout LightGBMColumns) throws(ReadError) -> Tree {
    try checkLengths()
    decideTreatment(&columns)
    var splits: [Split] = []
    splits.reserveCapacity(splitFeature.count)
    for node in splitFeature.indices { splits.append(try split(node, &columns)) }
    let sets = try categorySets()
    let forms = try leafForms(&columns)
    // A copy of its exact size: the list itself is used for the next tree.
    var leaves: [Double] = []
    leaves.reserveCapacity(leafValue.count)
    leaves.append(contentsOf: leafValue)
    do throws(ForestFault) {
      return try Tree(splits: splits, leaves: leaves, categorySets: sets, leafForms: forms)
    } catch {
      throw fault(error.code == .limit ? .limit : .inconsistent, error.code == .number ? .leafValue : .leftChild, error.node, error.message)
    }
  }

  private func checkLengths() throws(ReadError) {
    guard leafCount >= 1 else { throw fault(.outOfRange, .leafCount, "a tree of \(leafCount) leaves") }
    guard leafCount <= Tree.leafLimit else { throw fault(.limit, .leafCount, "a tree of \(leafCount) leaves") }
    for (list, count) in [
      (.splitFeature, splitFeature.count), (.threshold, threshold.count), (.decisionType, decisionType.count),
      (.leftChild, leftChild.count), (.rightChild, rightChild.count),
    ] as [(List, Int)] {
      try check(list, count, leafCount - 1)
    }
    try check(.leafValue, leafValue.count, leafCount)
    if let leaf = leafValue.firstIndex(where: \.isNaN) { throw fault(.notFinite, .leafValue, leaf, "the value of leaf \(leaf) is NaN") }
    guard (0..<leafCount).contains(categoricalCount) else {
      throw fault(.outOfRange, .categoricalCount, "\(categoricalCount) categorical splits in a tree of \(leafCount) leaves")
    }
    guard isLinear || (leafConstant.isEmpty && leafCoefficients.isEmpty && leafFeatures.isEmpty) else {
      throw fault(.inconsistent, .leafConstant, "the tree has numbers of linear leaves, but does not say is_linear=1")
    }
  }

  fileprivate func check(_ list: List, _ count: Int, _ expected: Int) throws(ReadError) {
    guard count != expected else { return }
    // An empty list may be left out altogether.
    let isMissing = count == 0 && lines[list] == nil
    throw fault(
      isMissing ? .missing : .inconsistent, isMissing ? nil : list,
      isMissing
        ? "the tree has no \(list.rawValue)" : "\(list.rawValue) has \(count) elements; a tree of \(leafCount) leaves needs \(expected)")
  }

  /// The first tree that asks anything decides how all inputs are treated, so that where they are treated alike no element
  /// is there in vain.
  private func decideTreatment(_ columns: inout LightGBMColumns) {
    guard columns.base == nil, isLinear || leafCount > 1 else { return }
    if isLinear { return columns.decide(.snapped) }
    let knowsZeros = decisionType.allSatisfy {
      $0 & DecisionBits.categorical == 0 && $0 >> DecisionBits.missingShift == MissingType.zero.rawValue
    }
    columns.decide(knowsZeros ? .zeroIsMissing : .plain)
  }

  // MARK: Splits

  private func split(_ node: Int, _ columns: inout LightGBMColumns) throws(ReadError) -> Split {
    let feature = splitFeature[node]
    guard feature >= 0, Int(feature) < columns.featureCount else {
      throw fault(.outOfRange, .splitFeature, node, "node \(node) asks for feature \(feature) of \(columns.featureCount)")
    }
    let type = decisionType[node]
    guard type >= 0, type <= DecisionBits.all, let missing = MissingType(rawValue: type >> DecisionBits.missingShift) else {
      throw fault(.outOfRange, .decisionType, node, "the decision type \(type) of node \(node) is not known")
    }
    let threshold = threshold[node]
    let left = Child(code: leftChild[node])
    let right = Child(code: rightChild[node])
    if type & DecisionBits.categorical != 0 {
      guard let set = Int(exactly: threshold), (0..<categoricalCount).contains(set) else {
        throw fault(
          .outOfRange, .threshold, node, "node \(node) names list \(threshold) of \(categoricalCount) lists of categories")
      }
      return Split(
        feature: columns.place(of: feature, .category), test: .inSet, threshold: threshold, nanGoesLeft: false, left: left,
        right: right)
    }
    guard !threshold.isNaN else { throw fault(.notFinite, .threshold, node, "the threshold of node \(node) is NaN") }
    // Where zeros, and NaN with them, go if nothing is said about missing values.
    let zeroGoesLeft = 0 <= threshold
    let missingGoesLeft = type & DecisionBits.defaultLeft != 0
    if missing == .zero, columns.base == .zeroIsMissing || zeroGoesLeft != missingGoesLeft {
      return Split(
        feature: columns.place(of: feature, .zeroIsMissing), test: .lessOrEqual, threshold: threshold, nanGoesLeft: missingGoesLeft,
        left: left, right: right)
    }
    let place = columns.place(of: feature, .plain)
    let nanGoesLeft = missing == .nan ? missingGoesLeft : zeroGoesLeft
    let zone = LightGBMColumns.zeroThreshold
    // What counts as zero goes where 0 goes. A threshold outside of that zone, or on its upper end, says so by itself.
    guard threshold >= -zone, threshold < zone else {
      return Split(
        feature: place, test: .lessOrEqual, threshold: threshold, nanGoesLeft: nanGoesLeft, left: left, right: right)
    }
    return Split(
      feature: place, test: zeroGoesLeft ? .lessOrEqual : .less, threshold: zeroGoesLeft ? zone : -zone, nanGoesLeft: nanGoesLeft,
      left: left, right: right)
  }

  // MARK: Categories

  private func categorySets() throws(ReadError) -> [CategorySet] {
    guard categoricalCount > 0 else { return [] }
    try check(.categoryBoundaries, categoryBoundaries.count, categoricalCount + 1)
    var sets: [CategorySet] = []
    for index in 0..<categoricalCount {
      let start = categoryBoundaries[index], end = categoryBoundaries[index + 1]
      guard start >= 0, start < end, Int(end) <= categoryWords.count else {
        throw fault(
          .outOfRange, .categoryBoundaries, index + 1,
          "list \(index) of categories goes from word \(start) to \(end) of \(categoryWords.count)")
      }
      sets.append(CategorySet(words: Array(categoryWords[Int(start)..<Int(end)])))
    }
    return sets
  }
}

// MARK: - Linear leaves

extension LightGBMTree {
  /// What each leaf computes, if the leaves are linear models. The lists of all leaves stand one after another.
  fileprivate func leafForms(_ columns: inout LightGBMColumns) throws(ReadError) -> [LeafForm]? {
    guard isLinear else { return nil }
    try check(.leafConstant, leafConstant.count, leafCount)
    try check(.leafFeatureCount, leafFeatureCount.count, leafCount)
    var forms: [LeafForm] = []
    forms.reserveCapacity(leafCount)
    var start = 0
    for leaf in 0..<leafCount {
      let count = Int(leafFeatureCount[leaf])
      guard count >= 0 else { throw fault(.outOfRange, .leafFeatureCount, leaf, "leaf \(leaf) reads \(count) features") }
      for (list, length) in [(.leafFeatures, leafFeatures.count), (.leafCoefficients, leafCoefficients.count)] as [(List, Int)] {
        guard count <= length - start else {
          throw fault(.inconsistent, list, "\(list.rawValue) ends before the \(count) numbers of leaf \(leaf)")
        }
      }
      let range = start..<start + count
      var features: [Int32] = []
      features.reserveCapacity(count)
      for index in range {
        let feature = leafFeatures[index]
        guard feature >= 0, Int(feature) < columns.featureCount else {
          throw fault(.outOfRange, .leafFeatures, index, "leaf \(leaf) reads feature \(feature) of \(columns.featureCount)")
        }
        features.append(Int32(clamping: columns.place(of: feature, .snapped)))
      }
      guard leafConstant[leaf].isFinite else {
        throw fault(.notFinite, .leafConstant, leaf, "the constant of leaf \(leaf) is not finite")
      }
      if let index = range.first(where: { !leafCoefficients[$0].isFinite }) {
        throw fault(.notFinite, .leafCoefficients, index, "a coefficient of leaf \(leaf) is not finite")
      }
      forms.append(LeafForm(offset: leafConstant[leaf], features: features, coefficients: Array(leafCoefficients[range])))
      start = range.upperBound
    }
    guard start == leafFeatures.count, start == leafCoefficients.count else {
      throw fault(
        .inconsistent, .leafFeatures,
        "\(leafFeatures.count) features and \(leafCoefficients.count) coefficients, where num_features adds up to \(start)")
    }
    return forms
  }
}
