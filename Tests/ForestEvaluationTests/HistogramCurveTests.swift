import ForestEvaluation
import ForestIR
import ForestTesting
import Testing

/// Curves against their definition written out naively, the whole table made beforehand.
@Suite struct HistogramCurveTests {
  /// The definition in `HistogramCurve`'s comment, with lists instead of formulas and scans instead of
  /// bisections.
  private struct Table {
    var H: [Double] = [0]
    var c: [Double]

    init(_ curve: HistogramCurve) {
      let X = curve.centres, Y = curve.contents.elements, n = Y.count
      let lower = curve.lower, upper = curve.upper
      guard curve.fineBins > 0 else {
        let first: Double =
          switch curve.axis {
          case .uniform: (upper - lower) / Double(n)
          case .listed(let edges): edges.elements[1] - edges.elements[0]
          }
        H += Y
        c = [lower - 0.5 * first] + X
        return
      }
      let W = (upper - lower) / Double(curve.fineBins)
      c = [lower - 0.5 * W]
      for b in 1...curve.fineBins {
        let x = lower + Double(b - 1) * W + 0.5 * W
        c.append(x)
        let p = X.lastIndex { $0 <= x } ?? 0
        let q = (x > X[p] && p != n - 1) || p == 0 ? p + 1 : p - 1
        var y = Y[p] + (x - X[p]) * (Y[p] - Y[q]) / (X[p] - X[q])
        if y <= curve.floor { y = Y[Table.coarseBin(curve, x)] }
        H.append(Double(Float(y >= curve.floor ? y : curve.floor)))
      }
    }

    static func coarseBin(_ curve: HistogramCurve, _ z: Double) -> Int {
      let n = curve.contents.count
      if z < curve.lower { return 0 }
      if !(z < curve.upper) { return n - 1 }
      switch curve.axis {
      case .uniform(let lower, let upper): return min(n - 1, Int(Double(n) * (z - lower) / (upper - lower)))
      case .listed(let edges): return min(n - 1, edges.elements.lastIndex { $0 <= z }!)
      }
    }

    func value(_ curve: HistogramCurve, _ x: Double) -> Double {
      let m = curve.fineBins
      if m == 0 { return curve.contents.elements[Table.coarseBin(curve, x)] }
      var b = x < curve.lower ? 0 : m + 1
      if x >= curve.lower, x < curve.upper {
        b = 1 + Int(Double(m) * (x - curve.lower) / (curve.upper - curve.lower))
      }
      b = max(1, min(m, b))
      let q = (x > c[b] && b != m) || b == 1 ? b + 1 : b - 1
      return H[b] + (x - c[b]) * (H[b] - H[q]) / (c[b] - c[q])
    }

    func inverse(_ u: Double) -> Double {
      var lo = 0, hi = H.count - 1, loVal = 0.0, hiVal = 0.0
      var b = hi / 2
      while lo < b && b < hi {
        if u < H[b] { (hi, hiVal) = (b, H[b]) } else { (lo, loVal) = (b, H[b]) }
        b = lo + (hi - lo) / 2
      }
      let len = hiVal - loVal
      return c[lo] + (c[hi] - c[lo]) * (len > 1e-10 ? (u - loVal) / len : loVal)
    }
  }

  @Test(arguments: UInt64(0)..<60)
  func equalsTheTable(seed: UInt64) {
    var generator = ForestGenerator(seed: seed)
    let curve = generator.curve()
    let table = Table(curve)
    var points = SpecialNumbers.all
    points += (table.c.prefix(40) + table.c.suffix(40) + curve.centres).flatMap(SpecialNumbers.around)
    points += [curve.lower, curve.upper].flatMap(SpecialNumbers.around)
    if case .listed(let edges) = curve.axis { points += edges.elements.flatMap(SpecialNumbers.around) }
    points += (0..<200).map { _ in generator.random.number(.float64) }
    for x in points {
      #expect(sameBits(curve.value(at: x), table.value(curve, x)), "\(curve) at \(x)")
    }
    let levels = SpecialNumbers.all + curve.contents.elements.flatMap(SpecialNumbers.around)
    for u in levels + (0..<200).map({ Double($0) / 199 }) {
      #expect(sameBits(curve.inverse(at: u), table.inverse(u)), "\(curve) at \(u)")
    }
  }

  @Test func aStraightLine() throws {
    let contents = (0..<4).map { Double($0) * 0.25 + 0.125 }
    let curve = try HistogramCurve(
      axis: .uniform(lower: 0, upper: 4), contents: contents, fineBins: 1024, floor: 1e-12)
    for x in [0.75, 1, 2, 3.25] { #expect(abs(curve.value(at: x) - x / 4) < 1e-6) }
    for u in [0.25, 0.5, 0.75] { #expect(abs(curve.inverse(at: u) - 4 * u) < 1e-5) }
    #expect(curve.value(at: .nan).isNaN)
  }

  @Test func steps() throws {
    let curve = try HistogramCurve(axis: .listed([0, 1, 3]), contents: [0.25, 0.75], fineBins: 0, floor: 0)
    #expect([-5, 0, 0.5, 1, 2.9, 3, 9, .nan].map(curve.value(at:)) == [0.25, 0.25, 0.25, 0.75, 0.75, 0.75, 0.75, 0.75])
    // Between the centres 0.5 and 2: lo = 1, hi = 2 where u < H[2] was never asked, so hiVal is still 0.
    #expect(curve.inverse(at: 0.5) == 0.5 + 1.5 * 0.25)
  }

  /// An axis on which n · (x − lower) overflows.
  @Test func hugeAxis() throws {
    let curve = try HistogramCurve(
      axis: .uniform(lower: 0, upper: 1.5e308), contents: [0.25, 0.5, 0.75], fineBins: 1_000_000, floor: 0)
    for x in [-1e308, 0, 1e308, 1.49e308, .infinity] as [Double] { _ = curve.value(at: x) }
    #expect(curve.value(at: 1.4e308).isFinite)
  }
}
