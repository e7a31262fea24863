import ForestIR
import ForestVerification
import Testing

@Suite struct FeatureOriginTests {
  /// A single leaf, so that there is an ensemble to ask.
  private func leaf() throws -> TreeEnsemble {
    try TreeEnsemble(trees: [Tree(splits: [], leaves: [1])], width: .float64, fold: .sum(start: [0]))
  }

  /// The origins of what trees read behind the given steps, which may use three inputs.
  private func origins(_ build: (inout ModelBuilder) throws -> Value) throws -> [FeatureOrigin] {
    var builder = ModelBuilder(inputCount: 3, width: .float64)
    let argument = try build(&builder)
    let sum = try builder.add(.trees(leaf(), argument))
    var found: [FeatureOrigin] = []
    try builder.model(result: sum).forEachEnsemble { found = $1 }
    return found
  }

  @Test func followsInputsThroughRoundingAndReordering() throws {
    let found = try origins { builder in
      let rounded = try builder.add(.convert(.inputs, to: .float32))
      return try builder.add(.gather(rounded, [2, 0]))
    }
    #expect(found == [.input(2), .input(0)])
  }

  @Test func knowsAStandInForMissing() throws {
    let found = try origins { builder in
      let standIn = try builder.add(.constant([-999], .float64))
      let nan = try builder.add(.constant([.nan], .float64))
      let isMissing = try builder.add(.compare(.equal, .inputs, standIn))
      return try builder.add(.select(isMissing, nan, .inputs))
    }
    #expect(found == [.input(0), .input(1), .input(2)])
  }

  @Test func tellsOwnTransformationsFromMixtures() throws {
    let found = try origins { builder in
      let scale = try builder.add(.constant([2, 3, 4], .float64))
      let scaled = try builder.add(.binary(.multiply, .inputs, scale))
      let matrix = try Matrix(rows: 2, columns: 3, elements: [1, 1, 0, 0, 0, 1])
      let mixed = try builder.add(.product(matrix, .inputs))
      let total = try builder.add(.reduce(.sum, .inputs, count: 1))
      let constant = try builder.add(.constant([1], .float64))
      return try builder.add(.concatenate([scaled, mixed, total, constant]))
    }
    #expect(found == [
      .transformed(0), .transformed(1), .transformed(2), .mixture, .transformed(2), .mixture, .constant,
    ])
  }

  @Test func looksIntoInnerModels() throws {
    var inner = ModelBuilder(inputCount: 1, width: .float64)
    let sum = try inner.add(.trees(leaf(), .inputs))
    let model = try inner.model(result: sum)
    var outer = ModelBuilder(inputCount: 3, width: .float64)
    let picked = try outer.add(.gather(.inputs, [1]))
    let members = try outer.add(.members([model, model], picked))
    var found: [[FeatureOrigin]] = []
    try outer.model(result: members).forEachEnsemble { found.append($1) }
    #expect(found == [[.input(1)], [.input(1)]])
  }
}
