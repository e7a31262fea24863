package import ForestIR

/// `HistogramCurve` evaluated as its comment defines it.
///
/// Of the resampled table only the entries that one value needs are computed, each by its definition: the
/// same bits as a table made beforehand, without the memory that a file could ask for.
extension HistogramCurve {
  /// The curve at `x`.
  ///
  /// - Complexity: O(log n) for n coarse bins.
  package func value(at x: Double) -> Double {
    guard fineBins > 0 else { return contents.elements[coarseBin(holding: x)] }
    let b = fineBin(holding: x)
    let centre = tableCentre(b)
    let q = (x > centre && b != fineBins) || b == 1 ? b + 1 : b - 1
    let height = tableHeight(b)
    return height + (x - centre) * (height - tableHeight(q)) / (centre - tableCentre(q))
  }

  /// Where the curve reaches `u`.
  ///
  /// - Complexity: O(log m · log n) for m table entries and n coarse bins.
  package func inverse(at u: Double) -> Double {
    var lo = 0, hi = tableCount
    var loVal = 0.0, hiVal = 0.0
    var b = hi / 2
    while lo < b, b < hi {
      let height = tableHeight(b)
      if u < height {
        hi = b
        hiVal = height
      } else {
        lo = b
        loVal = height
      }
      b = lo + (hi - lo) / 2
    }
    let len = hiVal - loVal
    let f = len > 1e-10 ? (u - loVal) / len : loVal
    let left = tableCentre(lo)
    return left + (tableCentre(hi) - left) * f
  }
}

// The table H[1…m] and its centres c[0…m]
extension HistogramCurve {
  /// m: the fine bins, or the coarse ones if there are no fine ones.
  private var tableCount: Int { fineBins > 0 ? fineBins : contents.count }

  private func tableCentre(_ b: Int) -> Double {
    guard fineBins > 0 else { return b > 0 ? coarseCentre(b - 1) : lower - 0.5 * firstCoarseWidth }
    let width = (upper - lower) / Double(fineBins)
    return b > 0 ? lower + Double(b - 1) * width + 0.5 * width : lower - 0.5 * width
  }

  private func tableHeight(_ b: Int) -> Double {
    guard fineBins > 0 else { return contents.elements[b - 1] }
    let centre = tableCentre(b)
    var y = interpolated(centre)
    if y <= floor { y = contents.elements[coarseBin(holding: centre)] }
    return Double(Float(y >= floor ? y : floor))
  }

  private func fineBin(holding x: Double) -> Int {
    if x < lower { return 1 }
    guard x < upper else { return fineBins }
    return 1 + truncated(Double(fineBins) * (x - lower) / (upper - lower), atMost: fineBins - 1)
  }
}

// The coarse bins
extension HistogramCurve {
  /// X[k]
  private func coarseCentre(_ k: Int) -> Double {
    switch axis {
    case .uniform(let lower, let upper):
      let width = (upper - lower) / Double(contents.count)
      return lower + Double(k) * width + 0.5 * width
    case .listed(let edges):
      return edges.elements[k] + 0.5 * (edges.elements[k + 1] - edges.elements[k])
    }
  }

  private var firstCoarseWidth: Double {
    switch axis {
    case .uniform(let lower, let upper): (upper - lower) / Double(contents.count)
    case .listed(let edges): edges.elements[1] - edges.elements[0]
    }
  }

  private func coarseBin(holding z: Double) -> Int {
    if z < lower { return 0 }
    guard z < upper else { return contents.count - 1 }
    switch axis {
    case .uniform(let lower, let upper):
      return truncated(Double(contents.count) * (z - lower) / (upper - lower), atMost: contents.count - 1)
    case .listed(let edges):
      return min(lastIndex(below: edges.count) { edges.elements[$0] <= z } ?? 0, contents.count - 1)
    }
  }

  /// S(x): the straight line through two neighbouring points of the coarse histogram.
  private func interpolated(_ x: Double) -> Double {
    let p = lastIndex(below: contents.count) { coarseCentre($0) <= x } ?? 0
    let q = (x > coarseCentre(p) && p != contents.count - 1) || p == 0 ? p + 1 : p - 1
    let y = contents.elements
    return y[p] + (x - coarseCentre(p)) * (y[p] - y[q]) / (coarseCentre(p) - coarseCentre(q))
  }
}

/// `quotient` without its fraction; a product that overflowed lands on the last bin, like any other too
/// large one.
private func truncated(_ quotient: Double, atMost last: Int) -> Int {
  quotient < Double(last) ? Int(quotient) : last
}

/// The largest index for which an ascending sequence still `holds`, by bisection; nil if there is none.
private func lastIndex(below count: Int, where holds: (Int) -> Bool) -> Int? {
  var known = -1, beyond = count
  while beyond - known > 1 {
    let middle = known + (beyond - known) / 2
    if holds(middle) { known = middle } else { beyond = middle }
  }
  return known < 0 ? nil : known
}
