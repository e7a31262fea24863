import ForestIR

/// The functions that compute: what is made of the leaves, and the way in from outside.
extension TMVAClassParser {
  /// `GetMvaValue__` or `GetMulticlassValues__`: which number of a leaf counts, and the formula.
  mutating func response() throws(ReadError) {
    try code.expect("\(resultType) \(model.className)::\(functionName)__(const std::vector<double>& inputValues) const {")
    if model.isMulticlass { try multiclassResponse() } else { try singleResponse() }
    // Releases before 6.14 put a semicolon behind the function.
    _ = try code.take(";")
  }

  private mutating func singleResponse() throws(ReadError) {
    try code.expect("double myMVA = 0;")
    while code.stands("if") { try preselection() }
    let hasNorm = code.takeAll("double norm = 0;")
    try code.expect("for (unsigned int itree=0; itree<fForest.size(); itree++) {")
    try descent()
    if hasNorm {
      try code.expect("myMVA += fBoostWeights[itree] * current->")
      let function = try code.word()
      switch function {
      case "GetNodeType": model.leaf = .nodeType
      case "GetPurity": model.leaf = .purity
      default: throw code.error(.unexpected, "the leaves' \(function) is averaged, not their type or purity")
      }
      try code.expect("(); norm += fBoostWeights[itree]; } return myMVA /= norm; }")
      model.formula = .weightedMean
    } else {
      try code.expect("myMVA += current->GetResponse(); } return 2.0/(1.0+exp(-2.0*myMVA))-1.0; }")
      model.leaf = .response
      model.formula = .gradient
    }
  }

  private mutating func descent() throws(ReadError) {
    let node = model.nodeName
    try code.expect(
      """
      \(node) *current = fForest[itree];
      while (current->GetNodeType() == 0) {
      if (current->GoesRight(inputValues)) current=(\(node)*)current->GetRight();
      else current=(\(node)*)current->GetLeft(); }
      """)
  }

  /// `if (inputValues[2] < 0.5) return -1;`
  private mutating func preselection() throws(ReadError) {
    try code.expect("if (inputValues[")
    let variable = try code.integer(0...model.variableCount - 1, "the variable of a preselection cut")
    try code.expect("]")
    guard code.stands("<") || code.stands(">") else { throw code.differs("`<` or `>`") }
    let comparison = code.stands("<") ? Comparison.less : .greater
    try code.advance()
    let value = try code.number().value
    try code.expect(") return")
    let answer = try code.integer(-1...1, "the answer of a preselection cut")
    try code.expect(";")
    model.preselection.append(
      TMVAClass.Preselection(variable: variable, comparison: comparison, value: value, answer: Double(answer)))
  }

  private mutating func multiclassResponse() throws(ReadError) {
    try code.expect("uint nClasses =")
    let count = try code.integer(2...1 << 12, "the number of classes")
    try code.expect(
      """
      ; std::vector<double> fMulticlassReturnVal; fMulticlassReturnVal.reserve(nClasses);
      std::vector<double> temp(nClasses); auto forestSize = fForest.size(); uint classOfTree = 0;
      for (uint itree = 0; itree < forestSize; ++itree) {
      """)
    try descent()
    try code.expect(
      """
      temp[classOfTree] += current->GetResponse(); if (++classOfTree == nClasses) classOfTree = 0; }
      std::transform(temp.begin(), temp.end(), temp.begin(), [](double d){return exp(d);});
      for (uint iClass=0; iClass<nClasses; iClass++) { double norm = 0.0;
      for (uint j=0; j<nClasses; j++) { if (iClass!=j) norm += temp[j] / temp[iClass]; }
      fMulticlassReturnVal.push_back(1.0/(1.0+norm)); }
      return fMulticlassReturnVal; }
      """)
    model.leaf = .response
    model.formula = .multiclass(count)
  }

  /// The public function: it looks after the state of the class, transforms, and asks the function above.
  mutating func door() throws(ReadError) {
    _ = try code.take("inline")
    let initial = model.isMulticlass ? "std::vector<double> retval;" : "double retval = 0;"
    try code.expect(
      """
      \(resultType) \(model.className)::\(functionName)(const std::vector<double>& inputValues) const { \(initial)
      if (!IsStatusClean()) { std::cout << "" << fClassName << "" << "" << std::endl;
      """)
    if !model.isMulticlass { _ = code.takeAll("retval = 0;") }
    try code.expect("} else {")
    if isNormalisedFlagPresent {
      try code.expect("if (IsNormalised()) { std::vector<double> iV;")
      _ = code.takeAll("iV.reserve(inputValues.size());")
      try code.expect("int ivar = 0; \(Self.loopOverInputs) iV.push_back(NormVariable(*varIt, fVmin[ivar], fVmax[ivar])); }")
      if model.hasTransformations { try code.expect("Transform(iV, -1);") }
      try code.expect("retval = \(functionName)__(iV); } else {")
      try call()
      try code.expect("}")
    } else {
      try call()
    }
    try code.expect("} return retval; }")
  }

  private static let loopOverInputs = """
    for (std::vector<double>::const_iterator varIt = inputValues.begin(); varIt != inputValues.end(); varIt++, ivar++) {
    """

  private mutating func call() throws(ReadError) {
    guard model.hasTransformations else { return try code.expect("retval = \(functionName)__(inputValues);") }
    if !code.takeAll("std::vector<double> iV(inputValues);") {
      try code.expect("std::vector<double> iV;")
      _ = code.takeAll("iV.reserve(inputValues.size());")
      try code.expect("int ivar = 0; \(Self.loopOverInputs) iV.push_back(*varIt); }")
    }
    try code.expect("Transform(iV, -1); retval = \(functionName)__(iV);")
  }
}
