import ForestIR
import ForestTesting
import ForestWriting

/// Forests that need different parts of the runtime which emitted C and C++ carry: a header has only what its own trees need, and each
/// must compile without warnings and answer right.
enum KindsOfTrees {
  /// Names and forests: complete trees of each height, trees of any shape in one part and in several, and both kinds together.
  static var forests: [(name: String, forest: Forest)] {
    var forests = (1...8).map { depth in
      var generator = ForestGenerator(seed: UInt64(depth))
      return ("complete_\(depth)", generator.plainForest(inputs: 5, trees: depth < 5 ? 70 : 5, depth: depth))
    }
    for splits in [20, 120, 250] {
      var generator = ForestGenerator(seed: UInt64(splits))
      generator.limits.splits = splits
      forests.append(("any_shape_\(splits)", generator.plainForest(inputs: 5, trees: 70, inputWidth: .float64, width: .float32)))
    }
    var generator = ForestGenerator(seed: 9)
    forests.append(("mixed", generator.oblivious(inputs: 5, trees: 20, depth: 4, and: generator.plainForest(inputs: 5, trees: 20))))
    forests.append(("oblivious", generator.oblivious(inputs: 5, trees: 70, depth: 3, and: nil)))
    return forests.map { ($0, CppRequests.asMargins($1)) }
  }
}

extension ForestGenerator {
  /// Trees that ask one question on each level, behind those of another forest.
  fileprivate mutating func oblivious(inputs: Int, trees: Int, depth: Int, and other: Forest?) -> Forest {
    var all: [Tree] = []
    if case .trees(let ensemble, _)? = other?.model.steps.first(where: { $0.treeCount > 0 }) { all = ensemble.trees }
    for _ in 0..<trees {
      let questions = (0..<depth).map { _ in (Int.random(in: 0..<inputs, using: &random), Double(Int.random(in: -8...8, using: &random)) / 4) }
      let splits = (0..<(1 << depth) - 1).map { split in
        let level = Int.bitWidth - 1 - (split + 1).leadingZeroBitCount
        let children = [2 * split + 1, 2 * split + 2].map { level + 1 < depth ? Child.split($0) : .leaf($0 + 1 - 1 << depth) }
        return Split(
          feature: questions[level].0, test: .less, threshold: questions[level].1, nanGoesLeft: true, left: children[0],
          right: children[1])
      }
      do {
        all.append(try Tree(splits: splits, leaves: (0..<1 << depth).map { _ in random.number(.float64) }))
      } catch {
        preconditionFailure("\(error)")
      }
    }
    do {
      var builder = ModelBuilder(inputCount: inputs, width: .float32)
      let ensemble = try TreeEnsemble(trees: all, width: .float64, fold: .sum(start: [0]))
      return described(try builder.finish(.trees(ensemble, .inputs)))
    } catch {
      preconditionFailure("\(error)")
    }
  }
}
