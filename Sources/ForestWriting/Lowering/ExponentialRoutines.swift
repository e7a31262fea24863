import ForestIR

/// Exponentials that are defined by their operations, so that no C library has a say in them.
extension ProgramBuilder {
  /// `SingleExponential` of the IR.
  func singleExponentialRoutine() -> String {
    let name = "exponential"
    guard claim(name) else { return name }
    let x = Expression.local("x", .float32), wide = Expression.local("wide", .float64), r = Expression.local("r", .float64)
    let p = Expression.local("p", .float64), q = Expression.local("q", .float64)
    let definition = SingleExponential.self
    add(
      Routine(
        name, comment: "e^x as the C library's expf gives it: the double-precision scheme of the Arm optimized routines, to the last bit.",
        parameters: [.init("x", .scalar(.float32))], result: .scalar(.float32),
        body: .statements(
          [
            .if(.intrinsic(.isNaN, x), [.return(x)], else: []),
            .constant("wide", x.converted(to: .float64)),
            .if(wide.compared(.greater, .float64(definition.highest)), [.return(.number(.infinity, .float32))], else: []),
            .if(wide.compared(.less, .float64(definition.lowest)), [.return(.number(0, .float32))], else: []),
            .comment("Two results that the C library, with its fused operations, rounds the other way."),
          ]
            + definition.exceptions.map { exception in
              .if(wide.compared(.equal, .float64(exception.argument)), [.return(.number(exception.result, .float32))], else: [])
            }
            + [.constant("z", wide * .float64(definition.scale))]
            + nearestPower(steps: definition.steps)
            + [
              .constant("r", .local("z", .float64) - .local("n", .float64)),
              .constant("p", .float64(definition.c0) * r + .float64(definition.c1)),
              .constant("q", .float64(definition.c2) * r + .float64(1)),
              .return(((p * (r * r) + q) * .local("power", .float64)).converted(to: .float32)),
            ])))
    return name
  }

  /// `FastExponential` of the IR.
  func fastExponentialRoutine() -> String {
    let name = "fast_exponential"
    guard claim(name) else { return name }
    let x = Expression.local("x", .float64), t = Expression.local("t", .float64)
    let definition = FastExponential.self
    let y = (.float64(definition.c0) - t) * (t * t) * .float64(definition.c1) - t + .float64(1)
    add(
      Routine(
        name, comment: "A fast approximation of e^x, within about 2|x| + 4 units in the last place: the same as the trainer's.",
        parameters: [.init("x", .scalar(.float64))], result: .scalar(.float64),
        body: .statements(
          [
            .if(.intrinsic(.isNaN, x), [.return(x)], else: []),
            .if(x.compared(.lessOrEqual, .float64(definition.lowest)), [.return(.float64(0))], else: []),
            .if(x.compared(.greaterOrEqual, .float64(definition.highest)), [.return(.float64(.infinity))], else: []),
            .constant("z", x * .float64(definition.scale)),
          ] + nearestPower(steps: definition.steps) + [
            .constant("t", .local("n", .float64) * .float64(definition.inverseScale) - x),
            .constant("y", y),
            .return(.local("y", .float64) * .local("power", .float64)),
          ])))
    return name
  }

  /// Statements that make `n`, the integer nearest to `z`, and `power`, 2^(n / steps).
  private func nearestPower(steps: Int) -> [Statement] {
    let table = constants(Vector(PowersOfTwo.table(steps: steps)), .float64, named: "powers_of_two")
    let z = Expression.local("z", .float64), k = Expression.local("k", .int32), i = Expression.local("i", .int32)
    // Numbers of this size have no fraction, so adding it rounds to an integer, ties to even.
    let large = Expression.float64(0x1.8p52)
    // Division of integers is for numbers that are not negative.
    let away = 2048
    return [
      .constant("n", (z + large) - large),
      .constant("k", Expression.local("n", .float64).converted(to: .int32)),
      .constant("i", k.bits(steps - 1)),
      .constant("power", .intrinsic(
        .scaled, Expression(.float64, .table(table, at: i)),
        (k - i + .int(away * steps)) / .int(steps) - .int(away))),
    ]
  }
}
