import ForestIR
import ForestRanking
import ForestTesting

/// A random forest of one shape, of float64 numbers, laid out for the kernels.
struct KernelShape {
  let name: String
  let ensemble: RankedEnsemble

  static let featureCount = 30
  /// How many thresholds a feature has.
  private static let thresholdCount = 60

  enum Growth {
    /// Every way has so many splits; `oblivious`: a level asks one question.
    case complete(depth: Int, oblivious: Bool)
    /// Leaves are split at random until there are so many.
    case leafWise(leaves: Int)
  }

  init(_ name: String, trees: Int, _ growth: Growth) throws {
    var random = SplitMix64(seed: 20_261_128)
    let forest = try (0..<trees).map { _ in try KernelShape.tree(growth, &random) }
    let ensemble = try TreeEnsemble(trees: forest, width: .float64, fold: .sum(start: [0]))
    guard let ranked = RankedEnsemble(ensemble, featureWidth: .float64) else { fatalError("\(name): not laid out by ranks") }
    self.name = name
    self.ensemble = ranked
  }

  private static func tree(_ growth: Growth, _ random: inout SplitMix64) throws -> Tree {
    func question() -> (feature: Int, threshold: Double) {
      (Int.random(in: 0..<featureCount, using: &random), Double(Int.random(in: 0..<thresholdCount, using: &random)) / 60)
    }
    // Split s has the children below[s]; a negative one, −1 − l, is leaf l.
    var questions: [(feature: Int, threshold: Double)] = [], below: [[Int]] = []
    switch growth {
    case .complete(let depth, let oblivious):
      for level in 0..<depth {
        let first = question()
        for place in 0..<1 << level {
          let split = questions.count
          questions.append(place == 0 || oblivious ? first : question())
          let left = 2 * split + 1
          below.append(level + 1 < depth ? [left, left + 1] : [-1 - 2 * place, -2 - 2 * place])
        }
      }
    case .leafWise(let leaves):
      // The leaves so far: where each hangs.
      var open: [(parent: Int, side: Int)] = []
      for split in 0..<leaves - 1 {
        if split > 0 {
          let place = open.remove(at: Int.random(in: 0..<open.count, using: &random))
          below[place.parent][place.side] = split
        }
        questions.append(question())
        below.append([0, 0])
        open += [(split, 0), (split, 1)]
      }
      for (leaf, place) in open.enumerated() { below[place.parent][place.side] = -1 - leaf }
    }
    let splits = zip(questions, below).map { question, below in
      let children = below.map { $0 < 0 ? Child.leaf(-1 - $0) : Child.split($0) }
      return Split(
        feature: question.feature, test: .lessOrEqual, threshold: question.threshold, nanGoesLeft: true, left: children[0],
        right: children[1])
    }
    return try Tree(splits: splits, leaves: splits.indices.map { Double($0) / 8 } + [1])
  }
}
