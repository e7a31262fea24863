package import ForestIR

/// All numbers of a width from −∞ to ∞ in their order, so that the place where a monotone property changes can be found by
/// halving. −0 and 0 are one number, written 0; NaN is none.
package struct OrderedNumbers: Sendable {
  package let width: Width

  package init(_ width: Width) { self.width = width }

  /// The place of a number of this width: −∞ has the lowest, 0 has 0.
  package func place(_ value: Double) -> Int64 {
    switch width {
    case .float64:
      let bits = Int64(bitPattern: value.bitPattern)
      return bits >= 0 ? bits : Int64.min &- bits
    case .float32:
      let bits = Int32(bitPattern: Float(value).bitPattern)
      return Int64(bits >= 0 ? bits : Int32.min &- bits)
    }
  }

  package func number(_ place: Int64) -> Double {
    switch width {
    case .float64: Double(bitPattern: UInt64(bitPattern: place >= 0 ? place : Int64.min &- place))
    case .float32:
      Double(Float(bitPattern: UInt32(bitPattern: Int32(truncatingIfNeeded: place >= 0 ? place : Int64(Int32.min) &- place))))
    }
  }

  /// The next larger number; ∞ for ∞.
  package func above(_ value: Double) -> Double { value == .infinity ? value : number(place(value) + 1) }

  /// The next smaller number; −∞ for −∞.
  package func below(_ value: Double) -> Double { value == -.infinity ? value : number(place(value) - 1) }

  /// The largest number for which `holds` is true, given that it is true for all numbers below one that it is true for; nil if it
  /// is true for none.
  ///
  /// - Complexity: at most 65 calls.
  package func last(where holds: (Double) -> Bool) -> Double? {
    guard holds(-.infinity) else { return nil }
    var low = place(-.infinity), high = place(.infinity)
    while low < high {
      // Rounded up, and without overflow: the places of float64 span nearly all of Int64.
      let middle = low &+ Int64(bitPattern: (UInt64(bitPattern: high &- low) &+ 1) / 2)
      if holds(number(middle)) { low = middle } else { high = middle - 1 }
    }
    return number(low)
  }
}
