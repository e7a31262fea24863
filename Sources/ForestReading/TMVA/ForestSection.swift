import ForestIR

/// The trees of a BDT (a `Weights` element) or of a DT (a single tree), with what was said about them.
struct ForestSection {
  /// The element that the trees stand in.
  let element: XMLElement
  let forest: RawForest
  /// Whether the trees were grown as regression trees: then the value of a leaf is always `res`.
  let isOfRegressionTrees: Bool
  /// Nil for a single tree, which has no weight.
  let weights: [BoostWeight]?
  /// Nil where the method has none.
  let preselection: Preselection?

  struct BoostWeight {
    /// The text in the file.
    let text: String
    /// Rounded to float32, as it is read by the trainer; nil unless that is finite.
    let value: Float?
  }

  /// A `Weights` element of a BDT.
  init(weights element: XMLElement, options: MethodOptions, _ context: TMVAContext) throws(ReadError) {
    self.element = element
    if let child = element.children.first {
      throw context.error(.unexpected, child, "an element \(child.name) among the trees")
    }
    let stated = try context.count("NTrees", of: element)
    guard let forest = element.trees, !forest.trees.isEmpty else {
      throw context.error(.missing, element, "the forest has no trees")
    }
    guard stated == forest.trees.count else {
      throw context.error(
        .inconsistent, element, attribute: "NTrees", "NTrees=\"\(stated)\", but there are \(forest.trees.count) trees",
        hint: "trees are missing or too many; fetch the file again from where it was made")
    }
    self.forest = forest
    isOfRegressionTrees = try Self.treeKind(element, context) == 1
    var weights: [BoostWeight] = []
    for (index, tree) in forest.trees.enumerated() {
      guard let text = tree.weight else {
        throw Self.error(.missing, element, tree: index, "a tree has no attribute boostWeight", context)
      }
      let value = NumberText.double(text).map { Float($0) }
      weights.append(BoostWeight(text: text, value: value.flatMap { $0.isFinite ? $0 : nil }))
    }
    self.weights = weights
    preselection = options.doesPreselection ? try Preselection(element, context) : nil
    remark(context)
  }

  /// A single tree that stands directly in `element`: a DT, or a member of a boosted method.
  init(singleTreeIn element: XMLElement, _ context: TMVAContext) throws(ReadError) {
    guard let forest = element.trees, forest.trees.count == 1 else {
      throw context.error(
        .inconsistent, element, "there must be one tree here, not \(element.trees?.trees.count ?? 0)")
    }
    self.element = element
    self.forest = forest
    isOfRegressionTrees = false
    weights = nil
    preselection = nil
    // A single tree has no number.
    forest.oddities[.indexMissing] = nil
    remark(context)
  }

  /// `TreeType` of before TMVA 4.1.0 wins over `AnalysisType`.
  private static func treeKind(_ element: XMLElement, _ context: TMVAContext) throws(ReadError) -> Int {
    let name = element.attribute("TreeType") != nil ? "TreeType" : "AnalysisType"
    let kind = try context.count(name, of: element)
    guard kind <= 2 else {
      throw context.error(
        .outOfRange, element, attribute: name, "\(name)=\"\(kind)\" is none of 0 (classification), 1 (regression), 2 (multiclass)")
    }
    return kind
  }

  private func remark(_ context: TMVAContext) {
    for oddity in RawForest.Oddity.allCases {
      if let found = forest.oddities[oddity] {
        context.note(.oddity, "\(found.count) \(oddity.sentence)", place: found.first)
      }
    }
  }

  /// An error at a tree, or at one of its nodes.
  static func error(
    _ code: ReadError.Code, _ element: XMLElement, tree: Int, node: Int? = nil, attribute: String? = nil, _ message: String,
    hint: String? = nil, _ context: TMVAContext
  ) -> ReadError {
    let raw = element.trees?.trees[tree]
    var path = "\(element.path)/BinaryTree[\(tree)]"
    var line = raw?.line
    if let node, let raw, raw.nodes.indices.contains(node) {
      path += "/" + raw.path(of: node)
      line = Int(raw.nodes[node].line)
    }
    if let attribute { path += "@\(attribute)" }
    return ReadError(code, at: SourceMark(file: context.file, line: line, path: path), message, hint: hint)
  }

  /// Refuses trees or cuts that depend on variables whose transformation failed in training.
  func refuseUse(of unsound: Set<Int>, _ context: TMVAContext) throws(ReadError) {
    if unsound.isEmpty { return }
    func error(_ tree: Int, _ node: Int) -> ReadError {
      Self.error(
        .notFinite, element, tree: tree, node: node, "the node asks for a variable whose transformation has numbers that are not finite",
        hint: "the training of the transformation failed; train again", context)
    }
    for (index, tree) in forest.trees.enumerated() {
      for (node, raw) in tree.nodes.enumerated()
      where raw.isInner && !raw.flags.contains(.fisher) && unsound.contains(Int(raw.variable)) {
        throw error(index, node)
      }
      for form in tree.forms where unsound.contains(where: { $0 < form.coefficients.count - 1 }) {
        throw error(index, Int(form.node))
      }
    }
    if let cuts = preselection?.cuts, cuts.contains(where: { unsound.contains($0.variable) }) {
      throw context.error(.notFinite, element, "a preselection cut reads a variable whose transformation has numbers that are not finite")
    }
  }

  /// The largest number of variables that any node reads.
  var variablesRead: Int {
    var count = 0
    for tree in forest.trees {
      for node in tree.nodes where node.isInner && !node.flags.contains(.fisher) { count = max(count, Int(node.variable) + 1) }
      for form in tree.forms { count = max(count, form.coefficients.count - 1) }
    }
    return count
  }
}
