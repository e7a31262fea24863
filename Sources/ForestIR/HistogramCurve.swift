/// A monotone curve given by a histogram: what maps a quantity onto its cumulative distribution.
///
/// The histogram has n coarse bins with float32 contents b[0]…b[n−1] and is read in one of two ways.
///
/// **Resampled** (`fineBins` = m > 0). With lower, upper the ends of the axis, all in float64 unless said otherwise:
///
///     X[k] = centre of coarse bin k, Y[k] = b[k]
///       uniform:  w = (upper − lower) / n,  X[k] = lower + k·w + 0.5·w
///       listed:   X[k] = e[k] + 0.5·(e[k+1] − e[k])
///     S(x):  p = the largest k with X[k] <= x, or 0 if there is none
///            q = p + 1 if (x > X[p] and p != n−1) or p = 0, else p − 1
///            S = Y[p] + (x − X[p]) · (Y[p] − Y[q]) / (X[p] − X[q])          (multiply, then divide)
///     W = (upper − lower) / m;  c[b] = lower + (b−1)·W + 0.5·W,  b = 1…m
///     y = S(c[b]);  if y <= floor: y = b[k] of the coarse bin k that holds c[b]
///     H[b] = float32( y >= floor ? y : floor )
///
/// The coarse bin that holds z: 0 if z < lower; n−1 if not z < upper; else for uniform bins
/// trunc(n·(z − lower) / (upper − lower)), for listed ones the largest k with e[k] <= z; at most n−1.
/// The value at x:
///
///     b = 0 if x < lower; m + 1 if not x < upper (NaN too); else 1 + trunc(m·(x − lower) / (upper − lower));  b clamped to 1…m
///     q = b + 1 if (x > c[b] and b != m) or b = 1, else b − 1
///     value = H[b] + (x − c[b]) · (H[b] − H[q]) / (c[b] − c[q])
///
/// It extrapolates beyond the ends; NaN gives NaN.
///
/// **Stepwise** (`fineBins` = 0). The value at x is b[k] of the coarse bin that holds x; for the inverse,
/// m = n, H[b] = b[b−1] and c[b] = X[b−1].
///
/// **Inverse** at u, a bisection and then a straight line between two bin centres:
///
///     lo = 0, hi = m, loVal = hiVal = 0, b = hi / 2                          (integers divide downwards)
///     while lo < b and b < hi:
///         if u < H[b]: hi = b, hiVal = H[b]   else: lo = b, loVal = H[b]
///         b = lo + (hi − lo) / 2
///     len = hiVal − loVal;  f = len > 1e−10 ? (u − loVal) / len : loVal      (sic: loVal, not 0)
///     value = c[lo] + (c[hi] − c[lo]) · f,   with c[0] = lower − 0.5·W (stepwise: lower − 0.5·w, w the width of bin 0)
package struct HistogramCurve: Sendable, Hashable {
  package enum Axis: Sendable, Hashable {
    case uniform(lower: Double, upper: Double)
    /// One edge more than bins, ascending.
    case listed(Vector)
  }

  package let axis: Axis
  /// The contents of the coarse bins, float32 numbers.
  package let contents: Vector
  package let fineBins: Int
  package let floor: Double

  package var lower: Double {
    switch axis {
    case .uniform(let lower, _): lower
    case .listed(let edges): edges.elements[0]
    }
  }

  package var upper: Double {
    switch axis {
    case .uniform(_, let upper): upper
    case .listed(let edges): edges.elements[edges.count - 1]
    }
  }

  /// The centres X of the coarse bins.
  package var centres: [Double] {
    switch axis {
    case .uniform(let lower, let upper):
      let width = (upper - lower) / Double(contents.count)
      return (0..<contents.count).map { lower + Double($0) * width + 0.5 * width }
    case .listed(let edges):
      return (0..<contents.count).map {
        edges.elements[$0] + 0.5 * (edges.elements[$0 + 1] - edges.elements[$0])
      }
    }
  }

  /// - Throws: `ForestFault` for fewer than two bins, contents that are not finite float32 numbers, edges that do not ascend,
  ///   coarse centres that coincide, a floor that is not finite, or more than a million fine bins.
  package init(axis: Axis, contents: [Double], fineBins: Int, floor: Double) throws(ForestFault) {
    guard contents.count >= 2 else { throw ForestFault(.shape, "a histogram needs two bins at least, not \(contents.count)") }
    guard contents.allSatisfy({ $0.isFinite && Width.float32.holds($0) }) else {
      throw ForestFault(.number, "a histogram's contents must be finite float32 numbers")
    }
    guard floor.isFinite else { throw ForestFault(.number, "a histogram's floor must be finite") }
    guard fineBins == 0 || (2...1_000_000).contains(fineBins) else {
      throw ForestFault(.limit, "\(fineBins) fine bins")
    }
    switch axis {
    case .uniform(let lower, let upper):
      guard lower.isFinite, upper.isFinite, lower < upper, (upper - lower).isFinite else {
        throw ForestFault(.number, "a histogram's axis must run from a number to a larger one")
      }
    case .listed(let edges):
      guard edges.count == contents.count + 1 else {
        throw ForestFault(.shape, "\(edges.count) edges for \(contents.count) bins")
      }
      guard edges.elements.allSatisfy(\.isFinite), (edges.elements.last! - edges.elements[0]).isFinite,
        edges.elements[0] < edges.elements.last!,
        zip(edges.elements, edges.elements.dropFirst()).allSatisfy({ $0 <= $1 })
      else { throw ForestFault(.number, "a histogram's edges must be finite and ascend") }
    }
    self.axis = axis
    self.contents = Vector(contents)
    self.fineBins = fineBins
    self.floor = floor
    let centres = self.centres
    guard zip(centres, centres.dropFirst()).allSatisfy({ $0 < $1 }) else {
      throw ForestFault(.number, "a histogram's bins are too narrow to have different centres")
    }
  }
}
