import ForestIR

/// A transformation of some variables that a generated class applies before it asks its trees.
struct TMVAClassTransformation {
  enum Kind {
    /// y = M · x
    case decorrelation(Matrix)
    /// y = (x − lowest) · scale · 2 − 1 with scale = 1 / (highest − lowest); releases up to 6.2x.
    case normalisation(lowest: [Double], highest: [Double])
    /// y = scale · x − offset with scale = 2 / (highest − lowest), offset = lowest · scale + 1; recent releases.
    case scaledNormalisation(lowest: [Double], highest: [Double])
  }

  var kind: Kind
  /// The variables that are read.
  var sources: [Int32]
  /// The variables that are replaced; where one comes twice, the later result stays.
  var destinations: [Int32]

  /// Appends the steps, in float64 throughout, each rounded as the code rounds it.
  func apply(to event: Value, _ builder: inout ModelBuilder) throws(ForestFault) -> Value {
    let result = try transformed(builder.add(.gather(event, sources)), &builder)
    let count = builder.shape(of: event).count
    var positions = (0..<Int32(count)).map { $0 }
    for (index, destination) in destinations.enumerated() { positions[Int(destination)] = Int32(count + index) }
    return try builder.add(.gather(builder.add(.concatenate([event, result])), positions))
  }

  private func transformed(_ x: Value, _ builder: inout ModelBuilder) throws(ForestFault) -> Value {
    switch kind {
    case .decorrelation(let matrix):
      return try builder.add(.product(matrix, x))
    case .normalisation(let lowest, let highest):
      let scales = try builder.float64(zip(lowest, highest).map { 1.0 / ($1 - $0) })
      let shifted = try builder.add(.binary(.subtract, x, builder.float64(lowest)))
      let scaled = try builder.add(.binary(.multiply, shifted, scales))
      let doubled = try builder.add(.binary(.multiply, scaled, builder.float64([2])))
      return try builder.add(.binary(.subtract, doubled, builder.float64([1])))
    case .scaledNormalisation(let lowest, let highest):
      let scales = zip(lowest, highest).map { 2.0 / ($1 - $0) }
      let offsets = zip(lowest, scales).map { (lowest: Double, scale: Double) -> Double in
        let product = lowest * scale
        return product + 1
      }
      let scaled = try builder.add(.binary(.multiply, builder.float64(scales), x))
      return try builder.add(.binary(.subtract, scaled, builder.float64(offsets)))
    }
  }
}
