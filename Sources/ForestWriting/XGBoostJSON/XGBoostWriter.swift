import ForestIR

/// Prints an XGBoost model in JSON, in the members that releases from 1.6 to 3.x read.
struct XGBoostWriter {
  private let forest: AdditiveForest
  private var hasWholeCategories = false
  private var categorical: Set<Int> = []

  init(_ forest: AdditiveForest) { self.forest = forest }

  /// What came up while writing.
  var notes: [String] { hasWholeCategories ? ["inputs that are categories must be whole numbers or NaN"] : [] }

  mutating func text(notes: [String]) throws(EmissionError) -> [UInt8] {
    let all = forest.rounds
    var trees = CodePrinter(indentation: 0)
    for (index, tree) in all.enumerated() {
      try print(tree, index: index, isLast: index == all.count - 1, to: &trees)
    }
    let count = forest.outputCount, inputs = forest.inputs
    // A model without names takes columns by position.
    let isUnnamed = inputs.allSatisfy(\.isUnnamed)
    let names = isUnnamed ? [] : ExchangeNames(inputs).names
    let types = isUnnamed && categorical.isEmpty ? [] : inputs.indices.map { categorical.contains($0) ? "c" : "float" }
    var printer = CodePrinter(indentation: 0)
    printer.line(#"{"learner":{"#)
    printer.line(#""attributes":{"petrify_notes":\#(Self.string(notes.joined(separator: ". ")))},"#)
    printer.line(#""feature_names":[\#(names.map(Self.string).joined(separator: ","))],"#)
    printer.line(#""feature_types":[\#(types.map(Self.string).joined(separator: ","))],"#)
    printer.line(#""gradient_booster":{"model":{"#)
    printer.line(#""gbtree_model_param":{"num_parallel_tree":"1","num_trees":"\#(all.count)"},"#)
    let rounds = all.count / count
    printer.line(#""iteration_indptr":[\#((0...rounds).map { String($0 * count) }.joined(separator: ","))],"#)
    printer.line(#""tree_info":[\#(all.indices.map { String($0 % count) }.joined(separator: ","))],"#)
    printer.line(#""trees":["#)
    printer.verbatim(trees.bytes)
    printer.line(#"]},"name":"gbtree"},"#)
    // Start values are trees: they would be taken as predictions here, and older releases know one for all outputs.
    printer.line(
      #""learner_model_param":{"base_score":"0E0","boost_from_average":"0","num_class":"0","num_feature":"\#(inputs.count)","num_target":"\#(count)"},"#)
    printer.line(#""objective":{"name":"reg:squarederror","reg_loss_param":{"scale_pos_weight":"1"}}},"#)
    printer.line(#""version":[2,1,0]}"#)
    return printer.bytes
  }

  /// The nodes in the order in which their parents come, the children of a node side by side.
  private struct Nodes {
    var left: [Int32] = []
    var right: [Int32] = []
    var parents: [Int32] = []
    var inputs: [Int32] = []
    var conditions: [String] = []
    var defaults: [Int] = []
    var categorical: [(node: Int, categories: [Int])] = []

    /// - Returns: its number.
    mutating func add(parent: Int32) -> Int {
      left.append(-1)
      right.append(-1)
      parents.append(parent)
      inputs.append(0)
      conditions.append("0.0")
      defaults.append(0)
      return left.count - 1
    }
  }

  private mutating func nodes(of tree: RoutedTree) throws(EmissionError) -> Nodes {
    var nodes = Nodes()
    var open: [(child: Child, node: Int)] = [(tree.splits.isEmpty ? .leaf(0) : .split(0), nodes.add(parent: 2_147_483_647))]
    var next = 0
    while next < open.count {
      let (child, node) = open[next]
      next += 1
      guard !child.isLeaf else {
        nodes.conditions[node] = Self.number(Float(tree.leaves[child.index]))
        continue
      }
      let split = tree.splits[child.index]
      var left = split.left, right = split.right, nanGoesLeft = split.nanGoesLeft
      nodes.inputs[node] = Int32(split.input)
      switch split.question {
      case .atMost(.infinity):
        // Always true; as `x < −∞` always false.
        (left, right, nanGoesLeft) = (right, left, !nanGoesLeft)
        nodes.conditions[node] = "-Infinity"
      case .atMost(let threshold): nodes.conditions[node] = Self.number(Float(threshold).nextUp)
      case .within(let intervals):
        // Members go to the right.
        (left, right, nanGoesLeft) = (right, left, !nanGoesLeft)
        guard let set = CategoryIntervals(intervals, limit: 1 << 24), !set.hasOthers, !set.categories.isEmpty else {
          throw EmissionError(
            "split \(child.index) of tree \(tree.source ?? 0) asks for categories that the XGBoost format cannot hold",
            hint: "source code (cpp, python, swift) says every model")
        }
        if !set.holdsForFractions(intervals, in: OrderedNumbers(.float32), zeroIsBelow: false) { hasWholeCategories = true }
        nodes.categorical.append((node, set.categories))
        categorical.insert(split.input)
      }
      nodes.defaults[node] = nanGoesLeft ? 1 : 0
      let first = nodes.add(parent: Int32(node))
      let second = nodes.add(parent: Int32(node))
      nodes.left[node] = Int32(first)
      nodes.right[node] = Int32(second)
      open.append((left, first))
      open.append((right, second))
    }
    return nodes
  }

  private mutating func print(
    _ tree: RoutedTree, index: Int, isLast: Bool, to printer: inout CodePrinter
  ) throws(EmissionError) {
    let nodes = try nodes(of: tree)
    let count = nodes.left.count
    func list(_ items: some Sequence<some CustomStringConvertible>) -> String { items.map(\.description).joined(separator: ",") }
    let zeros = list(repeatElement("0.0", count: count))
    var types = [Int](repeating: 0, count: count)
    for entry in nodes.categorical { types[entry.node] = 1 }
    var segments: [Int] = []
    var length = 0
    for entry in nodes.categorical {
      segments.append(length)
      length += entry.categories.count
    }
    printer.line(#"{"base_weights":[\#(zeros)],"#)
    printer.line(#""categories":[\#(list(nodes.categorical.flatMap(\.categories)))],"#)
    printer.line(#""categories_nodes":[\#(list(nodes.categorical.map(\.node)))],"#)
    printer.line(#""categories_segments":[\#(list(segments))],"#)
    printer.line(#""categories_sizes":[\#(list(nodes.categorical.map(\.categories.count)))],"#)
    printer.line(#""default_left":[\#(list(nodes.defaults))],"id":\#(index),"#)
    printer.line(#""left_children":[\#(list(nodes.left))],"#)
    printer.line(#""loss_changes":[\#(zeros)],"#)
    printer.line(#""parents":[\#(list(nodes.parents))],"#)
    printer.line(#""right_children":[\#(list(nodes.right))],"#)
    printer.line(#""split_conditions":[\#(nodes.conditions.joined(separator: ","))],"#)
    printer.line(#""split_indices":[\#(list(nodes.inputs))],"#)
    printer.line(#""split_type":[\#(list(types))],"#)
    printer.line(#""sum_hessian":[\#(zeros)],"#)
    printer.line(
      #""tree_param":{"num_deleted":"0","num_feature":"\#(forest.inputs.count)","num_nodes":"\#(count)","size_leaf_vector":"1"}}"#
        + (isLast ? "" : ","))
  }

  /// At most nine digits, which that format's reader rounds rightly.
  private static func number(_ value: Float) -> String {
    value.isInfinite ? value < 0 ? "-Infinity" : "Infinity" : value.description
  }

  private static func string(_ text: String) -> String {
    var json = JSONText(layout: .compact)
    json.string(text)
    return String(decoding: json.bytes, as: UTF8.self)
  }
}
