import ForestIR

/// The histogram curves of a program: those that are read in the same way share their tables and routines.
struct CurveSets {
  /// What must agree for two curves to be read by the same routine.
  struct Kind: Hashable {
    let isUniform: Bool
    let fineBins: Int
    let floor: UInt64
  }
  var kinds: [Kind] = []
  /// The curves of each kind, in the order of their first use.
  var curves: [[HistogramCurve]] = []
}

extension ProgramBuilder {
  /// Collects a forest's curves before anything is lowered, so that the tables are complete when the first routine needs them.
  func collectCurves(of model: Model) {
    for step in model.steps {
      if case .curve(let curves, _) = step { self.curves.collect(curves) }
      if case .inverseCurve(let curves, _) = step { self.curves.collect(curves) }
      step.models.forEach(collectCurves)
    }
  }

  /// The routine `(curve, x) → value` for a curve, or the inverse, and the curve's number there.
  func curveRoutine(_ curve: HistogramCurve, inverse: Bool) -> (routine: String, curve: Int) {
    let kind = curves.kinds.firstIndex(of: CurveSets.Kind(curve))!
    let number = curves.curves[kind].firstIndex(of: curve)!
    let lowering = CurveLowering(program: self, curves: curves.curves[kind], suffix: kind == 0 ? "" : "_\(kind + 1)")
    return (inverse ? lowering.inverseRoutine() : lowering.valueRoutine(), number)
  }
}

extension CurveSets {
  mutating func collect(_ found: [HistogramCurve]) {
    for curve in found {
      let kind = Kind(curve)
      if !kinds.contains(kind) {
        kinds.append(kind)
        curves.append([])
      }
      let index = kinds.firstIndex(of: kind)!
      if !curves[index].contains(curve) { curves[index].append(curve) }
    }
  }
}

extension CurveSets.Kind {
  init(_ curve: HistogramCurve) {
    if case .uniform = curve.axis { isUniform = true } else { isUniform = false }
    fineBins = curve.fineBins
    floor = curve.floor.bitPattern
  }
}

/// Lowers curves of one kind; the formulas are those of `HistogramCurve`, name for name.
private struct CurveLowering {
  let program: ProgramBuilder
  let curves: [HistogramCurve]
  let suffix: String

  private var isUniform: Bool { if case .uniform = curves[0].axis { true } else { false } }
  private var fineBins: Int { curves[0].fineBins }
  private var floor: Expression { .float64(curves[0].floor) }

  private func table(_ name: String, _ index: Expression, _ type: ScalarType) -> Expression {
    Expression(type, .table(name + suffix, at: index))
  }
  private func f(_ name: String) -> Expression { .local(name, .float64) }
  private func n(_ name: String) -> Expression { .local(name, .int32) }
  private var lower: Expression { table("axis_lower", n("curve"), .float64) }
  private var upper: Expression { table("axis_upper", n("curve"), .float64) }
  private func centre(_ index: Expression) -> Expression { table("bin_centre", index, .float64) }
  private func content(_ index: Expression) -> Expression { table("bin_content", index, .float32).converted(to: .float64) }
  private var first: Expression { table("first_bin", n("curve"), .int32) }
  private var end: Expression { table("first_bin", n("curve") + .int(1), .int32) }

  private func addTables() {
    guard program.claim("first_bin" + suffix) else { return }
    for name in ["bin_centre", "bin_content", "bin_edge", "axis_lower", "axis_upper"] { _ = program.claim(name + suffix) }
    var firstBin: [Int32] = [0]
    for curve in curves { firstBin.append(firstBin.last! + Int32(curve.contents.count)) }
    func add(_ name: String, _ comment: String, _ numbers: Program.Table.Numbers) {
      program.add(.init(name: name + suffix, comment: comment, numbers: numbers))
    }
    add("first_bin", "Where each curve's bins start.", .narrowest(firstBin))
    add("bin_centre", "The centres of the bins.", .float64(curves.flatMap(\.centres)))
    add("bin_content", "The cumulative distribution in each bin.", .float32(curves.flatMap { $0.contents.elements.map { Float($0) } }))
    if !isUniform {
      add("bin_edge", "The lower edges of the bins.", .float64(curves.flatMap { curve -> ArraySlice<Double> in
        guard case .listed(let edges) = curve.axis else { return [] }
        return edges.elements.dropLast()
      }))
    }
    add("axis_lower", "Where each curve's first bin begins.", .float64(curves.map(\.lower)))
    add("axis_upper", "Where its last bin ends.", .float64(curves.map(\.upper)))
  }

  private func routine(
    _ name: String, _ comment: String, _ parameters: [Routine.Parameter], _ result: ScalarType, _ body: () -> [Statement]
  ) -> String {
    guard program.claim(name + suffix) else { return name + suffix }
    addTables()
    let statements = body()
    program.add(
      Routine(
        name + suffix, comment: comment, parameters: [.init("curve", .scalar(.int32))] + parameters,
        result: .scalar(result), body: .statements(statements)))
    return name + suffix
  }

  private func call(_ routine: String, _ arguments: Expression..., type: ScalarType = .float64) -> Expression {
    .call(routine, [.value(n("curve"))] + arguments.map { .value($0) }, type)
  }

  /// The largest index from `first` on whose table entry is at most `z`, or `first`: a binary search.
  private func searchStatements(in entry: (Expression) -> Expression, z: Expression) -> [Statement] {
    [
      .variable("bin", first),
      .variable("beyond", end),
      .while((n("bin") + .int(1)).compared(.less, n("beyond")), [
        .constant("middle", n("bin") + (n("beyond") - n("bin")) / .int(2)),
        .if(entry(n("middle")).compared(.lessOrEqual, z), [.assign("bin", n("middle"))], else: [.assign("beyond", n("middle"))]),
      ]),
    ]
  }

  /// The coarse bin that holds z, as an index into the tables.
  private func coarseBinRoutine() -> String {
    routine("find_bin", "The bin of a curve's histogram that holds z.", [.init("z", .scalar(.float64))], .int32) {
      let z = f("z")
      let guards: [Statement] = [
        .if(z.compared(.less, lower), [.return(first)], else: []),
        .if(!z.compared(.less, upper), [.return(end - .int(1))], else: []),
      ]
      if isUniform {
        let count = (end - first).converted(to: .float64)
        return guards + [
          .constant("bin", first + (count * (z - lower) / (upper - lower)).converted(to: .int32)),
          .return(.conditional(n("bin").compared(.less, end), n("bin"), end - .int(1))),
        ]
      }
      return guards + searchStatements(in: { table("bin_edge", $0, .float64) }, z: z) + [.return(n("bin"))]
    }
  }

  /// S(x): the straight line through two neighbouring bin centres.
  private func lineRoutine() -> String {
    routine("interpolate", "A curve at x, by a straight line between bin centres.", [.init("x", .scalar(.float64))], .float64) {
      let x = f("x"), p = n("bin"), q = n("next")
      let goesUp = x.compared(.greater, centre(p)).and(p.compared(.notEqual, end - .int(1))).or(p.compared(.equal, first))
      return searchStatements(in: centre, z: x) + [
        .constant("next", .conditional(goesUp, p + .int(1), p - .int(1))),
        .return(content(p) + (x - centre(p)) * (content(p) - content(q)) / (centre(p) - centre(q))),
      ]
    }
  }

  /// c[b]
  private func fineCentreRoutine() -> String {
    routine("fine_centre", "The centre of one of \(fineBins) equal bins, counted from 1.", [.init("b", .scalar(.int32))], .float64) {
      let width = f("width")
      return [
        .constant("width", (upper - lower) / .float64(Double(fineBins))),
        .return(lower + (n("b") - .int(1)).converted(to: .float64) * width + .float64(0.5) * width),
      ]
    }
  }

  /// H[b]
  private func fineContentRoutine() -> String {
    let centreOf = fineCentreRoutine(), line = lineRoutine(), find = coarseBinRoutine()
    return routine("fine_content", "What it holds: the curve at its centre, in float32.", [.init("b", .scalar(.int32))], .float64) {
      [
        .constant("z", call(centreOf, n("b"))),
        .variable("y", call(line, f("z"))),
        .if(f("y").compared(.lessOrEqual, floor), [.assign("y", content(call(find, f("z"), type: .int32)))], else: []),
        .if(!f("y").compared(.greaterOrEqual, floor), [.assign("y", floor)], else: []),
        .return(f("y").converted(to: .float32).converted(to: .float64)),
      ]
    }
  }

  func valueRoutine() -> String {
    let x = f("x")
    if fineBins == 0 {
      let find = coarseBinRoutine()
      return routine("curve_value", "A curve at x: the content of the bin that holds it.", [.init("x", .scalar(.float64))], .float64) {
        [.return(content(call(find, x, type: .int32)))]
      }
    }
    let centreOf = fineCentreRoutine(), height = fineContentRoutine()
    return routine(
      "curve_value", "A curve at x: a straight line between two of \(fineBins) equal bins.", [.init("x", .scalar(.float64))], .float64
    ) {
      let m = Double(fineBins), b = n("b"), q = n("q")
      let isUp = x.compared(.greater, f("c")).and(b.compared(.notEqual, .int(fineBins))).or(b.compared(.equal, .int(1)))
      return [
        .variable("b", .int(fineBins)),
        .if(
          x.compared(.less, lower), [.assign("b", .int(1))],
          else: [
            .if(
              x.compared(.less, upper),
              [.assign("b", .int(1) + (.float64(m) * (x - lower) / (upper - lower)).converted(to: .int32))], else: [])
          ]),
        .if(b.compared(.greater, .int(fineBins)), [.assign("b", .int(fineBins))], else: []),
        .constant("c", call(centreOf, b)),
        .constant("q", .conditional(isUp, b + .int(1), b - .int(1))),
        .constant("h", call(height, b)),
        .return(f("h") + (x - f("c")) * (f("h") - call(height, q)) / (f("c") - call(centreOf, q))),
      ]
    }
  }

  func inverseRoutine() -> String {
    let isStepwise = fineBins == 0
    let centreOf = isStepwise ? "" : fineCentreRoutine()
    let height = isStepwise ? "" : fineContentRoutine()
    return routine(
      "curve_inverse", "Where a curve takes the value u, by bisection and a straight line.", [.init("u", .scalar(.float64))], .float64
    ) {
      let lo = n("lo"), hi = n("hi"), b = n("b")
      let bins: Expression = isStepwise ? end - first : .int(fineBins)
      func h(_ b: Expression) -> Expression { isStepwise ? content(first + b - .int(1)) : call(height, b) }
      // The centre of bin 0 lies half a bin below the axis.
      func c(_ b: Expression) -> Expression { isStepwise ? centre(first + b - .int(1)) : call(centreOf, b) }
      let below: Expression
      if isStepwise {
        // The width of bin 0: twice the way from the axis' end to its centre is not exact, so it is taken from the edges.
        let width =
          isUniform
          ? (upper - lower) / (end - first).converted(to: .float64)
          : table("bin_edge", first + .int(1), .float64) - table("bin_edge", first, .float64)
        below = lower - .float64(0.5) * width
      } else {
        below = lower - .float64(0.5) * ((upper - lower) / .float64(Double(fineBins)))
      }
      return [
        .variable("lo", .int(0)),
        .variable("hi", bins),
        .variable("low", .float64(0)),
        .variable("high", .float64(0)),
        .variable("b", hi / .int(2)),
        .while(lo.compared(.less, b).and(b.compared(.less, hi)), [
          .constant("h", h(b)),
          .if(
            f("u").compared(.less, f("h")), [.assign("hi", b), .assign("high", f("h"))],
            else: [.assign("lo", b), .assign("low", f("h"))]),
          .assign("b", lo + (hi - lo) / .int(2)),
        ]),
        .constant("length", f("high") - f("low")),
        .variable("fraction", f("low")),
        .if(f("length").compared(.greater, .float64(1e-10)), [.assign("fraction", (f("u") - f("low")) / f("length"))], else: []),
        .variable("from", below),
        .if(lo.compared(.greater, .int(0)), [.assign("from", c(lo))], else: []),
        .return(f("from") + (c(hi) - f("from")) * f("fraction")),
      ]
    }
  }
}
