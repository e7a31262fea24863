import ForestIR

/// Decides what a weight file leaves open: by the caller's wish, else by what current ROOT does with the file.
enum TMVADialect {
  static func decide(
    _ method: MethodSetup, _ body: MethodBody, _ context: TMVAContext
  ) throws(ReadError) -> ForestLowering.Dialect {
    let wishes = context.options.dialects
    if wishes.isSuperset(of: [.multiclassSoftmax, .multiclassPairwise]) {
      throw context.error(
        .inconsistent, method.element, "the dialects multiclass-softmax and multiclass-pairwise exclude each other")
    }
    let isStrict = wishes.contains(.strictGreater)
    if isStrict {
      context.note(.choice, "node tests are x > cut, as asked for (dialect strict-greater)")
    } else if method.info.trainedWithStrictGreater {
      context.note(
        .choice, "trained by ROOT \(method.info.root?.name ?? ""), whose node test was x > cut; computed with x >= cut as ROOT does "
          + "since 5.34/20 and 6.02. It matters only for values equal to a cut; --dialect strict-greater gives the old test")
    }
    return ForestLowering.Dialect(
      isStrictGreater: isStrict, isSoftmax: method.analysis == .multiclass && isSoftmax(method, context))
  }

  private static func isSoftmax(_ method: MethodSetup, _ context: TMVAContext) -> Bool {
    let wishes = context.options.dialects
    let pairwise = "1 / (1 + Σ exp(t_j − t_i))"
    let softmax = "exp(t_i) / Σ exp(t_j)"
    if wishes.contains(.multiclassSoftmax) || wishes.contains(.multiclassPairwise) {
      let isSoftmax = wishes.contains(.multiclassSoftmax)
      context.note(.choice, "class probabilities are \(isSoftmax ? softmax : pairwise), as asked for")
      return isSoftmax
    }
    guard let root = method.info.root, let code = root.code else {
      context.note(
        .choice, "class probabilities are \(pairwise), the older form, since the file does not name its ROOT release; "
          + "--dialect multiclass-softmax gives the newer one")
      return false
    }
    let isSoftmax = code >= TMVARelease.root(6, 14)
    context.note(
      .choice, "class probabilities are \(isSoftmax ? softmax : pairwise), the form of the ROOT \(root.name) that wrote the file; "
        + "--dialect \(isSoftmax ? "multiclass-pairwise" : "multiclass-softmax") gives the other")
    return isSoftmax
  }
}
