/// Whether two results are the same number to the last bit. All NaNs are one: which of them an operation
/// gives is not something that IEEE 754 lays down.
package func sameBits(_ a: Double, _ b: Double) -> Bool {
  a.bitPattern == b.bitPattern || (a.isNaN && b.isNaN)
}

/// Element by element; lists of different lengths are different.
package func sameBits(_ a: [Double], _ b: [Double]) -> Bool {
  a.elementsEqual(b, by: sameBits)
}
