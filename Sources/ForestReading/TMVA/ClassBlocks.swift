import ForestIR

/// The numbers of a transformation: one block for each class, of which the last is used.
struct ClassBlocks {
  let transformation: XMLElement
  /// How many blocks there must be; nil where the file lists no classes.
  let expected: Int?
  let context: TMVAContext

  /// The last of the blocks that are numbered by the attribute `ClassIndex`.
  private func last(of blocks: [XMLElement], called name: String) throws(ReadError) -> XMLElement {
    var highest: (index: Int, block: XMLElement)?
    var seen: Set<Int> = []
    for block in blocks {
      let index = try context.count("ClassIndex", of: block)
      guard seen.insert(index).inserted else {
        throw context.error(.duplicate, block, attribute: "ClassIndex", "ClassIndex=\"\(index)\" occurs twice")
      }
      if index >= highest?.index ?? 0 { highest = (index, block) }
    }
    guard let highest else {
      throw context.error(.missing, transformation, "the transformation has no element \(name)")
    }
    try check(count: highest.index + 1, called: name)
    return highest.block
  }

  private func check(count: Int, called name: String) throws(ReadError) {
    if let expected, count != expected {
      throw context.error(
        .inconsistent, transformation,
        "the transformation has \(count) blocks \(name), but the classes of the method call for \(expected)",
        hint: "the last block, of all classes together, is the one that is used")
    }
  }

  // MARK: Normalize

  func intervals(count: Int) throws(ReadError) -> [Transformation.Interval] {
    let block = try last(of: transformation.children(named: "Class"), called: "Class")
    var found = [Transformation.Interval?](repeating: nil, count: count)
    for (index, element) in try ranges(in: block, count: count) {
      guard index < count else {
        throw context.error(.outOfRange, element, "the range number \(index) is not in 0…\(count - 1)")
      }
      guard found[index] == nil else { throw context.error(.duplicate, element, "the range number \(index) occurs twice") }
      let interval = Transformation.Interval(
        lowest: try context.float("Min", of: element), highest: try context.float("Max", of: element))
      if interval.highest <= interval.lowest {
        context.note(.oddity, "a range to normalise by is empty: every value becomes infinite or NaN", place: element.path)
      }
      found[index] = interval
    }
    guard let missing = found.firstIndex(where: { $0 == nil }) else { return found.compactMap(\.self) }
    throw context.error(.missing, block, "there is no range number \(missing)")
  }

  /// The ranges of a block with their positions among the inputs, in today's layout or that of before TMVA 4.1.2.
  private func ranges(in block: XMLElement, count: Int) throws(ReadError) -> [(Int, XMLElement)] {
    var ranges: [(Int, XMLElement)] = []
    for element in block.children(named: "Ranges").flatMap({ $0.children(named: "Range") }) {
      ranges.append((try context.count("Index", of: element), element))
    }
    let variables = block.children(named: "Variables").flatMap { $0.children(named: "Variable") }
    for element in variables {
      ranges.append((try context.count("VarIndex", of: element), element))
    }
    for element in block.children(named: "Targets").flatMap({ $0.children(named: "Target") }) {
      ranges.append((variables.count + (try context.count("TargetIndex", of: element)), element))
    }
    return ranges
  }

  // MARK: Decorrelation, PCA

  /// A matrix whose product is taken, and which of its rows have numbers that are not finite.
  struct Rectangle {
    var elements: [Double]
    var unsoundRows: Range<Int>
  }

  func matrix(size: Int) throws(ReadError) -> Rectangle {
    let matrices = transformation.children(named: "Matrix")
    guard let last = matrices.last else {
      throw context.error(.missing, transformation, "the transformation has no element Matrix")
    }
    try check(count: matrices.count, called: "Matrix")
    return try rectangle(last, rows: "Rows", columns: "Columns", size: size)
  }

  func principalComponents(
    count: Int
  ) throws(ReadError) -> (means: [Double], eigenvectors: [Double], isSound: Bool) {
    let statistics = try last(of: transformation.children(named: "Statistics"), called: "Statistics")
    let vectors = try last(of: transformation.children(named: "Eigenvectors"), called: "Eigenvectors")
    let rows = try context.count("NRows", of: statistics)
    guard rows == count else {
      throw context.error(.inconsistent, statistics, attribute: "NRows", "\(rows) means for \(count) inputs")
    }
    let means = try context.numbers(count, in: statistics)
    let eigenvectors = try rectangle(vectors, rows: "NRows", columns: "NCols", size: count)
    return (means.values, eigenvectors.elements, means.firstBad == nil && eigenvectors.unsoundRows.isEmpty)
  }

  private func rectangle(_ element: XMLElement, rows: String, columns: String, size: Int) throws(ReadError) -> Rectangle {
    let shape = (try context.count(rows, of: element), try context.count(columns, of: element))
    guard shape == (size, size) else {
      throw context.error(
        .inconsistent, element, attribute: rows, "a matrix of \(shape.0) × \(shape.1) numbers for \(size) inputs")
    }
    let numbers = try context.numbers(size * size, in: element)
    return Rectangle(elements: numbers.values, unsoundRows: (numbers.firstBad.map { $0 / size } ?? size)..<size)
  }

  // MARK: Gauss, Uniform

  func curves(count: Int) throws(ReadError) -> [(curve: HistogramCurve, isSound: Bool)] {
    var curves = [(curve: HistogramCurve, isSound: Bool)?](repeating: nil, count: count)
    for element in transformation.children(named: "Variable") {
      let index = try context.count("VarIndex", of: element)
      guard index < count else {
        throw context.error(.outOfRange, element, attribute: "VarIndex", "VarIndex=\"\(index)\" is not in 0…\(count - 1)")
      }
      guard curves[index] == nil else {
        throw context.error(.duplicate, element, attribute: "VarIndex", "VarIndex=\"\(index)\" occurs twice")
      }
      curves[index] = try curve(of: element)
    }
    guard let missing = curves.firstIndex(where: { $0 == nil }) else { return curves.compactMap(\.self) }
    throw context.error(.missing, transformation, "there is no distribution number \(missing)")
  }

  /// The curve of the last class of one input.
  private func curve(of variable: XMLElement) throws(ReadError) -> (curve: HistogramCurve, isSound: Bool) {
    let prefix = "CumulativePDF_cls"
    var last: (index: Int, element: XMLElement)?
    for child in variable.children where child.name.hasPrefix(prefix) {
      guard let index = Int(child.name.dropFirst(prefix.count)), index >= 0, index < VariableList.most else {
        throw context.error(.malformed, child, "\(child.name) names no class")
      }
      if index == last?.index { throw context.error(.duplicate, child, "\(child.name) occurs twice") }
      if index > last?.index ?? -1 { last = (index, child) }
    }
    guard let last else { throw context.error(.missing, variable, "there is no cumulative distribution") }
    try check(count: last.index + 1, called: prefix)
    let densities = last.element.children(named: "PDF")
    guard densities.count == 1 else {
      throw context.error(.missing, last.element, "there must be one element PDF, not \(densities.count)")
    }
    return try CumulativeDistribution(densities[0], context).curve()
  }
}
