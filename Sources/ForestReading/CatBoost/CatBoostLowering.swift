import ForestIR

/// From what a CatBoost file says to a forest.
///
/// All inputs are rounded to float32; the trees add up float64 leaf values from 0, in order; then `sum * scale + bias`, two
/// roundings; then the link of the loss function (`CatBoostLowering+Links.swift`).
struct CatBoostLowering {
  let model: CatBoostModel
  let file: String
  /// The positions in `model.features` of the features, by their own numbers; −1 where there is none.
  private let positions: [Int32]
  /// How many inputs there are: up to the largest column of a feature.
  let inputCount: Int
  var notes: [Provenance.Note] = []
  var builder: ModelBuilder

  static let treeLimit = 1 << 24
  static let leafLimit = Tree.leafLimit

  /// What to do about features that are no numbers.
  static let numbersOnly = "train on numerical features only, for instance with the categories encoded by numbers of your own"

  /// Says which feature is no number, by its name, else by its column.
  static func refusal(of what: String, name: String, column: Int?) -> String {
    let name = name.isEmpty ? column.map { " (column \($0))" } ?? "" : " (\"\(JSONCursor.clipped(name))\")"
    return "the model has \(what)\(name): only models of numerical features can be computed"
  }

  /// Says what a split is that asks for no numerical feature.
  static func refusal(ofSplit type: String) -> String {
    let what =
      switch type {
      case "OneHotFeature": " (one value of a categorical feature)"
      case "OnlineCtr": " (statistics of categorical features)"
      case "EstimatedFeature": " (a text or an embedding)"
      default: ""
      }
    return "a split of the type \"\(JSONCursor.clipped(type))\"\(what): only \"FloatFeature\" can be computed"
  }

  /// Checks the features.
  init(_ model: CatBoostModel, file: String) throws(ReadError) {
    self.model = model
    self.file = file
    var positions: [Int32] = []
    var columns: Set<Int> = []
    for (position, feature) in model.features.enumerated() {
      guard (0..<CatBoostFeature.indexLimit).contains(feature.index), (0..<CatBoostFeature.indexLimit).contains(feature.column)
      else {
        throw ReadError(.limit, at: feature.mark, "a feature with the numbers \(feature.index) and \(feature.column)")
      }
      while positions.count <= feature.index { positions.append(-1) }
      guard positions[feature.index] == -1 else {
        throw ReadError(.duplicate, at: feature.mark, "a second numerical feature with the number \(feature.index)")
      }
      positions[feature.index] = Int32(position)
      guard columns.insert(feature.column).inserted else {
        throw ReadError(.duplicate, at: feature.mark, "a second feature in column \(feature.column)")
      }
      guard feature.borders.allSatisfy(\.isFinite) else {
        throw ReadError(.notFinite, at: feature.mark, "a border of feature \(feature.index) is not finite")
      }
    }
    self.positions = positions
    inputCount = (columns.max() ?? 0) + 1
    builder = ModelBuilder(inputCount: inputCount, width: .float32)
  }

  /// - Parameter format: the name of the file format, for the provenance.
  consuming func forest(format: String, _ source: Provenance.Source?) throws(ReadError) -> Forest {
    let inputs = inputs()
    let trees = try trees()
    if model.roundedBorders > 0 {
      notes.append(.init(.oddity, "\(model.roundedBorders) borders are not float32 numbers as written; they are rounded"))
    }
    let outputs = model.outputs ?? max(1, model.biases.count)
    let sum = try margin(trees, outputs)
    let (result, columns) = try results(sum, outputs)
    do throws(ForestFault) {
      let computation = try builder.model(result: result)
      return try Forest(
        inputs: inputs, model: computation, columns: columns, provenance: provenance(format: format, source))
    } catch {
      throw refusal(error)
    }
  }

  // MARK: Inputs

  private mutating func inputs() -> [Input] {
    var names = [String](repeating: "", count: inputCount)
    for feature in model.features { names[feature.column] = feature.name }
    guard names.contains(where: { !$0.isEmpty }) else {
      return (0..<inputCount).map { Input(label: "x\($0)", isUnnamed: true) }
    }
    var taken: Set<String> = []
    return names.enumerated().map { index, name in
      let candidates = [name, name.isEmpty ? "" : "\(name)_\(index)", "x\(index)"]
      let label = candidates.first { !$0.isEmpty && !taken.contains($0) } ?? "feature_\(index)"
      if label != name {
        notes.append(.init(.oddity, "column \(index) is called \"\(label)\" here: its name \"\(JSONCursor.clipped(name))\" is empty or not unique"))
      }
      taken.insert(label)
      return Input(label: label)
    }
  }

  // MARK: Trees

  private mutating func trees() throws(ReadError) -> [Tree] {
    var trees: [Tree] = []
    trees.reserveCapacity(model.trees.count)
    var unknownBorders = 0
    let borders = model.features.map { Set($0.borders.map(\.bitPattern)) }
    let width = model.outputs ?? 1
    for tree in model.trees {
      var asked: [(column: Int, missingIsNo: Bool, border: Double)] = []
      asked.reserveCapacity(tree.questions.count)
      for question in tree.questions {
        let index = Int(question.feature)
        guard positions.indices.contains(index), positions[index] >= 0 else {
          throw ReadError(.outOfRange, at: tree.mark, "a split asks for the numerical feature \(index), which is not there")
        }
        let position = Int(positions[index])
        let feature = model.features[position]
        if !borders[position].contains(question.border.bitPattern) { unknownBorders += 1 }
        asked.append((feature.column, !feature.missingIsAbove, Double(question.border)))
      }
      let children = tree.children ?? Self.symmetricChildren(levels: tree.questions.count)
      var splits: [Split] = []
      splits.reserveCapacity(children.count)
      for (index, pair) in children.enumerated() {
        // The first question of a symmetric tree is its lowest level, so that leaves stand from left to right by their numbers.
        let question = tree.children == nil ? asked[tree.questions.count - 1 - Self.level(of: index)] : asked[index]
        splits.append(
          Split(
            feature: question.column, test: .lessOrEqual, threshold: question.border, nanGoesLeft: question.missingIsNo,
            left: Child(code: pair.no), right: Child(code: pair.yes)))
      }
      do {
        trees.append(try Tree(splits: splits, leaves: tree.leaves, leafWidth: width, leafNumbers: tree.leafNumbers))
      } catch {
        throw ReadError(error.code == .number ? .notFinite : .inconsistent, at: tree.mark, error.message)
      }
    }
    if unknownBorders > 0 {
      notes.append(.init(.oddity, "\(unknownBorders) splits have a border that is not among those of their feature"))
    }
    return trees
  }

  /// A complete tree, level by level: the children of split i are 2i + 1 and 2i + 2.
  private static func symmetricChildren(levels: Int) -> [CatBoostTree.Children] {
    let count = (1 << levels) - 1
    return (0..<count).map { index in
      let no = 2 * index + 1
      return no < count
        ? CatBoostTree.Children(no: Int32(no), yes: Int32(no + 1))
        : CatBoostTree.Children(no: ~Int32(no - count), yes: ~Int32(no + 1 - count))
    }
  }

  /// The level of split i of a complete tree; the root's is 0.
  private static func level(of index: Int) -> Int { Int.bitWidth - 1 - (index + 1).leadingZeroBitCount }

  /// The sum over the trees, with scale and bias.
  private mutating func margin(_ trees: [Tree], _ outputs: Int) throws(ReadError) -> Value {
    let biases = try biases(outputs)
    guard model.scale.isFinite else { throw fault(.notFinite, "scale_and_bias", "the scale is not finite") }
    let start = Vector([Double](repeating: 0, count: outputs))
    guard !trees.isEmpty else {
      notes.append(.init(.oddity, "the model has no trees"))
      return try add(.constant(Vector(biases), .float64))
    }
    var sum: Value
    do {
      sum = try builder.add(.trees(TreeEnsemble(trees: trees, width: .float64, fold: .sum(start: start)), .inputs))
    } catch {
      throw refusal(error)
    }
    // The sum is never -0, so that neither 1 nor 0 changes it.
    if model.scale == 1, biases.allSatisfy({ $0 == 0 }) { return sum }
    if model.scale != 1 { sum = try apply(.multiply, sum, constant([model.scale])) }
    return try apply(.add, sum, constant(biases))
  }

  private func biases(_ outputs: Int) throws(ReadError) -> [Double] {
    guard model.biases.allSatisfy(\.isFinite) else { throw fault(.notFinite, "scale_and_bias", "a bias is not finite") }
    if model.biases.count == outputs { return model.biases }
    // One number for several outputs is only ever 0; the trainer refuses others.
    guard model.biases.count == 1, let bias = model.biases.first, bias == 0 else {
      throw fault(.inconsistent, "scale_and_bias", "\(model.biases.count) biases for \(outputs) outputs")
    }
    return [Double](repeating: 0, count: outputs)
  }

  // MARK: Steps

  mutating func add(_ step: Operation) throws(ReadError) -> Value {
    do throws(ForestFault) { return try builder.add(step) } catch { throw refusal(error) }
  }

  mutating func constant(_ numbers: [Double]) throws(ReadError) -> Value { try add(.constant(Vector(numbers), .float64)) }

  mutating func apply(_ function: BinaryFunction, _ a: Value, _ b: Value) throws(ReadError) -> Value {
    try add(.binary(function, a, b))
  }

  mutating func apply(_ function: UnaryFunction, _ a: Value) throws(ReadError) -> Value { try add(.unary(function, a)) }

  func fault(_ code: ReadError.Code, _ path: String, _ message: String) -> ReadError {
    ReadError(code, at: SourceMark(file: file, path: path), message)
  }

  private func refusal(_ fault: ForestFault) -> ReadError {
    let code: ReadError.Code =
      switch fault.code {
      case .shape, .structure: .inconsistent
      case .index, .number: .outOfRange
      case .duplicate: .duplicate
      case .limit: .limit
      }
    return ReadError(code, at: SourceMark(file: file), fault.message)
  }
}
