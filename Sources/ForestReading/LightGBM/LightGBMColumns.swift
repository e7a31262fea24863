import ForestIR

/// What the trees read: the inputs, each in the ways in which nodes look at it.
///
/// LightGBM takes a number of up to 1e-35 for a zero, and NaN, where a node does not know missing values, as well. Most nodes
/// can ask the input itself all the same (`LightGBMTree.split`); where that cannot be said, an element that was changed as
/// needed takes the input's place: one for each feature and treatment.
struct LightGBMColumns {
  enum Treatment: UInt8, CaseIterable {
    /// The input as it is.
    case plain
    /// A number that counts as zero is 0.
    case snapped
    /// A number that counts as zero is NaN.
    case zeroIsMissing
    /// Rounded towards zero.
    case category
  }

  /// Up to here a number counts as zero: the float32 number next to 1e-35, as a float64.
  static let zeroThreshold = Double(Float(1e-35))

  let featureCount: Int
  /// How the first elements, one for each input, are treated. Decided by the first tree that reads any.
  private(set) var base: Treatment?
  /// The elements behind those.
  private var extras: [(treatment: Treatment, feature: Int32)] = []
  private var places: [UInt64: Int32] = [:]

  init(featureCount: Int) { self.featureCount = featureCount }

  /// Decides on the treatment of the first elements, unless that is decided already.
  mutating func decide(_ treatment: Treatment) {
    if base == nil { base = treatment }
  }

  /// The place of the element.
  ///
  /// - Parameter feature: less than `featureCount`.
  mutating func place(of feature: Int32, _ treatment: Treatment) -> Int {
    let base = base ?? .plain
    // What holds for an input as it is holds for the snapped one as well.
    if treatment == base || treatment == .plain && base == .snapped { return Int(feature) }
    let key = UInt64(treatment.rawValue) << 32 | UInt64(UInt32(bitPattern: feature))
    if let place = places[key] { return Int(place) }
    let place = featureCount + extras.count
    places[key] = Int32(clamping: place)
    extras.append((treatment, feature))
    return place
  }

  /// Appends the steps from the inputs to the vector that the trees read.
  func vector(_ builder: inout ModelBuilder) throws(ForestFault) -> Value {
    let first = try treated(.inputs, base ?? .plain, &builder)
    guard !extras.isEmpty else { return first }
    var parts = [first]
    var order: [Int32] = []
    for treatment in Treatment.allCases {
      let positions = extras.indices.filter { extras[$0].treatment == treatment }
      guard !positions.isEmpty else { continue }
      order += positions.map { Int32(clamping: $0) }
      let inputs = try builder.add(.gather(.inputs, positions.map { extras[$0].feature }))
      parts.append(try treated(inputs, treatment, &builder))
    }
    let all = try builder.add(.concatenate(parts))
    guard order != Array(0..<Int32(clamping: extras.count)) else { return all }
    // The elements have their places since before it was known which of them there would be.
    var places = Array(0..<Int32(clamping: featureCount + extras.count))
    for (index, position) in order.enumerated() { places[featureCount + Int(position)] = Int32(clamping: featureCount + index) }
    return try builder.add(.gather(all, places))
  }

  private func treated(_ x: Value, _ treatment: Treatment, _ builder: inout ModelBuilder) throws(ForestFault) -> Value {
    switch treatment {
    case .plain: return x
    case .category: return try builder.add(.unary(.truncate, x))
    case .snapped, .zeroIsMissing:
      let magnitude = try builder.add(.unary(.absolute, x))
      let limit = try builder.float64([Self.zeroThreshold])
      // False for NaN, which therefore stays what it is.
      let isZero = try builder.add(.compare(.lessOrEqual, magnitude, limit))
      return try builder.add(.select(isZero, builder.float64([treatment == .snapped ? 0 : .nan]), x))
    }
  }
}
