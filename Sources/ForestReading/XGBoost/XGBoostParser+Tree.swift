import ForestIR

extension XGBoostParser {
  /// The tree object that stands next.
  mutating func tree() throws(ReadError) {
    var columns = XGBoostNodes(mark: cursor.mark)
    let nodeLimit = XGBoostNodes.nodeLimit
    let everyInteger = Int(Int32.min)...Int(Int32.max)
    // How long the last column of numbers was: a column holds a number for each node.
    var nodes: Int { columns.counted.last?.count ?? columns.left?.count ?? 0 }
    try cursor.beginObject()
    while let key = try cursor.nextKey() {
      switch key {
      case "left_children": columns.left = try cursor.integerArray(in: -1...nodeLimit, "a child", expecting: nodes)
      case "right_children": columns.right = try cursor.integerArray(in: -1...nodeLimit, "a child", expecting: nodes)
      // Nodes that were deleted ask for feature 2^31 − 1 or 2^32 − 1.
      case "split_indices": columns.feature = try cursor.integerArray(in: -1...Int(UInt32.max), "a feature", expecting: nodes)
      case "split_conditions": columns.condition = try cursor.floatArray(expecting: nodes)
      case "default_left": columns.defaultLeft = try cursor.flagArray()
      case "split_type": columns.splitType = try cursor.integerArray(in: 0...1, "the kind of a split")
      case "categories": columns.categories = try cursor.integerArray(in: everyInteger, "a category")
      case "categories_nodes": columns.categoryNodes = try cursor.integerArray(in: 0...nodeLimit, "a node with categories")
      case "categories_segments":
        columns.categorySegments = try cursor.integerArray(in: 0...nodeLimit, "the start of a list of categories")
      case "categories_sizes":
        columns.categorySizes = try cursor.integerArray(in: 0...nodeLimit, "the length of a list of categories")
      case "leaf_weights": columns.leafWeights = try cursor.floatArray()
      case "base_weights":
        // Up to 3.1, leaves with several numbers have them here. Whether the model has such leaves the first tree shows.
        if model.trees.isEmpty || needsNodeWeights {
          columns.nodeWeights = try cursor.floatArray()
        } else {
          columns.counted.append((key, try cursor.elementCount(), true))
        }
      case "loss_changes", "sum_hessian", "parents": columns.counted.append((key, try cursor.elementCount(), false))
      case "id": columns.id = try cursor.integer()
      case "tree_param": try treeParameters(&columns)
      default: break
      }
    }
    let number = model.trees.count
    if let id = columns.id, id != number {
      throw columns.refusal(.inconsistent, "id", nil, "the tree at position \(number) calls itself number \(id)")
    }
    if let first = model.trees.first, first.leafWidth != columns.leafWidth {
      throw columns.refusal(
        .inconsistent, "tree_param.size_leaf_vector", nil,
        "leaves of \(columns.leafWidth) numbers, where those of the first tree have \(first.leafWidth)")
    }
    if model.trees.isEmpty { needsNodeWeights = columns.leafWidth > 1 && columns.leafWeights == nil }
    if columns.defaultLeft == nil {
      remarks.note(.choice, "trees do not say where missing values go; they go right")
    }
    let place = columns.mark.path ?? ""
    model.trees.append(try columns.tree(categoryBudget: &categoryBudget) { [remarks] in remarks.note(.oddity, $0, place: place) })
  }

  private mutating func treeParameters(_ columns: inout XGBoostNodes) throws(ReadError) {
    try cursor.beginObject()
    while let key = try cursor.nextKey() {
      switch key {
      case "num_nodes": columns.nodeCount = try cursor.parameter(in: 0...XGBoostNodes.nodeLimit, "num_nodes")
      case "num_deleted": columns.deletedCount = try cursor.parameter(in: 0...XGBoostNodes.nodeLimit, "num_deleted")
      case "size_leaf_vector":
        columns.leafVectorSize = try cursor.parameter(in: 0...XGBoostModel.countLimit, "size_leaf_vector")
      default: break
      }
    }
  }
}
