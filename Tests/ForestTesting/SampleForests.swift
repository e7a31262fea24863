package import ForestIR

/// Small forests that together use every part of the IR.
package enum SampleForests {
  package static func stump(
    _ feature: Int = 0, _ threshold: Double = 0.5, test: Split.Test = .lessOrEqual, nanGoesLeft: Bool = false,
    leaves: [Double] = [-1, 1], numbers: [Int32]? = nil, forms: [LinearForm] = [], sets: [CategorySet] = [],
    leafForms: [LeafForm]? = nil
  ) throws -> Tree {
    try Tree(
      splits: [
        Split(feature: feature, test: test, threshold: threshold, nanGoesLeft: nanGoesLeft, left: .leaf(0), right: .leaf(1))
      ],
      leaves: leaves, leafWidth: leaves.count / 2, leafNumbers: numbers, linearForms: forms, categorySets: sets,
      leafForms: leafForms)
  }

  package static func forest(_ model: Model, provenance: Provenance? = nil) throws -> Forest {
    let width: Width = if case .number(let width) = model.resultShape.kind { width } else { .float64 }
    return try Forest(
      inputs: (0..<model.inputShape.count).map { Input(label: "x\($0)", isUnnamed: true) }, model: model,
      columns: (0..<model.resultShape.count).map {
        Column(name: "y\($0)", role: .response, meaning: "a number", width: width)
      },
      provenance: provenance ?? Provenance(trainer: "TRAINER 1.0", kind: "test", format: "none"))
  }

  /// One model with a step of every operation.
  package static func everyOperation() throws -> Forest {
    var builder = ModelBuilder(inputCount: 2, width: .float32)
    let wide = try builder.add(.convert(.inputs, to: .float64))
    let odd = try builder.add(
      .constant([-0.0, .infinity, -.infinity, .nan, Double(bitPattern: 0xFFF8_0000_0000_0001), .leastNonzeroMagnitude, 0.1], .float64))
    let one = try builder.add(.gather(odd, [6]))
    var values: [Value] = []
    for function in UnaryFunction.allCases { values.append(try builder.add(.unary(function, wide))) }
    for function in BinaryFunction.allCases { values.append(try builder.add(.binary(function, wide, one))) }
    let truths = try builder.add(.compare(.less, wide, one))
    for comparison in Comparison.allCases { _ = try builder.add(.compare(comparison, wide, one)) }
    let isNaN = try builder.add(.isNaN(wide))
    let both = try builder.add(.and(truths, try builder.add(.not(isNaN))))
    let any = try builder.add(.any(try builder.add(.or(both, isNaN))))
    values.append(try builder.add(.select(any, wide, one)))
    let all = try builder.add(.concatenate(values))
    let heaps = try builder.add(.reduce(.sum, all, count: 2))
    let largest = try builder.add(.reduce(.maximum, all, count: 1))
    let pairwise = try builder.add(.reduce(.pairwiseSum, all, count: 2))
    let place = try builder.add(.indexOfMaximum(all))
    let codes = try builder.add(.lookUp([[-0.0, 0.1, .nan, 1], [.infinity, 1, 1]], wide))
    let turned = try builder.add(.product(try Matrix(rows: 2, columns: 2, elements: [1, 2, 3, 0.1]), heaps))
    let curves = [
      try HistogramCurve(axis: .uniform(lower: -1, upper: 1), contents: [0, 0.5, 1], fineBins: 10, floor: 0),
      try HistogramCurve(axis: .listed([-1, 0, 1.5]), contents: [0.25, 1], fineBins: 0, floor: 1e-9),
    ]
    let curved = try builder.add(.curve(curves, turned))
    let back = try builder.add(.inverseCurve(curves, curved))
    let median = try builder.add(.medianWindowMean(back, weights: [1, 0.5], halfWidth: 1))
    let plainMedian = try builder.add(.weightedMedian(back, weights: [0, 2]))
    let form = LinearForm(offset: 0.25, coefficients: [1, -2])
    let ensemble = try TreeEnsemble(
      trees: [
        stump(), stump(1, .infinity, nanGoesLeft: true, leaves: [0.1, -0.0], numbers: [7, 3]),
        stump(0, 1.5, test: .linearLessOrEqual, forms: [form]), stump(1, -0.0, test: .less),
        Tree(splits: [], leaves: [-.infinity]),
      ],
      groups: [0, 1, 1, 0, 0], weights: [1, 0.5, 2, 1e-30, 1], width: .float64, fold: .sum(start: [0, -0.0]))
    let sums = try builder.add(.trees(ensemble, .inputs))
    let each = try builder.add(
      .trees(try TreeEnsemble(trees: [stump(), stump()], width: .float32, fold: .each), .inputs))
    let sets = [CategorySet(words: []), CategorySet([0, 31, 32, 100])]
    let votes = try builder.add(
      .trees(
        try TreeEnsemble(
          trees: [
            stump(1, 1, test: .inSet, nanGoesLeft: true, leaves: [1, 0, 0.5, -0.0, 2, 0.25], sets: sets),
            stump(leaves: [0.1, 0.2, 0.7, 1, 0, 0], numbers: [5, 6]),
          ],
          weights: [1, 0.5], width: .float64, fold: .sum(start: [0, -0.0, 1])), .inputs))
    let pairs = try builder.add(
      .trees(
        try TreeEnsemble(
          trees: [stump(0, 0, test: .inSet, leaves: [1, 2, 3, 4], sets: sets), stump(leaves: [-1, -2, -3, -4])],
          width: .float64, fold: .each), wide))
    let models = [
      LeafForm(offset: 0.5, features: [1, 0], coefficients: [2, -0.25]), LeafForm(offset: -1, features: [], coefficients: []),
    ]
    let linearLeaves = try builder.add(
      .trees(
        try TreeEnsemble(trees: [stump(leafForms: models), stump(1)], width: .float64, fold: .sum(start: [0])), .inputs))
    let narrowed = try builder.add(.unary(.exponential, .inputs))

    var inner = ModelBuilder(inputCount: 2, width: .float64)
    let innerResult = try inner.add(.trees(ensemble, .inputs))
    let innerModel = try inner.model(result: innerResult)
    var middle = ModelBuilder(inputCount: 2, width: .float64)
    let middleResult = try middle.add(.members([innerModel, innerModel], .inputs))
    let middleModel = try middle.model(result: middleResult)
    let members = try builder.add(.members([middleModel, innerModel], wide))
    let chosen = try builder.add(
      .choose(
        Choice(
          branches: [.init(condition: any, model: innerModel, argument: wide)], otherwise: sums, ambiguity: .refused)))
    let result = try builder.add(
      .concatenate([
        median, plainMedian, largest, pairwise, place, codes, sums, try builder.add(.convert(each, to: .float64)), votes,
        pairs, members, chosen, linearLeaves, try builder.add(.convert(narrowed, to: .float64)),
      ]))
    return try forest(
      builder.model(result: result),
      provenance: Provenance(
        trainer: "TRAINER 1.2.3", kind: "a \"kind\"", format: "tab\there",
        source: .init(fileName: "π \u{1F333}.xml", sha256: String(repeating: "0a", count: 32)),
        facts: [.init("NTrees", "5"), .init("\u{0}\u{7F}\\", "line\r\nbreak")],
        notes: [.init(.choice, "taken", place: "Weights[0]"), .init(.oddity, "odd")]))
  }

  /// Inputs and columns with everything said about them.
  package static func described() throws -> Forest {
    var builder = ModelBuilder(inputCount: 2, width: .float32)
    let margin = try builder.add(
      .trees(
        TreeEnsemble(trees: [stump(), stump(1, 3)], width: .float32, fold: .sum(start: [0.5])), .inputs))
    let both = try builder.add(.concatenate([margin, margin]))
    let model = try builder.model(result: both)
    return try Forest(
      inputs: [
        Input(
          label: "jet_pt", expression: "jet.pt()/1000", title: "p_{T}", unit: "GeV", kind: .real, role: .feature,
          trainingRange: .init(lowest: -0.0, highest: 1e300)),
        Input(label: "", kind: .integer, role: .selector),
      ],
      model: model,
      columns: [
        Column(name: "margin", role: .margin, meaning: "", width: .float32, isPrinted: false),
        Column(name: "score", role: .response, meaning: "signal is high", width: .float32),
      ],
      provenance: Provenance(trainer: "", kind: "", format: ""))
  }
}
