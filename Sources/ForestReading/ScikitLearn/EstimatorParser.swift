import ForestIR

/// Reads estimator objects, in one pass and in whatever order their keys come.
///
/// Memory is held for the trees, each in its compact form as soon as its object ends, and for one tree's arrays.
struct EstimatorParser {
  var cursor: JSONCursor
  let remarks: Remarks

  /// Estimators inside estimators inside estimators … deeper than this are refused, which bounds the recursion.
  static let nestingLimit = 16

  /// What an estimator may know from the one around it.
  struct Surroundings {
    var nesting = 1
    /// An upper bound of the features that its trees may ask for.
    var featureCount: Int?
    /// Whether the trees' numbers of samples may be needed.
    var keepsSamples = true
    /// The whole file: the document's own members stand here, too.
    var isDocument = false
  }

  /// The estimator object that stands next.
  mutating func estimator(_ surroundings: Surroundings) throws(ReadError) -> Estimator {
    let place = cursor.here
    guard surroundings.nesting <= EstimatorParser.nestingLimit else {
      throw cursor.fault(.limit, at: place, "estimators within estimators, more than \(EstimatorParser.nestingLimit) deep")
    }
    let estimator = Estimator(place: place)
    // The arrays of a bare tree, or its nested nodes, may stand right here.
    var arrays: NodeArrays?
    var nodes: NestedNodes?
    var underscored: Set<String> = []
    try cursor.beginObject()
    while let key = try cursor.nextKey() {
      let name = Estimator.canonicalName(key)
      // Where both spellings are there, the fitted attribute (with the underscore) counts.
      if name != key, underscored.contains(name) || estimator.has(name) { continue }
      if name == key { underscored.insert(name) }
      var inner = surroundings
      inner.isDocument = false
      inner.nesting += 1
      if let own = estimator.values["n_features_in_"]?.value.integer, own > 0 { inner.featureCount = own }
      if let kind = estimator.values["class"]?.value.text { inner.keepsSamples = kind == "IsolationForest" }
      switch name {
      case "model" where surroundings.isDocument: estimator.members = [[try self.estimator(inner)]]
      case "trees" where surroundings.isDocument: estimator.predictors = [try treeliteTrees()]
      case "tree_":
        // Whether samples are needed is for the estimator around a tree to say.
        inner.keepsSamples = surroundings.keepsSamples
        estimator.tree = try tree(inner)
      case "estimators_": try members(of: estimator, inner)
      case "init_" where try cursor.kind() == .object: estimator.initial = try self.estimator(inner)
      case "steps": estimator.steps = try steps(inner)
      case "predictors": estimator.predictors = try predictors(inner)
      case "children_left", "children_right", "missing_go_to_left", "n_node_samples", "node_count":
        arrays = arrays ?? NodeArrays(place: place)
        try arrays!.readMember(name, &cursor)
      case "feature", "threshold", "value":
        if try cursor.kind() == .array {
          arrays = arrays ?? NodeArrays(place: place)
          try arrays!.readMember(name, &cursor)
        } else {
          nodes = nodes ?? NestedNodes(place: place)
          try nodes!.readRootMember(name, &cursor)
        }
      case "left", "right", "left_child", "right_child", "children", "split_feature", "leaf":
        nodes = nodes ?? NestedNodes(place: place)
        try nodes!.readRootMember(name, &cursor)
      case _ where Estimator.keptNames.contains(name):
        let place = cursor.here
        estimator.values[name] = PlacedValue(value: try cursor.smallValue(), place: place)
      default: break
      }
    }
    if estimator.tree == nil, var nodes {
      if let arrays { nodes.takeLeafValue(of: arrays) }
      estimator.tree = try finish(nodes, names: estimator.featureNames)
    } else if estimator.tree == nil, let arrays {
      estimator.tree = try finish(arrays, surroundings)
    }
    return estimator
  }

  // MARK: Trees

  /// The tree object that stands next: parallel arrays, nested nodes, or rows of nodes.
  mutating func tree(_ surroundings: Surroundings) throws(ReadError) -> NodeTree {
    let place = cursor.here
    var arrays = NodeArrays(place: place)
    var nodes: NestedNodes?
    try cursor.beginObject()
    while let key = try cursor.nextKey() {
      switch key {
      case "nodes": try arrays.readNodeRows(&cursor)
      case "values": try arrays.readMember("value", &cursor)
      case "left", "right", "left_child", "right_child", "children", "split_feature", "leaf":
        nodes = nodes ?? NestedNodes(place: place)
        try nodes!.readRootMember(key, &cursor)
      case "feature", "threshold", "value":
        if try cursor.kind() == .array {
          try arrays.readMember(key, &cursor)
        } else {
          nodes = nodes ?? NestedNodes(place: place)
          try nodes!.readRootMember(key, &cursor)
        }
      default: try arrays.readMember(key, &cursor)
      }
    }
    if var nodes {
      nodes.takeLeafValue(of: arrays)
      return try finish(nodes, names: nil)
    }
    return try finish(arrays, surroundings)
  }

  private func finish(_ arrays: NodeArrays, _ surroundings: Surroundings) throws(ReadError) -> NodeTree {
    try arrays.tree(featureCount: surroundings.featureCount, keepsSamples: surroundings.keepsSamples, cursor) {
      remarks.note(.oddity, $0, place: arrays.place.path)
    }
  }

  private func finish(_ nodes: NestedNodes, names: [String]?) throws(ReadError) -> NodeTree {
    remarks.note(
      .choice, "nested nodes: the test is taken as feature <= threshold, NaN goes right, and inputs are rounded to float32",
      place: nodes.place.path)
    return try nodes.arrays(names: names, cursor).tree(featureCount: nil, keepsSamples: false, cursor) { _ in }
  }

  private mutating func predictors(_ surroundings: Surroundings) throws(ReadError) -> [[NodeTree]] {
    var stages: [[NodeTree]] = []
    try cursor.beginArray()
    while try cursor.nextElement() {
      var stage: [NodeTree] = []
      try cursor.beginArray()
      while try cursor.nextElement() {
        var arrays = NodeArrays(place: cursor.here)
        arrays.names = ("left", "right", "feature_idx", "num_threshold")
        try cursor.beginObject()
        while let key = try cursor.nextKey() { try arrays.readHistogramMember(key, &cursor) }
        for (name, isThere) in [("is_leaf", arrays.isLeaf != nil), ("missing_go_to_left", arrays.missingLeft != nil)] where !isThere {
          throw cursor.fault(.missing, at: arrays.place, "the tree has no \"\(name)\"")
        }
        stage.append(try finish(arrays, surroundings))
      }
      stages.append(stage)
    }
    return stages
  }

  // MARK: Estimators in estimators

  private mutating func members(of estimator: Estimator, _ surroundings: Surroundings) throws(ReadError) {
    var stages: [[Estimator]] = []
    var hasStages: Bool?
    try cursor.beginArray()
    while try cursor.nextElement() {
      let isStage = try cursor.kind() == .array
      guard hasStages == nil || hasStages == isStage else {
        throw cursor.fault(.inconsistent, "estimators and lists of estimators stand side by side")
      }
      hasStages = isStage
      if isStage {
        var stage: [Estimator] = []
        try cursor.beginArray()
        while try cursor.nextElement() { stage.append(try self.estimator(surroundings)) }
        stages.append(stage)
      } else {
        let member = try self.estimator(surroundings)
        if stages.isEmpty { stages.append([]) }
        stages[0].append(member)
      }
    }
    estimator.members = stages
    estimator.hasStages = hasStages ?? false
  }

  private mutating func steps(_ surroundings: Surroundings) throws(ReadError) -> [Estimator?] {
    var steps: [Estimator?] = []
    var surroundings = surroundings
    surroundings.featureCount = nil
    try cursor.beginArray()
    while try cursor.nextElement() {
      let place = cursor.here
      try cursor.beginArray()
      guard try cursor.nextElement() else { throw cursor.fault(.inconsistent, at: place, "a step is a name and an estimator") }
      _ = try cursor.string()
      guard try cursor.nextElement() else { throw cursor.fault(.inconsistent, at: place, "a step is a name and an estimator") }
      switch try cursor.kind() {
      case .object: steps.append(try estimator(surroundings))
      case .null:
        try cursor.null()
        steps.append(nil)
      default:
        let place = cursor.here
        guard try cursor.string() == "passthrough" else {
          throw cursor.fault(.unsupported, at: place, "a step is an estimator object or \"passthrough\"")
        }
        steps.append(nil)
      }
      guard try !cursor.nextElement() else { throw cursor.fault(.inconsistent, at: place, "a step is a name and an estimator") }
    }
    return steps
  }
}

extension Estimator {
  /// Whether something is known under a canonical name already.
  fileprivate func has(_ name: String) -> Bool {
    switch name {
    case "estimators_": members != nil
    case "tree_": tree != nil
    case "init_": initial != nil || values[name] != nil
    default: values[name] != nil
    }
  }

  /// The names of the features, if that is what `feature_names_in_` holds.
  var featureNames: [String]? {
    guard case .list(let list)? = values["feature_names_in_"]?.value else { return nil }
    let names = list.compactMap(\.text)
    return names.count == list.count ? names : nil
  }
}

extension SmallValue {
  /// The string that this is.
  var text: String? { if case .string(let text) = self { text } else { nil } }
}
