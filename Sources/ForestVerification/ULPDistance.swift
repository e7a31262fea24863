package import ForestIR

extension Width {
  /// How far apart two numbers are, counted in numbers of this width: 0 exactly where their bits are the same.
  ///
  /// −0 and 0 are neighbours, and so are the largest finite number and infinity; the way from a negative to a positive number
  /// leads across zero. All NaNs are one number. Nil where only one of the two is NaN: then there is no way.
  /// Numbers that this width does not hold are counted in float64.
  package func ulps(_ a: Double, _ b: Double) -> UInt64? {
    if a.isNaN || b.isNaN { return a.isNaN && b.isNaN ? 0 : nil }
    switch self {
    case .float32 where holds(a) && holds(b):
      let x = Int64(Width.position(Float(a))), y = Int64(Width.position(Float(b)))
      return (x - y).magnitude
    case .float32, .float64:
      let x = Width.position(a), y = Width.position(b)
      // Positions lie within ±0x7FF0…, so that their difference may need all 64 bits, but no more.
      return x < y ? UInt64(bitPattern: y &- x) : UInt64(bitPattern: x &- y)
    }
  }

  /// The place of a number in the order of all numbers: 0 for 0, −1 for −0.
  private static func position(_ value: Double) -> Int64 {
    let bits = Int64(bitPattern: value.bitPattern)
    return bits >= 0 ? bits : ~(bits & Int64.max)
  }

  private static func position(_ value: Float) -> Int32 {
    let bits = Int32(bitPattern: value.bitPattern)
    return bits >= 0 ? bits : ~(bits & Int32.max)
  }
}
