import ForestIR

/// The quantities of an event while a method is evaluated: its variables, then the spectators that are read at all.
struct EventLayout {
  let variableCount: Int
  /// The position of each spectator that is read.
  let spectators: [Int: Int]

  init(variableCount: Int, spectatorsRead: Set<Int> = []) {
    self.variableCount = variableCount
    var spectators: [Int: Int] = [:]
    for (rank, spectator) in spectatorsRead.sorted().enumerated() { spectators[spectator] = variableCount + rank }
    self.spectators = spectators
  }

  var count: Int { variableCount + spectators.count }

  /// Nil for a target: it does not exist yet.
  func position(of slot: Transformation.Slot) -> Int32? {
    switch slot {
    case .variable(let index): Int32(index)
    case .spectator(let index): spectators[index].map { Int32($0) }
    case .target: nil
    }
  }
}

extension Transformation {
  /// Appends the steps of a chain. The event is float32 before, between and after the transformations.
  static func apply(
    _ chain: [Transformation], to event: Value, layout: EventLayout, _ builder: inout ModelBuilder
  ) throws(ForestFault) -> Value {
    var event = event
    for transformation in chain where transformation.presentCount > 0 {
      event = try transformation.apply(to: event, layout: layout, &builder)
    }
    return event
  }

  /// The positions in the event, after a chain, of quantities that come from numbers that are not finite.
  static func unsoundPositions(after chain: [Transformation], layout: EventLayout) -> Set<Int> {
    var unsound: Set<Int> = []
    for transformation in chain {
      let before = unsound
      let count = transformation.presentCount
      let sources = transformation.inputs.prefix(count).compactMap { layout.position(of: $0).map(Int.init) }
      for (index, slot) in transformation.outputs.prefix(count).enumerated() {
        guard let position = layout.position(of: slot).map(Int.init) else { continue }
        // A product with a matrix mixes all inputs; everything else keeps them apart.
        let isTouched = transformation.mixesInputs
          ? sources.contains(where: before.contains) : index < sources.count && before.contains(sources[index])
        if isTouched || transformation.unsoundOutputs.contains(index) {
          unsound.insert(position)
        } else {
          unsound.remove(position)
        }
      }
    }
    return unsound
  }

  private var mixesInputs: Bool {
    switch kind {
    case .decorrelation, .principalComponents: true
    case .normalize, .gauss, .rearrange: false
    }
  }

  private func apply(
    to event: Value, layout: EventLayout, _ builder: inout ModelBuilder
  ) throws(ForestFault) -> Value {
    let everything = (0..<layout.count).map { Int32($0) }
    let sources = inputs.prefix(presentCount).compactMap { layout.position(of: $0) }
    let destinations = outputs.prefix(presentCount).compactMap { layout.position(of: $0) }
    let selected = sources == everything ? event : try builder.add(.gather(event, sources))
    let result = try transformed(selected, &builder)
    if destinations == everything { return result }
    var positions = everything
    for (index, destination) in destinations.enumerated() {
      positions[Int(destination)] = Int32(layout.count + index)
    }
    return try builder.add(.gather(builder.add(.concatenate([event, result])), positions))
  }

  /// The results for the selected inputs, in float32.
  private func transformed(_ x: Value, _ builder: inout ModelBuilder) throws(ForestFault) -> Value {
    switch kind {
    case .rearrange:
      return x

    case .normalize(let intervals):
      // ((x − min) · scale) · 2 − 1, each step rounded to float32.
      let intervals = intervals.prefix(presentCount)
      let lowest = try builder.float32(intervals.map(\.lowest))
      let scales = try builder.float32(intervals.map(\.scale))
      let shifted = try builder.add(.binary(.subtract, x, lowest))
      let scaled = try builder.add(.binary(.multiply, shifted, scales))
      let doubled = try builder.add(.binary(.multiply, scaled, builder.float32([2])))
      return try builder.add(.binary(.subtract, doubled, builder.float32([1])))

    case .decorrelation(let elements):
      let matrix = try Matrix(rows: presentCount, columns: presentCount, elements: elements)
      let product = try builder.add(.product(matrix, builder.add(.convert(x, to: .float64))))
      return try builder.add(.convert(product, to: .float32))

    case .principalComponents(let means, let eigenvectors):
      // y[i] = Σ_j (x[j] − mean[j]) · E[j][i]: the product with the transposed eigenvectors.
      let count = presentCount
      var transposed = eigenvectors
      for row in 0..<count {
        for column in 0..<count { transposed[row * count + column] = eigenvectors[column * count + row] }
      }
      let wide = try builder.add(.convert(x, to: .float64))
      let centred = try builder.add(.binary(.subtract, wide, builder.float64(means)))
      let matrix = try Matrix(rows: count, columns: count, elements: transposed)
      return try builder.add(.convert(builder.add(.product(matrix, centred)), to: .float32))

    case .gauss(let curves, let flat):
      let wide = try builder.add(.convert(x, to: .float64))
      var u = try builder.add(.curve(Array(curves.prefix(presentCount)), wide))
      // A NaN becomes 1e-12 here: the second operand wins.
      u = try builder.add(.binary(.maximum, u, builder.float64([CumulativeDistribution.floor])))
      u = try builder.add(.binary(.minimum, u, builder.float64([1 - 10e-10])))
      u = try builder.add(.binary(.maximum, u, builder.float64([10e-10])))
      if flat { return try builder.add(.convert(u, to: .float32)) }
      let doubled = try builder.add(.binary(.multiply, u, builder.float64([2])))
      var argument = try builder.add(.binary(.subtract, doubled, builder.float64([1])))
      argument = try builder.add(.binary(.minimum, argument, builder.float64([0.99999999])))
      argument = try builder.add(.binary(.maximum, argument, builder.float64([-0.99999999])))
      let inverse = try builder.add(.unary(.inverseErrorFunction, argument))
      let stretched = try builder.add(.binary(.multiply, inverse, builder.float64([Self.gaussScale])))
      return try builder.add(.convert(stretched, to: .float32))
    }
  }

  /// What the trainer has instead of √2.
  private static let gaussScale = 1.414213562

  /// Appends the way back from the trees' result (one float32 number) to the target.
  ///
  /// With several transformations of the target the trainer applies the inverse of each to the same number, so that
  /// only the one of the first in the file counts.
  static func invert(
    _ chain: [Transformation], _ result: Value, _ context: TMVAContext, _ builder: inout ModelBuilder
  ) throws(ForestFault) -> Value {
    let ofTarget = chain.filter { $0.targetPosition != nil }
    guard let first = ofTarget.first, let position = first.targetPosition else { return result }
    if ofTarget.count > 1 {
      context.note(
        .choice, "\(ofTarget.count) transformations of the target: only the first is inverted, as TMVA does; the results are "
          + "not on the scale of the target", place: first.element.path)
    }
    switch first.kind {
    case .normalize(let intervals):
      // min + (v + 1) / (scale · 2), each step rounded to float32.
      let interval = intervals[position]
      let raised = try builder.add(.binary(.add, result, builder.float32([1])))
      let quotient = try builder.add(.binary(.divide, raised, builder.float32([interval.scale * 2])))
      return try builder.add(.binary(.add, builder.float32([interval.lowest]), quotient))
    case .gauss(let curves, let flat):
      var u = try builder.add(.convert(result, to: .float64))
      if !flat {
        let argument = try builder.add(.binary(.divide, u, builder.float64([gaussScale])))
        let raised = try builder.add(
          .binary(.add, builder.add(.unary(.errorFunction, argument)), builder.float64([1])))
        u = try builder.add(.binary(.divide, raised, builder.float64([2])))
      }
      return try builder.add(.convert(builder.add(.inverseCurve([curves[position]], u)), to: .float32))
    case .rearrange, .decorrelation, .principalComponents:
      return result
    }
  }
}

extension Transformation.Interval {
  /// `1 / (max − min)`: the difference in float32, the quotient in float64, rounded to float32.
  var scale: Float { Float(1 / Double(highest - lowest)) }
}

extension ModelBuilder {
  mutating func float32(_ values: [Float]) throws(ForestFault) -> Value {
    try add(.constant(Vector(values.map { Double($0) }), .float32))
  }

  mutating func float64(_ values: [Double]) throws(ForestFault) -> Value {
    try add(.constant(Vector(values), .float64))
  }
}
