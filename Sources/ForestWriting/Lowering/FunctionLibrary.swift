import ForestIR

/// Routines for functions that no language's standard library offers, or not with these bits.
extension ProgramBuilder {
  /// `a <= b ? a : b` or `a >= b ? a : b`: the second where either is NaN.
  func extremeRoutine(_ function: BinaryFunction, _ type: ScalarType) -> String {
    let name = typed(function == .minimum ? "smaller" : "larger", type)
    guard claim(name) else { return name }
    let a = Expression.local("a", type), b = Expression.local("b", type)
    add(
      Routine(
        name, comment: "The \(function == .minimum ? "smaller" : "larger") of two numbers; b where either is NaN.",
        parameters: [.init("a", .scalar(type)), .init("b", .scalar(type))], result: .scalar(type),
        body: .statements([
          .return(.conditional(a.compared(function == .minimum ? .lessOrEqual : .greaterOrEqual, b), a, b))
        ])))
    return name
  }

  func errorFunctionRoutine(_ function: UnaryFunction) -> String {
    switch function {
    case .errorFunction: errorFunction()
    case .complementaryErrorFunction: complementaryErrorFunction()
    default: inverseErrorFunction()
    }
  }

  private func errorFunction() -> String {
    let name = "error_function"
    guard claim(name) else { return name }
    let tail = errorFunctionTail(), centre = errorFunctionCentre()
    let x = Expression.local("x", .float64)
    addFunction(name, "erf(x), by the rational approximations of the Cephes library.", [
      .return(
        .conditional(
          .intrinsic(.absolute, x).compared(.greater, .float64(1)), .float64(1) - .call(tail, [.value(x)], .float64),
          .call(centre, [.value(x)], .float64)))
    ])
    return name
  }

  private func complementaryErrorFunction() -> String {
    let name = "complementary_error_function"
    guard claim(name) else { return name }
    let tail = errorFunctionTail(), centre = errorFunctionCentre()
    let x = Expression.local("x", .float64)
    addFunction(name, "1 - erf(x), accurate in the tail.", [
      .return(
        .conditional(
          .intrinsic(.absolute, x).compared(.less, .float64(1)), .float64(1) - .call(centre, [.value(x)], .float64),
          .call(tail, [.value(x)], .float64)))
    ])
    return name
  }

  /// x·T(x²) / U(x²)
  private func errorFunctionCentre() -> String {
    let name = "error_function_centre"
    guard claim(name) else { return name }
    let x = Expression.local("x", .float64), z = Expression.local("z", .float64)
    addFunction(
      name, "erf(x) for |x| <= 1.",
      [.constant("z", x * x)] + polynomial("t", ErrorFunctionCoefficients.t, at: z)
        + polynomial("u", ErrorFunctionCoefficients.u, at: z)
        + [.return(x * .local("t", .float64) / .local("u", .float64))])
    return name
  }

  /// exp(−x²)·P(|x|) / Q(|x|), or R / S from 8 on; 2 minus that for negative x.
  private func errorFunctionTail() -> String {
    let name = "error_function_tail"
    guard claim(name) else { return name }
    let x = Expression.local("x", .float64), a = Expression.local("a", .float64), z = Expression.local("z", .float64)
    let e = Expression.local("e", .float64), y = Expression.local("y", .float64)
    let limit = Expression.conditional(x.compared(.less, .float64(0)), .float64(2), .float64(0))
    func quotient(_ top: String, _ p: [Double], _ bottom: String, _ q: [Double]) -> [Statement] {
      polynomial(top, p, at: a) + polynomial(bottom, q, at: a)
        + [.assign("y", e * .local(top, .float64) / .local(bottom, .float64))]
    }
    addFunction(name, "1 - erf(x) for |x| >= 1.", [
      .constant("a", .intrinsic(.absolute, x)),
      .constant("z", -x * x),
      .if(z.compared(.less, .float64(-709.782712893383996732)), [.return(limit)], else: []),
      .constant("e", .intrinsic(.exponential, z)),
      .variable("y", .float64(0)),
      .if(
        a.compared(.less, .float64(8)), quotient("p", ErrorFunctionCoefficients.p, "q", ErrorFunctionCoefficients.q),
        else: quotient("r", ErrorFunctionCoefficients.r, "s", ErrorFunctionCoefficients.s)),
      .if(x.compared(.less, .float64(0)), [.assign("y", .float64(2) - y)], else: []),
      .return(.conditional(y.compared(.equal, .float64(0)), limit, y)),
    ])
    return name
  }

  private func inverseErrorFunction() -> String {
    let name = "inverse_error_function"
    guard claim(name) else { return name }
    let erf = errorFunction(), erfc = complementaryErrorFunction()
    let x = Expression.local("x", .float64), a = Expression.local("a", .float64), e = Expression.local("e", .float64)
    let y0 = Expression.local("y0", .float64), y1 = Expression.local("y1", .float64)
    let gap = Expression.local("gap", .float64), step = Expression.local("step", .float64)
    let round = Expression.local("round", .int32)
    let k = Expression.float64(0.8862269254527579)
    let found: [Statement] = [.return(.conditional(x.compared(.less, .float64(0)), -e, e))]
    addFunction(name, "The inverse of erf, by a secant iteration; 0 where it does not converge (NaN too).", [
      .constant("a", .intrinsic(.absolute, x)),
      .if(a.compared(.lessOrEqual, .float64(1e-14)), [.return(k * x)], else: []),
      .variable("e", k * a),
      .variable("y0", .call(erf, [.value(.float64(0.9) * e)], .float64)),
      .variable("step", .float64(0.1) * e),
      .variable("round", .int(0)),
      .while(round.compared(.less, .int(50)), [
        .constant("y1", .float64(1) - .call(erfc, [.value(e)], .float64)),
        .constant("gap", a - y1),
        .if(.intrinsic(.absolute, gap).compared(.less, .float64(1e-14)), found, else: []),
        .assign("step", step * (gap / (y1 - y0))),
        .assign("y0", y1),
        .assign("e", e + step),
        .if(.intrinsic(.absolute, step / e).compared(.less, .float64(1e-14)), found, else: []),
        .assign("round", round + .int(1)),
      ]),
      .return(.float64(0)),
    ])
    return name
  }

  /// Horner's rule from the first coefficient; one rounding for each product and each sum.
  private func polynomial(_ name: String, _ coefficients: [Double], at x: Expression) -> [Statement] {
    [.variable(name, .float64(coefficients[0]))]
      + coefficients.dropFirst().map { .assign(name, .local(name, .float64) * x + .float64($0)) }
  }

  private func addFunction(_ name: String, _ comment: String, _ body: [Statement]) {
    add(
      Routine(
        name, comment: comment, parameters: [.init("x", .scalar(.float64))], result: .scalar(.float64),
        body: .statements(body)))
  }

  /// The mean of a window around the weighted median of the vector `x`, as `Operation.medianWindowMean` defines it, or, without a
  /// window, `Operation.weightedMedian`.
  func medianRoutine(weights: Vector, halfWidth: Int?) -> String {
    let name = freshName(halfWidth == nil ? "weighted_median" : "median_window_mean")
    let n = weights.count
    let total = weights.elements.reduce(0, +)
    let weight = constants(weights, .float64, named: "median_weight")
    func x(_ at: Expression) -> Expression { .element("x", at, .float64) }
    func order(_ at: Expression) -> Expression { .element("order", at, .int32) }
    func int(_ name: String) -> Expression { .local(name, .int32) }
    func least(_ a: Expression, _ b: Expression) -> Expression { .conditional(a.compared(.less, b), a, b) }
    let left = x(order(int("a"))), right = x(order(int("b")))
    let isBehind = right.compared(.less, left).or(Expression.intrinsic(.isNaN, left).and(!Expression.intrinsic(.isNaN, right)))
    let takesRight = int("a").compared(.greaterOrEqual, int("middle"))
      .or(int("b").compared(.less, int("end")).and(isBehind))
    let merge: [Statement] = [
      .constant("middle", least(int("start") + int("run"), .int(n))),
      .constant("end", least(int("middle") + int("run"), .int(n))),
      .variable("a", int("start")),
      .variable("b", int("middle")),
      .for("k", from: int("start"), to: int("end"), [
        .if(
          takesRight,
          [.assignElement(of: "merged", at: int("k"), order(int("b"))), .assign("b", int("b") + .int(1))],
          else: [.assignElement(of: "merged", at: int("k"), order(int("a"))), .assign("a", int("a") + .int(1))])
      ]),
      .assign("start", int("end")),
    ]
    let i = int("i")
    let sorting: [Statement] = [
      .comment("Positions sorted by value, equal values in their order: a merge sort from runs of 1 upwards."),
      .array("order", .int32, count: n),
      .array("merged", .int32, count: n),
      .for("i", from: .int(0), to: .int(n), [.assignElement(of: "order", at: i, i)]),
      .variable("run", .int(1)),
      .variable("start", .int(0)),
      .while(int("run").compared(.less, .int(n)), [
        .assign("start", .int(0)),
        .while(int("start").compared(.less, .int(n)), merge),
        .for("i", from: .int(0), to: .int(n), [
          .assignElement(of: "order", at: i, .element("merged", i, .int32))
        ]),
        .assign("run", int("run") + int("run")),
      ]),
    ]
    let weightOf = Expression(.float64, .table(weight, at: order(int("taken"))))
    let sum = Expression.local("weight", .float64)
    let parameters: [Routine.Parameter] = [.init("x", .input(.float64))]
    guard let halfWidth else {
      add(
        Routine(
          name, comment: "The weighted median.", parameters: parameters, result: .scalar(.float64),
          body: .statements(sorting + [
            .comment("The first position at which the weights reach half of their total, which is summed in sorted order."),
            .variable("total", .float64(0)),
            .for("i", from: .int(0), to: .int(n), [
              .assign("total", .local("total", .float64) + Expression(.float64, .table(weight, at: order(i))))
            ]),
            .variable("taken", .int(0)),
            .variable("weight", .float64(0) + Expression(.float64, .table(weight, at: order(.int(0))))),
            .while(!sum.compared(.greaterOrEqual, .float64(0.5) * .local("total", .float64)), [
              .assign("taken", int("taken") + .int(1)),
              .assign("weight", sum + weightOf),
            ]),
            .return(x(order(int("taken")))),
          ])))
      return name
    }
    let body: [Statement] = sorting + [
      .comment("The first position at which the weights exceed half of their total."),
      .variable("taken", .int(0)),
      .variable("weight", .float64(0)),
      .while(
        int("taken").compared(.less, .int(n)).and(.local("weight", .float64).compared(.lessOrEqual, .float64(total / 2))),
        [
          .assign("weight", .local("weight", .float64) + Expression(.float64, .table(weight, at: order(int("taken"))))),
          .assign("taken", int("taken") + .int(1)),
        ]),
      .variable("first", int("taken") - .int(1 + halfWidth)),
      .if(int("first").compared(.less, .int(0)), [.assign("first", .int(0))], else: []),
      .variable("last", int("taken") + .int(halfWidth)),
      .if(int("last").compared(.greater, .int(n)), [.assign("last", .int(n))], else: []),
      .variable("sum", .float64(0)),
      .for("i", from: int("first"), to: int("last"), [
        .assign("sum", .local("sum", .float64) + x(order(i)))
      ]),
      .return(.local("sum", .float64) / (int("last") - int("first")).converted(to: .float64)),
    ]
    add(
      Routine(
        name, comment: "The mean of the values in a window around their weighted median.",
        parameters: parameters, result: .scalar(.float64), body: .statements(body)))
    return name
  }
}
