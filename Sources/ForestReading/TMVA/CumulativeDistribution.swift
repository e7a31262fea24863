import ForestIR

/// The `PDF` element of a Gauss or Uniform transformation: a histogram of the cumulative distribution of one variable.
///
/// The trainer's reader resamples it to 10,000 bins by straight lines between the bins' centres before it is used;
/// `HistogramCurve` says how, to the last bit. The 10,000 bins are never stored.
struct CumulativeDistribution {
  /// How many bins the trainer resamples to.
  static let fineBins = 10_000
  /// No content may be less.
  static let floor = 1e-12

  let element: XMLElement
  let context: TMVAContext

  init(_ element: XMLElement, _ context: TMVAContext) {
    self.element = element
    self.context = context
  }

  /// The curve, and whether its contents are finite numbers throughout.
  func curve() throws(ReadError) -> (curve: HistogramCurve, isSound: Bool) {
    let method = try context.count("InterpolMethod", of: element)
    guard method <= 1 else {
      throw context.error(
        .unsupported, element, attribute: "InterpolMethod",
        "InterpolMethod=\"\(method)\": only 0 (none) and 1 (linear) occur in transformations and are read")
    }
    if let smoothing = element.attribute("MaxNSmooth"), smoothing.trimmed != "0" {
      throw context.error(
        .unsupported, element, attribute: "MaxNSmooth", "MaxNSmooth=\"\(smoothing)\": smoothed distributions are not read")
    }
    let histograms = element.children(named: "Histogram")
    guard histograms.count == 1 else {
      throw context.error(.missing, element, "there must be one element Histogram, not \(histograms.count)")
    }
    let histogram = histograms[0]
    let bins = try context.count("NBins", of: histogram)
    let contents = try context.numbers(bins, in: histogram)
    let axis = try axis(of: histogram, bins: bins)
    do {
      let curve = try HistogramCurve(
        axis: axis, contents: contents.values.map { Double(Float($0)) }, fineBins: method == 1 ? Self.fineBins : 0,
        floor: Self.floor)
      return (curve, contents.firstBad == nil)
    } catch {
      throw context.error(.malformed, histogram, error.message)
    }
  }

  private func axis(of histogram: XMLElement, bins: Int) throws(ReadError) -> HistogramCurve.Axis {
    if try context.flag("HasEquidistantBins", of: histogram) {
      return .uniform(
        lower: try context.double("XMin", of: histogram), upper: try context.double("XMax", of: histogram))
    }
    let binnings = element.children(named: "HistogramBinning")
    guard let binning = binnings.first, binnings.count == 1 else {
      throw context.error(.missing, element, "there must be one element HistogramBinning, not \(binnings.count)")
    }
    let stated = try context.count("NBins", of: binning)
    guard stated == bins else {
      throw context.error(.inconsistent, binning, attribute: "NBins", "edges of \(stated) bins for \(bins) bins")
    }
    return .listed(Vector(try context.finiteNumbers(bins + 1, in: binning)))
  }
}
