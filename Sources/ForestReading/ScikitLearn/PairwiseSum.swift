/// The sum of numbers in the order that NumPy uses for contiguous numbers, each addition rounded.
///
/// Fewer than 8: in order. Up to 128: eight running sums, then `((r0 + r1) + (r2 + r3)) + ((r4 + r5) + (r6 + r7))`, then the
/// rest in order. More: two parts, the first of n/2 numbers rounded down to a multiple of 8.
func pairwiseSum(_ x: ArraySlice<Double>) -> Double {
  if x.count < 8 { return x.reduce(0, +) }
  if x.count > 128 {
    let half = x.startIndex + x.count / 2 - x.count / 2 % 8
    return pairwiseSum(x[..<half]) + pairwiseSum(x[half...])
  }
  var r = Array(x.prefix(8))
  let whole = x.count - x.count % 8
  for i in 8..<max(8, whole) { r[i % 8] += x[x.startIndex + i] }
  let sum = ((r[0] + r[1]) + (r[2] + r[3])) + ((r[4] + r[5]) + (r[6] + r[7]))
  return x.dropFirst(whole).reduce(sum, +)
}
