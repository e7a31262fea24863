import ForestIR

/// Prints the set of corrections.
struct CorrectionlibWriter {
  private let forest: AdditiveForest
  private let request: EmissionRequest
  private let notes: [String]
  /// The inputs' names as JSON strings.
  private let names: [String]

  /// More nodes than this times the splits of a tree are refused: answers would be written too often.
  private static let growthLimit = 64

  init(_ forest: AdditiveForest, request: EmissionRequest, notes: [String]) {
    self.forest = forest
    self.request = request
    self.notes = notes
    names = forest.inputs.map { Self.string($0.label) }
  }

  func text() throws(EmissionError) -> [UInt8] {
    if Set(forest.inputs.map(\.label)).count < forest.inputs.count {
      throw EmissionError("two inputs have the same label, by which correctionlib finds them", hint: "use another target")
    }
    let trees = allTrees()
    var text: [UInt8] = []
    func line(_ part: String) { text += (part + "\n").utf8 }
    line(#"{"schema_version":2,"#)
    line(#""description":\#(Self.string(description)),"#)
    line(#""corrections":["#)
    for (index, tree) in trees.enumerated() {
      try print(tree.tree, name: tree.name, to: &text)
      line(index == trees.count - 1 ? "" : ",")
    }
    line("],")
    line(#""compound_corrections":["#)
    for output in 0..<forest.outputCount {
      let name = forest.outputCount == 1 ? "raw" : "raw_\(output)"
      let stack = trees.filter { $0.tree.group == output }.map { Self.string($0.name) }
      line(
        #"{"name":"\#(name)","description":"the sum of all trees, in this order","inputs":[\#(forest.inputs.indices.map(variable).joined(separator: ","))],"#)
      line(
        #""output":{"name":"\#(name)","type":"real"},"inputs_update":[],"input_op":"+","output_op":"+","stack":[\#(stack.joined(separator: ","))]}\#(output == forest.outputCount - 1 ? "" : ",")"#)
    }
    line("]}")
    return text
  }

  /// The trees with their names; a start value is one too, and so is a 0 for a sum without trees.
  private func allTrees() -> [(name: String, tree: RoutedTree)] {
    var trees: [(name: String, tree: RoutedTree)] = []
    for (output, value) in forest.start.enumerated() {
      let hasTrees = forest.trees.contains { $0.leafWidth > 1 || $0.group == output }
      if value != 0 || !hasTrees { trees.append(("start_\(output)", .constant(value, group: output))) }
    }
    for (index, tree) in forest.trees.enumerated() {
      for part in tree.parts { trees.append((tree.leafWidth == 1 ? "tree_\(index)" : "tree_\(index)_\(part.group)", part)) }
    }
    return trees
  }

  private func print(_ tree: RoutedTree, name: String, to text: inout [UInt8]) throws(EmissionError) {
    let node = CorrectionNode(tree: tree)
    guard let size = node.size, size <= Self.growthLimit * (tree.splits.count + 1) else {
      throw EmissionError(
        "tree \(tree.source ?? 0) is too deep, or asks for too many categories, to be written as bins",
        hint: "source code (cpp, python, swift) says every model")
    }
    var used = Set(tree.splits.map(\.input)).sorted()
    if used.isEmpty { used = [0] }
    text += #"{"name":"\#(name)","version":1,"inputs":[\#(used.map(variable).joined(separator: ","))],"#.utf8
    text += #""output":{"name":"value","type":"real"},"data":"#.utf8
    try node.print(inputs: names, to: &text)
    text += "}".utf8
  }

  private func variable(_ input: Int) -> String { #"{"name":\#(names[input]),"type":"real"}"# }

  private var description: String {
    let provenance = request.forest.provenance
    var lines = ["A trained decision forest: \(provenance.trainer); \(provenance.kind)."]
    if let source = provenance.source { lines.append("Made from \(source.fileName), SHA-256 \(source.sha256).") }
    lines.append("Made by petrify \(request.toolVersion); digest \(request.meaningDigest).")
    lines.append(
      forest.outputCount == 1 ? "The compound correction \"raw\" is the raw sum." : "The compound corrections raw_0 … are the raw sums.")
    lines.append("What is promised: \(notes.joined(separator: "; ")).")
    lines.append("This file belongs to whoever generated it; petrify claims no rights in it.")
    return lines.map(SafeText.comment).joined(separator: "\n")
  }

  private static func string(_ text: String) -> String {
    var json = JSONText(layout: .compact)
    json.string(text)
    return String(decoding: json.bytes, as: UTF8.self)
  }
}
